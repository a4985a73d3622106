"""What a booking by API asks of the room, in the page's data."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from booking.enums import GuestMicrophone
from rooms import access, services
from rooms.enums import CloseReason
from rooms.models import Room
from tests.factories.booking import book_meeting
from tests.factories.rooms import RoomFactory, SeatFactory
from tests.rooms.views.test_room_page import data_of
from vdx.lib import clock, ids

pytestmark = pytest.mark.django_db


def page_of(room: Room, *, host: bool = False) -> dict[str, Any]:
    token = ids.token()
    SeatFactory(room=room, token=token, host=host, admitted=not host)
    client = Client()
    client.cookies[access.SEAT_COOKIE] = token
    return data_of(client.get(f"/m/{room.short_id}"))


@pytest.mark.parametrize("asked", GuestMicrophone)
def test_guests_begin_as_the_meeting_says(asked: GuestMicrophone) -> None:
    meeting = book_meeting(start=clock.now(), guest_microphone=asked)
    assert page_of(meeting.room)["startsMuted"] is (asked != GuestMicrophone.ON)
    assert page_of(meeting.room, host=True)["startsMuted"] is False


def test_all_guests_muted() -> None:
    room = RoomFactory(mute_all_guests=True)
    assert (page_of(room)["startsMuted"], page_of(room, host=True)["startsMuted"]) == (True, False)


@pytest.mark.parametrize("allowed", [True, False])
def test_who_may_share_a_screen(allowed: bool) -> None:
    room = RoomFactory(guests_can_present=allowed)
    assert (page_of(room)["mayPresent"], page_of(room, host=True)["mayPresent"]) == (allowed, True)


def test_guests_go_to_the_bookings_address_after_the_meeting_and_hosts_say_how_it_went() -> None:
    room = RoomFactory(return_url="https://journal.example.dk/tak")
    assert page_of(room)["urls"]["after"] == "https://journal.example.dk/tak"
    assert page_of(room)["urls"]["onTelephone"] == f"/m/{room.short_id}/tak", "where it says that the doctor will ring"
    assert page_of(room, host=True)["urls"]["after"].startswith(("/m/", "/portal/"))
    odd = RoomFactory(return_url="javascript:alert(1)")
    assert page_of(odd)["urls"]["after"] == f"/m/{odd.short_id}/tak"


@pytest.mark.parametrize(
    ("wanted", "reason", "host", "led_on"),
    [
        ("https://journal.example.dk/tak?a=1&b=2", CloseReason.ENDED, False, True),
        ("https://journal.example.dk/tak", CloseReason.EXPIRED, False, True),
        ("https://journal.example.dk/tak", CloseReason.TELEPHONE, False, False),
        ("https://journal.example.dk/tak", CloseReason.ENDED, True, False),
        ("javascript:alert(1)", CloseReason.ENDED, False, False),
        (None, CloseReason.ENDED, False, False),
    ],
)
def test_a_closed_room_leads_guests_on_to_the_bookings_address(
    wanted: str | None, reason: CloseReason, host: bool, led_on: bool
) -> None:
    room, token = RoomFactory(return_url=wanted), ids.token()
    SeatFactory(room=room, token=token, host=host, admitted=not host)
    services.close_room(room_id=room.pk, reason=reason, now=clock.now())
    client = Client()
    client.cookies[access.SEAT_COOKIE] = token
    answer = client.get(f"/m/{room.short_id}")
    assert answer.status_code == 410
    assertion = assertContains if led_on else assertNotContains
    assertion(answer, "Gå videre", status_code=410)
    if led_on:
        assertContains(answer, f'href="{escape(wanted)}"', status_code=410)
    else:
        assertNotContains(answer, "javascript:", status_code=410)
