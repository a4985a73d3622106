"""What a booking by API asks of the room, in the page's data."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from booking.enums import GuestMicrophone
from rooms import access
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
