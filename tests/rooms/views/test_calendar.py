"""The patient's own calendar: when and where, and nothing about the patient."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from rooms import services
from rooms.enums import CloseReason
from rooms.models import Room
from tests.factories.rooms import RoomFactory
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def tomorrow(**also) -> Room:
    return RoomFactory(starts_at=clock.now().replace(microsecond=0) + timedelta(days=1), **also)


def event_of(client: Client, room: Room):
    answer = client.get(f"/m/{room.short_id}/kalender.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="videokonsultation.ics"'
    assert "no-store" in answer["Cache-Control"]
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    return event


def test_it_has_the_time_the_practice_and_the_link(client: Client) -> None:
    room = tomorrow(organisation__name="Lægehuset Nord", guest_pin=4711)
    event = event_of(client, room)
    link = f"http://localhost:8000/m/{room.short_id}"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (room.starts_at, room.ends_at)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Videokonsultation", "Lægehuset Nord")
    assert (str(event["URL"]), link in str(event["DESCRIPTION"])) == (link, True)
    assert str(event["CLASS"]) == "PRIVATE"
    text = event.to_ical().decode()
    for secret in ("4711", "Lise Holm", str(room.uuid)):
        assert secret not in text


def test_the_same_meeting_keeps_its_place_in_the_calendar_when_it_is_moved(client: Client) -> None:
    room = tomorrow()
    Room.objects.filter(pk=room.pk).update(created_time=clock.now() - timedelta(hours=1))
    first = event_of(client, room)
    start = clock.now() + timedelta(days=3)
    services.schedule_room(room_id=room.pk, starts_at=start, ends_at=start + timedelta(minutes=5), now=clock.now())
    Room.objects.filter(pk=room.pk).update(created_time=clock.now() - timedelta(hours=2))
    second = event_of(client, room)
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert first["UID"] != event_of(client, tomorrow())["UID"]


def test_the_page_before_the_room_opens_offers_it(client: Client) -> None:
    room = tomorrow()
    page = client.get(f"/m/{room.short_id}").content.decode()
    assert f'href="/m/{room.short_id}/kalender.ics" download' in page


def test_a_room_that_is_closed_says_so_instead(client: Client) -> None:
    room = tomorrow()
    services.close_room(room_id=room.pk, reason=CloseReason.CANCELLED, now=clock.now())
    answer = client.get(f"/m/{room.short_id}/kalender.ics")
    assert (answer.status_code, answer["Location"]) == (302, f"/m/{room.short_id}")


def test_an_unknown_code_is_no_calendar(client: Client) -> None:
    assert client.get("/m/aaaaaaaaaaaa/kalender.ics").status_code == 404
