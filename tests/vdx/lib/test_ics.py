"""Meetings in calendars, read back by a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from vdx.lib.ics import Entry, calendar

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UUID_ = "b7f0c1de-1111-4222-8333-444455556666"


def entry(**other) -> Entry:
    usual = {
        "key": UUID_,
        "start": datetime(2026, 11, 24, 9, 15, tzinfo=UTC),
        "end": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        "sequence": 0,
        "created": NOW,
        "changed": NOW,
        "cancelled": False,
        "summary": "Videokonsultation",
        "place": "Lægehuset, Nord; 1. sal",
        "page": "https://vdx.example.dk/portal/moede/1/",
    }
    return Entry(**usual | other)


def read(*entries: Entry) -> Calendar:
    return Calendar.from_ical(calendar(entries, host="vdx.example.dk", name="Videokonsultationer", now=NOW))


def test_a_meeting_is_read_back():
    [event] = read(entry(sequence=3)).walk("VEVENT")
    assert str(event["UID"]) == f"{UUID_}@vdx.example.dk"
    assert event["SEQUENCE"] == 3
    assert str(event["STATUS"]) == "CONFIRMED"
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Videokonsultation", "Lægehuset, Nord; 1. sal")
    assert event.decoded("DTSTART") == datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_times_are_danish_and_the_zone_is_told():
    summer = datetime(2026, 7, 1, 9, tzinfo=UTC)
    entries = [entry(), entry(start=summer, end=summer + timedelta(hours=1))]
    text = calendar(entries, host="h", name="n", now=NOW).decode()
    assert "DTSTART;TZID=Europe/Copenhagen:20261124T101500" in text
    assert "DTSTART;TZID=Europe/Copenhagen:20260701T110000" in text
    assert text.count("BEGIN:VTIMEZONE") == 1


def test_the_same_meeting_keeps_its_uid_when_it_changes():
    moved = entry(sequence=1, start=NOW + timedelta(days=2), end=NOW + timedelta(days=2, minutes=5))
    assert [str(read(each).walk("VEVENT")[0]["UID"]) for each in (entry(), moved)] == [f"{UUID_}@vdx.example.dk"] * 2


def test_what_was_called_off_is_cancelled():
    [event] = read(entry(cancelled=True)).walk("VEVENT")
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CANCELLED", "TRANSPARENT")


def test_an_end_before_the_start_is_not_passed_on():
    [event] = read(entry(end=NOW)).walk("VEVENT")
    assert event.decoded("DTEND") == event.decoded("DTSTART")


def test_an_empty_calendar_is_one():
    assert read().walk("VEVENT") == []


@pytest.mark.parametrize(
    "moment", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
)
def test_the_hour_that_comes_twice_is_told_apart_or_at_least_not_lost(moment):
    [event] = read(entry(start=moment, end=moment + timedelta(minutes=10))).walk("VEVENT")
    assert str(event.decoded("DTSTART").replace(tzinfo=None)) == "2026-10-25 02:30:00"
