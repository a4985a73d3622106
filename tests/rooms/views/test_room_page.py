"""The room's page, whoever asks and whenever."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from rooms import services
from rooms.enums import CloseReason, DeviceKind
from rooms.models import Room, Seat, Visit
from rooms.rules.waiting import DELAYS, is_delay
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from vdx.lib import clock, ids

pytestmark = pytest.mark.django_db


def data_of(response: Any) -> dict[str, Any]:
    page = response.content.decode()
    found = re.search(r'<script id="room-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def test_a_stranger_with_the_link_sees_what_a_patient_needs(client: Client) -> None:
    room = RoomFactory(organisation__name="Lægehuset Nord")
    response = client.get(f"/m/{room.short_id}")
    assert response.status_code == 200
    data = data_of(response)
    assert data | {"opensAt": "", "startsAt": "", "endsAt": "", "closesAt": ""} == {
        "role": None,
        "state": None,
        "roomState": "open",
        "opensAt": "",
        "startsAt": "",
        "endsAt": "",
        "closesAt": "",
        "code": room.short_id,
        "spokenCode": ids.spoken_short_id(room.short_id or ""),
        "shortLink": None,
        "openLink": f"http://localhost:8000/m/{room.short_id}",
        "publicHost": "localhost:8000",
        "practiceName": "Lægehuset Nord",
        "practicePhone": "00 00 00 01",
        "doctorName": "Lise Holm",
        "hasSeat": False,
        "seatConnectedElsewhere": False,
        "needsPin": False,
        "isHost": False,
        "mayHost": False,
        "sentences": [],
        "delays": [],
        "verdicts": [],
        "startsMuted": False,
        "mayPresent": True,
        "pushKey": settings.VDX_VAPID_PUBLIC_KEY,
        "urls": {
            "socket": f"/m/{room.short_id}/ws",
            "knock": f"/m/{room.short_id}/bank",
            "host": f"/m/{room.short_id}/vaert",
            "after": f"/m/{room.short_id}/tak",
            "trouble": f"/m/{room.short_id}/trouble",
            "test": f"/m/{room.short_id}/test",
            "ringMe": f"/m/{room.short_id}/ring-mig",
            "worker": "/sw.js",
            "onTelephone": f"/m/{room.short_id}/tak",
            "front": "/",
            "move": None,
            "qr": None,
            "next": None,
        },
        "userName": None,
        "via": "",
    }
    assert data["startsAt"].endswith("Z")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    cookie = client.cookies["vdx_visitor"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_looking_changes_nothing(client: Client) -> None:
    room = RoomFactory()
    before = list(Room.objects.values())
    for path in ("", "/tak", "/vaert", "/bank", "/qr.svg"):
        client.get(f"/m/{room.short_id}{path}")
    assert list(Room.objects.values()) == before
    assert (Seat.objects.count(), Visit.objects.count()) == (0, 0)


def test_a_guest_with_a_seat(client: Client) -> None:
    room = RoomFactory(guest_pin=4711)
    seat = SeatFactory(room=room, token="secret")
    client.cookies["vdx_seat"] = "secret"
    data = data_of(client.get(f"/m/{room.short_id}?via=minlaege"))
    assert (data["role"], data["state"], data["hasSeat"], data["needsPin"]) == ("guest", "waiting", True, False)
    assert (data["seatConnectedElsewhere"], data["via"]) == (False, "minlaege")
    visit(seat, clock.now(), None)
    assert data_of(client.get(f"/m/{room.short_id}"))["seatConnectedElsewhere"] is True
    Visit.objects.update(seen_at=clock.now() - timedelta(seconds=30))
    assert data_of(client.get(f"/m/{room.short_id}"))["seatConnectedElsewhere"] is False


def test_the_host_has_the_link_to_hand_on(client: Client) -> None:
    room = RoomFactory()
    doctor = MembershipFactory(organisation=room.organisation, user__name="Ole Bro").user
    SeatFactory(room=room, host=True, user=doctor, token="secret")
    client.cookies["vdx_seat"] = "secret"
    data = data_of(client.get(f"/m/{room.short_id}"))
    assert data["shortLink"] == f"http://localhost:8000/m/{room.short_id}"
    assert (data["isHost"], data["userName"]) == (True, "Ole Bro")
    assert data["urls"]["after"] == f"/m/{room.short_id}/postkort"
    assert data["urls"]["qr"] == f"/m/{room.short_id}/qr.svg"


def test_the_host_reads_the_pin_that_the_patient_is_asked_for_and_nobody_else_does(client: Client) -> None:
    room = RoomFactory()
    Room.objects.update(guest_pin=48213)
    assert "48213" not in client.get(f"/m/{room.short_id}").content.decode()
    SeatFactory(room=room, admitted=True, token="guest")
    client.cookies["vdx_seat"] = "guest"
    assert "48213" not in client.get(f"/m/{room.short_id}").content.decode()
    SeatFactory(room=room, host=True, token="host")
    client.cookies["vdx_seat"] = "host"
    page = client.get(f"/m/{room.short_id}").content.decode()
    assert 'id="invite-pin">48213<' in page
    Room.objects.update(guest_pin=None)
    assert "invite-pin" not in client.get(f"/m/{room.short_id}").content.decode()


def test_the_host_says_with_one_tap_at_the_door_how_late_this_one_consultation_gets(client: Client) -> None:
    room = RoomFactory()
    assert "data-delay" not in client.get(f"/m/{room.short_id}").content.decode()
    SeatFactory(room=room, host=True, token="host")
    client.cookies["vdx_seat"] = "host"
    page = client.get(f"/m/{room.short_id}").content.decode()
    assert re.findall(r'data-delay="(\d+)"', page) == ["5", "10", "15", "20", "0"]
    assert "Lægen er ca. 5 minutter forsinket." in page
    assert "Lægen er ikke forsinket længere." in page
    assert all(is_delay(minutes) for minutes in DELAYS)


def test_a_login_that_may_host_is_told_so(client: Client) -> None:
    room = RoomFactory()
    doctor, stranger = MembershipFactory(organisation=room.organisation).user, MembershipFactory().user
    client.login(email=doctor.email, password=PASSWORD)
    assert data_of(client.get(f"/m/{room.short_id}"))["mayHost"] is True
    client.login(email=stranger.email, password=PASSWORD)
    assert data_of(client.get(f"/m/{room.short_id}"))["mayHost"] is False


def test_a_pin_is_asked_for_before_knocking(client: Client) -> None:
    room = RoomFactory(guest_pin=4711)
    response = client.get(f"/m/{room.short_id}")
    assert data_of(response)["needsPin"] is True
    assert "4711" not in response.content.decode()


def test_a_code_typed_another_way_leads_to_the_one_address(client: Client) -> None:
    room = RoomFactory(now=clock.now())
    Room.objects.update(short_id="0123456789ab")
    for typed in ("0123-4567-89ab", "O1234567B9AB".replace("B9AB", "89AB"), "0L23-4567-89AB", "0123 4567 89ab"):
        response = client.get(f"/m/{typed}?via=minlaege")
        assert (response.status_code, response["Location"]) == (302, "/m/0123456789ab?via=minlaege")
        assert client.get(f"/m/{typed}/tak")["Location"] == "/m/0123456789ab/tak"
    assert room.pk


@pytest.mark.parametrize("code", ["000000000000", "abc", "hvad-er-det"])
def test_an_unknown_code_is_said_kindly_and_stays_in_the_field(client: Client, code: str) -> None:
    response = client.get(f"/m/{code}")
    assert response.status_code == 404
    page = response.content.decode()
    assert f'value="{code}"' in page
    assert "Se efter i beskeden" in page


def test_before_it_opens_the_page_says_when(client: Client) -> None:
    room = RoomFactory(starts_at=clock.now() + timedelta(hours=3))
    response = client.get(f"/m/{room.short_id}")
    assert response.status_code == 200
    assert data_of(response)["roomState"] == "before"
    opens = clock.local(room.opens_at)
    assert f"{opens:%H.%M}" in response.content.decode()


@pytest.mark.parametrize("swept", [True, False])
def test_after_it_closed_the_page_says_so_kindly(client: Client, swept: bool) -> None:
    room = RoomFactory(starts_at=clock.now() - timedelta(hours=3))
    if swept:
        services.close_room(room_id=room.pk, reason=CloseReason.EXPIRED, now=clock.now())
    response = client.get(f"/m/{room.short_id}")
    assert response.status_code == 410
    assert "00 00 00 01" in response.content.decode()


def test_the_thank_you_page_has_a_way_back_while_the_room_is_open(client: Client) -> None:
    room = RoomFactory()
    back = f'href="/m/{room.short_id}"'
    assert back in client.get(f"/m/{room.short_id}/tak").content.decode()
    services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=clock.now())
    response = client.get(f"/m/{room.short_id}/tak")
    assert response.status_code == 200
    assert back not in response.content.decode()


def test_the_qr_code_is_the_hosts(client: Client) -> None:
    room = RoomFactory()
    address = f"/m/{room.short_id}/qr.svg"
    assert client.get(address).status_code == 403
    SeatFactory(room=room, token="guest", admitted=True)
    client.cookies["vdx_seat"] = "guest"
    assert client.get(address).status_code == 403
    SeatFactory(room=room, token="host", host=True)
    client.cookies["vdx_seat"] = "host"
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert b"style=" not in response.content


@pytest.mark.parametrize("seats", [1, 3])
def test_the_page_asks_the_same_of_the_database_whoever_waits(
    client: Client, seats: int, django_assert_max_num_queries: Any
) -> None:
    room = RoomFactory()
    for seat in SeatFactory.create_batch(seats, room=room, device_kind=DeviceKind.BROWSER):
        visit(seat, clock.now(), None)
    SeatFactory(room=room, token="mine")
    client.cookies["vdx_seat"] = "mine"
    with django_assert_max_num_queries(3):
        client.get(f"/m/{room.short_id}")


def test_a_page_whose_script_never_comes_says_so_by_its_style_sheet_alone(client: Client) -> None:
    room = RoomFactory()
    page = client.get(f"/m/{room.short_id}?via=minlaege").content.decode()
    late = page.split('id="late"')[1].split("<noscript>")[0]
    assert f'href="/m/{room.short_id}?via=minlaege"' in late
    assert "Genindlæs siden" in late
    style = (settings.BASE_DIR / "static" / "css" / "room.css").read_text()
    assert re.search(r"\.loading__late \{ visibility: hidden; .*animation: loading-late 0s 10s forwards; \}", style)


def screens(client: Client, room: Room) -> list[str]:
    """The screens that are shown before any script is there."""
    page = client.get(f"/m/{room.short_id}").content.decode()
    found = re.findall(r'id="screen-([a-z]+)" data-screen([^>]*)>', page)
    return [name for name, attributes in found if "hidden" not in attributes]


def test_a_patient_is_asked_for_the_name_before_any_script_has_come(client: Client) -> None:
    room = RoomFactory()
    assert screens(client, room) == ["arrival"]
    # What is pressed before that is nothing: a form of its own accord would end in the hub's answer to the script.
    assert re.search(r'id="knock-button" disabled', client.get(f"/m/{room.short_id}").content.decode())


def scripts(client: Client, room: Room) -> tuple[set[str], str]:
    """What the page fetches as scripts, and what the door's script fetches when the page is on the screen."""
    page = client.get(f"/m/{room.short_id}").content.decode()
    [later] = re.findall(r'id="door-script"(?: data-then="([^"]+)")?>', page)
    return {address.rpartition("/")[2] for address in re.findall(r'<script[^>]* src="([^"]+)"', page)}, later


