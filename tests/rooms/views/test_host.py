"""The host's entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rooms import services
from rooms.enums import CloseReason, SeatRole, SeatState
from rooms.models import Seat
from tests.factories.accounts import PASSWORD, MembershipFactory, OrganisationFactory
from tests.factories.rooms import RoomFactory
from vdx.accounts.enums import Role
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def login(client: Client, **membership: Any) -> Any:
    user = MembershipFactory(**membership).user
    assert client.login(email=user.email, password=PASSWORD)
    return user


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY])
def test_a_login_that_may_host_presses_one_button(client: Client, role: Role) -> None:
    room = RoomFactory()
    user = login(client, organisation=room.organisation, role=role)
    page = client.get(f"/m/{room.short_id}/vaert")
    assert page.status_code == 200
    assert 'name="pin"' not in page.content.decode()
    assert Seat.objects.count() == 0

    response = client.post(f"/m/{room.short_id}/vaert")
    assert (response.status_code, response["Location"]) == (302, f"/m/{room.short_id}")
    seat = Seat.objects.get()
    assert (seat.role, seat.state, seat.user) == (SeatRole.HOST, SeatState.ADMITTED, user)
    assert client.get(f"/m/{room.short_id}").context["data"]["isHost"] is True


def test_a_pin_opens_for_whoever_has_no_login(client: Client) -> None:
    room = RoomFactory(host_pin=4711)
    address = f"/m/{room.short_id}/vaert"
    assert 'name="pin"' in client.get(address).content.decode()
    wrong = client.post(address, {"pin": "4712"})
    assert wrong.status_code == 403
    assert "Pinkoden passer ikke" in wrong.content.decode()
    assert client.post(address, {}).status_code == 400
    assert Seat.objects.count() == 0
    assert client.post(address, {"pin": "4711"}).status_code == 302
    assert (Seat.objects.get().role, Seat.objects.get().user) == (SeatRole.HOST, None)


@pytest.mark.usefixtures("clock_stands")
def test_guessing_the_pin_is_slowed(client: Client) -> None:
    room = RoomFactory(host_pin=4711)
    address = f"/m/{room.short_id}/vaert"
    client.get(address)
    for _ in range(5):
        client.post(address, {"pin": "1"})
    assert client.post(address, {"pin": "4711"}).status_code == 429
    assert Seat.objects.count() == 0


def test_without_pin_and_login_the_door_is_shut(client: Client) -> None:
    room = RoomFactory()
    address = f"/m/{room.short_id}/vaert"
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"/konto/log-ind?next={address}")
    assert client.post(address, {"pin": ""}).status_code == 403
    assert client.post(address, {"pin": "None"}).status_code == 403
    assert Seat.objects.count() == 0


def test_a_login_from_elsewhere_is_a_stranger(client: Client) -> None:
    room = RoomFactory()
    for membership in (
        {},
        {"organisation": OrganisationFactory(parent=room.organisation)},
        {"organisation": room.organisation, "role": Role.RESEARCHER},
    ):
        login(client, **membership)
        assert client.get(f"/m/{room.short_id}/vaert").status_code == 403
        assert client.post(f"/m/{room.short_id}/vaert").status_code == 403
    assert Seat.objects.count() == 0


def test_a_login_that_owes_the_second_factor_is_not_a_host_yet(client: Client) -> None:
    room = RoomFactory(organisation__doctors_need_second_factor=True)
    login(client, organisation=room.organisation)
    assert client.post(f"/m/{room.short_id}/vaert").status_code == 403
    assert Seat.objects.count() == 0


def test_no_address_makes_a_host(client: Client) -> None:
    room = RoomFactory(host_pin=4711)
    for address in (f"/m/{room.short_id}/vaert?pin=4711", f"/m/{room.short_id}?pin=4711&vaert=1"):
        client.get(address)
    assert Seat.objects.count() == 0


def test_outside_the_window_nobody_hosts(client: Client) -> None:
    early = RoomFactory(starts_at=clock.now() + timedelta(hours=2), host_pin=4711)
    late = RoomFactory(host_pin=4711)
    services.close_room(room_id=late.pk, reason=CloseReason.ENDED, now=clock.now())
    assert client.post(f"/m/{early.short_id}/vaert", {"pin": "4711"}).status_code == 200
    assert client.post(f"/m/{late.short_id}/vaert", {"pin": "4711"}).status_code == 410
    assert Seat.objects.count() == 0
