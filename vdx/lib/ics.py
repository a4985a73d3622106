"""Meetings as calendars read them (RFC 5545): when and that, never why or with whom.

Only what may stand in anybody's calendar: no subject and no description of the meeting's, since somebody may have
written a patient's name there. The patient's link stands in the patient's own calendar alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event  # type: ignore[import-untyped]

from vdx.lib.clock import local

# How far a feed reaches.
BACK = timedelta(days=31)
AHEAD = timedelta(days=366)
# How often a calendar should look again (RFC 7986, 5.7).
REFRESH = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """A meeting. ``key`` makes its UID, ``sequence`` counts its changes, ``changed`` is when the last one was.

    ``page`` is where it is held or looked at; ``note`` a line that calendars show below.
    """

    key: str
    start: datetime
    end: datetime
    sequence: int
    created: datetime
    changed: datetime
    cancelled: bool
    summary: str
    place: str
    page: str
    note: str = ""


def calendar(entries: Iterable[Entry], *, host: str, name: str, now: datetime) -> bytes:
    """The entries as one calendar. ``host`` makes their UIDs the hub's own, and the same for good."""
    found = Calendar()
    found.add("prodid", "-//VDX//VDX//DA")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    found.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    found.add("x-published-ttl", REFRESH)
    for entry in entries:
        found.add_component(_event(entry, host, now))
    found.add_missing_timezones()
    text: bytes = found.to_ical()
    return text


def _event(entry: Entry, host: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{host}")
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("created", entry.created.replace(microsecond=0))
    event.add("last-modified", entry.changed.replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("dtstart", local(entry.start))
    # Record systems may send an end before the start, which calendars refuse.
    event.add("dtend", local(max(entry.end, entry.start)))
    event.add("summary", entry.summary)
    event.add("location", entry.place)
    event.add("url", entry.page)
    if entry.note:
        event.add("description", entry.note)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
