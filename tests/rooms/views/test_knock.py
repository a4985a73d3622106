"""Bank på: POST with JSON, answered with JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rooms import services
from rooms.enums import CloseReason, DeviceKind
from rooms.models import Room, Seat
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def knock(client: Client, room: Room, body: object = None, **headers: Any) -> Any:
    return client.post(
        f"/m/{room.short_id}/bank",
        data=body if body is not None else {},
        content_type="application/json",
        headers={"accept": "application/json", **headers},
    )


def test_a_guest_gets_a_seat_and_its_cookie(client: Client) -> None:
    room = RoomFactory()
    response = knock(client, room)
    seat = Seat.objects.get()
    assert (response.status_code, response.json()) == (200, {"seat": seat.key, "state": "waiting"})
    assert client.cookies["vdx_seat"]["path"] == f"/m/{room.short_id}"
    # Twice is once.
    assert knock(client, room).json()["seat"] == seat.key
    assert Seat.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "user_agent", "kind"),
    [
        ({}, "Mozilla/5.0", DeviceKind.BROWSER),
        ({"via": "minlaege"}, "Mozilla/5.0", DeviceKind.APP),
        ({"via": "elsewhere"}, "Mozilla/5.0", DeviceKind.BROWSER),
        ({"via": None}, "Mozilla/5.0 MinLaege/3", DeviceKind.APP),
    ],
)
def test_only_the_kind_of_device_is_kept(client: Client, body: object, user_agent: str, kind: DeviceKind) -> None:
    knock(client, RoomFactory(), body, **{"user-agent": user_agent})
    seat = Seat.objects.get()
    assert seat.device_kind == kind
    assert "Mozilla" not in str(Seat.objects.values().get())


def test_the_pin_is_asked_of_whoever_has_no_seat(client: Client) -> None:
    room = RoomFactory(guest_pin=4711)
    for body in ({}, {"pin": "4712"}):
        response = knock(client, room, body)
        assert (response.status_code, response.json()["error"]) == (403, "wrong_pin")
    assert Seat.objects.count() == 0
    assert knock(client, room, {"pin": "4711"}).status_code == 200
    assert knock(client, room).status_code == 200


@pytest.mark.usefixtures("clock_stands")
def test_guessing_the_pin_is_slowed(client: Client) -> None:
    room = RoomFactory(guest_pin=4711)
    client.get(f"/m/{room.short_id}")
    for _ in range(5):
        knock(client, room, {"pin": "1"})
    response = knock(client, room, {"pin": "4711"})
    assert (response.status_code, response.json()["error"]) == (429, "throttled")
    assert "Vent" in response.json()["message"]


def test_who_has_no_cookie_yet_is_not_held_up_by_others_at_the_same_address() -> None:
    room = RoomFactory(guest_pin=4711)
    for _ in range(8):
        knock(Client(), room, {"pin": "1"})
    assert knock(Client(), room, {"pin": "4711"}).status_code == 200


def test_refusals_are_sentences(client: Client) -> None:
    now = clock.now()
    full = RoomFactory(max_participants=1)
    visit(SeatFactory(room=full, admitted=True), now, None)
    closed = RoomFactory()
    services.close_room(room_id=closed.pk, reason=CloseReason.ENDED, now=now)
    for room, status, code in [
        (full, 409, "full"),
        (closed, 410, "closed"),
        (RoomFactory(starts_at=now - timedelta(hours=2)), 410, "closed"),
        (RoomFactory(starts_at=now + timedelta(hours=2)), 409, "not_open"),
    ]:
        response = knock(client, room)
        assert (response.status_code, response.json()["error"]) == (status, code)
        assert response.json()["message"].endswith(".")


@pytest.mark.parametrize("body", ["{", "[]", "7", "[" * 1500, '{"pin":"' + "1" * 2000 + '"}'])
def test_nonsense_is_refused(client: Client, body: str) -> None:
    response = knock(client, RoomFactory(), body)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_input")


def test_only_by_post_and_only_from_our_own_pages() -> None:
    room = RoomFactory()
    assert Client().get(f"/m/{room.short_id}/bank").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert knock(strict, room).status_code == 403
    assert Seat.objects.count() == 0


def test_an_unknown_code(client: Client) -> None:
    RoomFactory()
    response = client.post(
        "/m/000000000000/bank", {}, content_type="application/json", headers={"accept": "application/json"}
    )
    assert (response.status_code, response.json()["error"]) == (404, "unknown_code")
