"""Meetings that are held on a page of the practice's own (VDX-API: customPortalGuest, customPortalHost)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rooms import access, services
from rooms.enums import CloseReason
from rooms.models import Room, Seat
from rooms.services import RoomAddress
from tests.factories.booking import book_meeting
from tests.factories.rooms import RoomFactory, SeatFactory
from tests.rooms.views.test_host import login
from vdx.lib import clock, ids

pytestmark = pytest.mark.django_db

GUEST = "https://portal.example.dk/?conference=%uri-with-domain%&pin=%pin%"
HOST = "https://portal.example.dk/host/%uri-with-domain%/%pin%"
ADDRESS = RoomAddress("1234@rum.example.dk", "1234", "rum.example.dk")


def room(**members: Any) -> Room:
    portals = {"custom_portal_guest": GUEST, "custom_portal_host": HOST, "host_pin": 87654, "address": ADDRESS}
    return RoomFactory(**{**portals, **members})


@pytest.mark.parametrize(("pin", "written"), [(None, ""), (4321, "4321")])
def test_a_guest_is_led_to_it(client: Client, pin: int | None, written: str) -> None:
    answer = client.get(f"/m/{room(guest_pin=pin).short_id}")
    assert answer.status_code == 302
    assert answer["Location"] == f"https://portal.example.dk/?conference=1234@rum.example.dk&pin={written}"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert access.SEAT_COOKIE not in answer.cookies


def test_it_may_lead_back(client: Client) -> None:
    answer = client.get(f"/m/{room().short_id}?rum")
    assert (answer.status_code, answer.templates[0].name) == (200, "rooms/room.html")


def test_before_and_after_the_hubs_own_page_says_so(client: Client) -> None:
    early = room(starts_at=clock.now() + timedelta(hours=2))
    assert client.get(f"/m/{early.short_id}").templates[0].name == "rooms/not_open.html"
    late = room(address=None)
    services.close_room(room_id=late.pk, reason=CloseReason.ENDED, now=clock.now())
    assert client.get(f"/m/{late.short_id}").status_code == 410


def test_who_has_a_seat_keeps_it(client: Client) -> None:
    token, here = ids.token(), room()
    SeatFactory(room=here, token=token)
    client.cookies[access.SEAT_COOKIE] = token
    assert client.get(f"/m/{here.short_id}").status_code == 200


def test_a_host_is_shown_the_way(client: Client) -> None:
    here = room()
    login(client, organisation=here.organisation)
    assert client.get(f"/m/{here.short_id}").status_code == 200
    answer = client.post(f"/m/{here.short_id}/vaert")
    assert 'href="https://portal.example.dk/host/1234@rum.example.dk/87654"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert Seat.objects.count() == 0


def test_a_host_without_a_login_shows_the_pin_first(client: Client) -> None:
    address = f"/m/{room().short_id}/vaert"
    for answer in (client.get(address), client.post(address, {"pin": "87655"})):
        assert "portal.example.dk" not in answer.content.decode()
    assert "portal.example.dk/host/" in client.post(address, {"pin": "87654"}).content.decode()


@pytest.mark.parametrize(
    "typed", ["custom.portal/guest", "javascript:alert(1)", "https://testserver/m/%pin%", "", None]
)
def test_what_leads_nowhere_or_round_in_a_circle_is_left_out(client: Client, settings: Any, typed: str | None) -> None:
    settings.VDX_PUBLIC_URL = "https://testserver"
    here = room(custom_portal_guest=typed, custom_portal_host=typed)
    assert client.get(f"/m/{here.short_id}").status_code == 200
    assert client.post(f"/m/{here.short_id}/vaert", {"pin": "87654"}).status_code == 302


def test_a_test_call_stays_in_the_hub(client: Client) -> None:
    meeting = book_meeting(start=clock.now(), is_test=True)
    Room.objects.filter(pk=meeting.room_id).update(custom_portal_guest=GUEST)
    assert client.get(f"/m/{meeting.short_id}").status_code == 200
