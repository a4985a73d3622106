"""Åbn i browseren: the link by which a seat goes on outside the app."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rooms import services
from rooms.enums import CloseReason, DeviceKind
from rooms.models import Room, Seat
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.rooms import RoomFactory, SeatFactory
from vdx.lib import clock

pytestmark = pytest.mark.django_db

APP = {"user-agent": "Mozilla/5.0 MinLaege/3"}


def post(client: Client, room: Room, path: str, body: object = None, **headers: str) -> Any:
    return client.post(
        f"/m/{room.short_id}/{path}",
        body or {},
        content_type="application/json",
        headers={"accept": "application/json", **headers},
    )


def in_app(room: Room) -> Client:
    """A patient in the app, who has knocked."""
    app = Client(headers=APP)
    assert post(app, room, "bank").status_code == 200
    return app


def secret_for(app: Client, room: Room) -> str:
    address = post(app, room, "flyt").json()["address"]
    start, mark, secret = address.partition("#flyt=")
    assert (start, mark) == (f"http://localhost:8000/m/{room.short_id}", "#flyt=")
    assert len(secret) == 43
    return str(secret)


def test_the_browser_goes_on_with_the_apps_seat_and_asks_for_no_pin(client: Client) -> None:
    room = RoomFactory(guest_pin=4711)
    app = Client(headers=APP)
    post(app, room, "bank", {"pin": "4711"})
    Seat.objects.update(state="admitted", admitted_at=clock.now())
    response = post(client, room, "bank", {"move": secret_for(app, room)})
    seat = Seat.objects.get()
    assert (response.status_code, response.json()) == (200, {"seat": seat.key, "state": "admitted"})
    assert seat.device_kind == DeviceKind.APP
    assert client.get(f"/m/{room.short_id}").context["data"]["state"] == "admitted"
    assert app.get(f"/m/{room.short_id}").context["data"]["hasSeat"] is False
    assert post(app, room, "flyt").status_code == 404


def test_a_link_that_was_used_says_what_to_do(client: Client) -> None:
    room = RoomFactory()
    secret = secret_for(in_app(room), room)
    assert post(client, room, "bank", {"move": secret}).status_code == 200
    response = post(Client(), room, "bank", {"move": secret})
    assert (response.status_code, response.json()["error"]) == (404, "move_gone")
    assert "bank på" in response.json()["message"]
    assert Seat.objects.count() == 1


@pytest.mark.parametrize("secret", ["", "wrong", 7, [], {}, "æ" * 200])
def test_nonsense_opens_nothing(client: Client, secret: object) -> None:
    room = RoomFactory()
    in_app(room)
    response = post(client, room, "bank", {"move": secret})
    assert (response.status_code, response.json()["error"]) == (404, "move_gone")
    assert "vdx_seat" not in client.cookies


@pytest.mark.usefixtures("clock_stands")
def test_guessing_is_slowed_and_nobody_else_is_held_up(client: Client) -> None:
    room = RoomFactory()
    secret = secret_for(in_app(room), room)
    client.get(f"/m/{room.short_id}")
    for _ in range(5):
        post(client, room, "bank", {"move": "wrong"})
    response = post(client, room, "bank", {"move": secret})
    assert (response.status_code, response.json()["error"]) == (429, "throttled")
    assert post(Client(), room, "bank", {"move": secret}).status_code == 200


def test_a_stranger_without_a_seat_here_gets_no_link(client: Client) -> None:
    room = RoomFactory()
    elsewhere = SeatFactory(token="elsewhere")
    for token in (None, "nonsense", "elsewhere"):
        if token:
            client.cookies["vdx_seat"] = token
        response = post(client, room, "flyt")
        assert (response.status_code, response.json()["error"]) == (404, "not_there")
    assert elsewhere.room != room


def test_only_by_post_and_only_from_our_own_pages() -> None:
    room = RoomFactory()
    strict = Client(enforce_csrf_checks=True)
    seat = SeatFactory(room=room, token="mine")
    strict.cookies["vdx_seat"] = "mine"
    assert strict.get(f"/m/{room.short_id}/flyt").status_code == 405
    assert post(strict, room, "flyt").status_code == 403
    secret = services.offer_move(seat_id=seat.pk, now=clock.now())
    assert post(strict, room, "bank", {"move": secret}).status_code == 403
    strict.get(f"/m/{room.short_id}")
    token = strict.cookies["csrftoken"].value
    assert post(strict, room, "flyt", **{"x-csrftoken": token}).status_code == 200


def test_a_closed_room_gives_no_link() -> None:
    room = RoomFactory()
    app = in_app(room)
    services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=clock.now())
    assert post(app, room, "flyt").status_code == 410


def test_the_button_stands_in_the_app_and_nowhere_else() -> None:
    room = RoomFactory()
    address = f"/m/{room.short_id}"
    for client, path, shown in [
        (Client(headers=APP), address, True),
        (Client(), f"{address}?via=minlaege", True),
        (Client(), address, False),
        (Client(), f"{address}?via=elsewhere", False),
    ]:
        response = client.get(path)
        assert (response.context["data"]["urls"]["move"] is not None) is shown
        assert ("data-move" in response.content.decode()) is shown


def test_a_host_in_the_app_has_no_such_button() -> None:
    room = RoomFactory()
    doctor = MembershipFactory(organisation=room.organisation).user
    client = Client(headers=APP)
    client.login(email=doctor.email, password=PASSWORD)
    client.post(f"/m/{room.short_id}/vaert")
    assert client.get(f"/m/{room.short_id}").context["data"]["urls"]["move"] is None
    assert post(client, room, "flyt").status_code == 404