def test_the_calls_script_comes_once_the_question_is_on_the_screen(client: Client) -> None:
    room = RoomFactory()
    assert scripts(client, room) == ({"door.js", "browser.js"}, "/static/js/pages/room.js")
    SeatFactory(room=room, token="mine")
    client.cookies["vdx_seat"] = "mine"
    assert scripts(client, room) == ({"door.js", "browser.js", "room.js"}, "")


def test_the_letters_of_the_question_are_asked_for_with_its_sheet(client: Client) -> None:
    page = client.get(f"/m/{RoomFactory().short_id}").content.decode()
    sheet = (settings.BASE_DIR / "static/vendor/dkfds/css/dkfds.css").read_text()
    fonts = re.findall(r'<link rel="preload" as="font" [^>]*href="/static/vendor/dkfds/fonts/([^"]+)"', page)
    assert len(fonts) == 2
    for font in fonts:
        assert f'url("../fonts/{font}")' in sheet


def test_whoever_has_been_in_the_room_sees_no_question_that_is_answered(client: Client) -> None:
    room = RoomFactory()
    SeatFactory(room=room, token="mine")
    client.cookies["vdx_seat"] = "mine"
    assert screens(client, room) == ["loading"]


def test_a_doctor_who_is_logged_in_is_not_asked_as_a_patient(client: Client) -> None:
    room = RoomFactory()
    doctor = MembershipFactory(organisation=room.organisation).user
    client.login(email=doctor.email, password=PASSWORD)
    assert screens(client, room) == ["loading"]
