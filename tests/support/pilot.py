"""The pilot of 2019-2020 made anew: files whose calls come to the published numbers, among much that must not count.

Seeded: the same seed gives the same files.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from vdx.lib.clock import COPENHAGEN

FIRST, LAST = date(2019, 6, 1), date(2020, 1, 31)
MONTHS = [date(2019, month, 1) for month in range(6, 13)] + [date(2020, 1, 1)]
REGIONS = ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland")
# Consultations, June to January (the report's table 3).
CONSULTATIONS = {
    "Hovedstaden": (4, 6, 4, 27, 17, 13, 11, 26),
    "Sjælland": (22, 9, 10, 7, 6, 4, 6, 16),
    "Syddanmark": (17, 5, 10, 20, 20, 27, 15, 7),
    "Midtjylland": (12, 3, 7, 28, 10, 20, 31, 8),
    "Nordjylland": (0, 0, 0, 0, 0, 25, 22, 28),
}
# Practices signed up (table 1) at the end of June, August, September, November and December; the others are ours.
SIGNED_UP = {
    "Hovedstaden": (2, 2, 5, 7, 7, 9, 9, 9),
    "Sjælland": (3, 3, 3, 3, 3, 3, 3, 3),
    "Syddanmark": (7, 7, 25, 25, 25, 25, 25, 25),
    "Midtjylland": (3, 3, 4, 8, 8, 8, 8, 8),
    "Nordjylland": (0, 0, 0, 0, 0, 4, 7, 7),
}
CONSULTATION_MINUTES, CONFERENCES, CONFERENCE_MINUTES = 6924, 14, 110
INSTANT, APP_CALLS = 111, 220


@dataclass
class Pilot:
    """The rows of the three files."""

    random: Random
    organisations: list[list[str]] = field(default_factory=list)
    calls: list[list[str]] = field(default_factory=list)
    devices: list[list[str]] = field(default_factory=list)
    # Practices by region, each with its first day.
    practices: dict[str, list[tuple[str, date]]] = field(default_factory=dict)

    def organisation(self, code: str, region: str, *, kind: str, first: str = "", last: str = "", test: int = 0) -> str:
        self.organisations.append([code, f"Praksis {code}", kind, region, first, last, str(test)])
        return code

    def call(
        self,
        practice: str,
        start: datetime,
        seconds: int,
        *,
        kinds: Iterable[str] = ("browser", "browser"),
        booked: bool = True,
        instant: bool = False,
        apart: bool = False,
    ) -> None:
        """A call in which two devices are together for so many seconds; ``apart``: one comes when the other has gone.

        The last device goes away and comes back where there is time for it, and a doctor waits beforehand.
        """
        call_id = f"c{len(self.calls) + 1}"
        wait = timedelta(seconds=self.random.randrange(0, 300))
        kinds = list(kinds)
        end = start + wait + timedelta(seconds=seconds)
        first, *others = [f"d{number}" for number in range(1, len(kinds) + 1)]
        rows = []
        if not others:
            rows.append((first, kinds[0], start, end))
        elif apart:
            rows += [(first, kinds[0], start, start + wait), (others[0], kinds[1], start + wait, end)]
        else:
            joined = start + wait
            rows.append((first, kinds[0], start, end))
            for number, device in enumerate(others, start=1):
                # Who is there only while another one is too makes the time together no longer.
                until = end if number == 1 else joined + (end - joined) * self.random.random()
                rows.append((device, kinds[number], joined, until))
            if self.random.random() < 0.4:
                gap = timedelta(seconds=self.random.randrange(1, 90))
                # A break that all share but one, made up for at the end.
                [(_, kind, _, _)] = [row for row in rows if row[0] == others[0]]
                middle = joined + timedelta(seconds=seconds // 2)
                if len(others) == 1:
                    end += gap
                    rows = [
                        (first, kinds[0], start, end),
                        (others[0], kind, joined, middle),
                        (others[0], kind, middle + gap, end),
                    ]
        self.calls.append(
            [call_id, practice, str(int(booked)), str(int(instant)), start.isoformat(), end.isoformat(), ""]
        )
        self.devices += [[call_id, kind, a.isoformat(), b.isoformat(), device] for device, kind, a, b in rows]


def shares(random: Random, whole: int, count: int, least: int) -> list[int]:
    """``whole`` in so many parts, none smaller than ``least``."""
    cuts = sorted(random.randrange(0, whole - count * least + 1) for _ in range(count - 1))
    return [least + b - a for a, b in zip([0, *cuts], [*cuts, whole - count * least], strict=True)]


def build(folder: Path, *, seed: int = 1) -> Pilot:
    """Write organisations.csv, calls.csv and devices.csv into a folder."""
    random = Random(seed)
    pilot = Pilot(random)
    _practices(pilot)
    _counted(pilot)
    _noise(pilot)
    random.shuffle(pilot.calls)
    random.shuffle(pilot.devices)
    files = {
        "organisations": ("code,name,kind,region,pilot_from,pilot_until,test", pilot.organisations),
        "calls": ("call_id,organisation_code,booked,instant,started_at,ended_at,outcome", pilot.calls),
        "devices": ("call_id,kind,joined_at,left_at,device", pilot.devices),
    }
    for name, (header, rows) in files.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header.split(","))
            writer.writerows(rows)
    return pilot


def moment(random: Random, month: date, *, after: date) -> datetime:
    """Some time of a month by the clock on a Danish wall, not before a day; now and then just before its end."""
    following = (month + timedelta(days=32)).replace(day=1)
    begin = max(month, after)
    if random.random() < 0.05:
        return datetime.combine(following, datetime.min.time(), COPENHAGEN) - timedelta(seconds=random.randrange(1, 60))
    day = begin + timedelta(days=random.randrange((following - begin).days))
    return datetime(day.year, day.month, day.day, random.randrange(24), random.randrange(60), tzinfo=COPENHAGEN)


def _practices(pilot: Pilot) -> None:
    for region in REGIONS:
        pilot.practices[region] = []
        for month, count in zip(MONTHS, SIGNED_UP[region], strict=True):
            while len(pilot.practices[region]) < count:
                number = len(pilot.practices[region])
                # The very last day of a month counts in it.
                day = month if number % 3 else (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
                if month == MONTHS[0] or CONSULTATIONS[region][MONTHS.index(month)]:
                    day = month if number == 0 else day
                code = f"{region[:2].lower()}-{number}"
                kind = "specialist" if number % 4 == 3 else "general"
                pilot.organisation(code, region, kind=kind, first=day.isoformat())
                pilot.practices[region].append((code, day))


def _counted(pilot: Pilot) -> None:
    random = pilot.random
    # 59 seconds over the last whole minute: what is left is cut once, in the last sum.
    lengths = iter(shares(random, CONSULTATION_MINUTES * 60 + 59, sum(map(sum, CONSULTATIONS.values())), 20))
    instant = iter(random.sample([True] * INSTANT + [False] * (503 - INSTANT), 503))
    apps = iter(random.sample([True] * (APP_CALLS - 30) + [False] * (503 - APP_CALLS + 30), 503))
    for region, counts in CONSULTATIONS.items():
        for month, count in zip(MONTHS, counts, strict=True):
            for _ in range(count):
                code, start = _place(pilot, region, month)
                kinds = ("browser", "app" if next(apps) else random.choice(("browser", "telephone", "room_system")))
                pilot.call(code, start, next(lengths), kinds=kinds, instant=next(instant))
    for number, seconds in enumerate(shares(random, CONFERENCE_MINUTES * 60 + 30, CONFERENCES, 20)):
        code, start = _place(pilot, "Syddanmark", MONTHS[number % 8])
        if number % 2:
            pilot.call(code, start, seconds, kinds=("browser",) * (3 + number % 3))
        else:
            pilot.call(code, start, seconds, booked=False, instant=number == 0, kinds=("browser", "app"))
    # Through the app, and nobody else came.
    for number in range(30):
        code, start = _place(pilot, "Hovedstaden", MONTHS[number % 2])
        pilot.call(code, start, 200, kinds=("app",))


def _noise(pilot: Pilot) -> None:
    random = pilot.random
    test = pilot.organisation("proeve", "Sjælland", kind="general", first="2019-06-01", test=1)
    others = [
        pilot.organisation("uden-pilot", "Sjælland", kind="general"),
        pilot.organisation("sygehus", "Midtjylland", kind="hospital", first="2019-06-01"),
        pilot.organisation("kommune", "", kind="municipality"),
        test,
    ]
    for code in others:
        for month in MONTHS:
            pilot.call(code, moment(random, month, after=month), 900, kinds=("browser", "app"), instant=True)
    left = pilot.organisation("senere", "Nordjylland", kind="general", first="2020-02-01", last="2020-06-30")
    pilot.call(left, datetime(2020, 1, 31, 12, tzinfo=COPENHAGEN), 600)
    for region in REGIONS:
        code, day = pilot.practices[region][0]
        # One device, or two that never met.
        for month in MONTHS[5:]:
            pilot.call(code, moment(random, month, after=day), 600, kinds=("browser",), instant=True)
            pilot.call(code, moment(random, month, after=day), 600, apart=True)
        # Before the period and after it, by a second; and before the practice took part.
        pilot.call(code, datetime(2019, 5, 31, 23, 59, 59, tzinfo=COPENHAGEN), 900, kinds=("browser", "app"))
        pilot.call(code, datetime(2020, 2, 1, tzinfo=COPENHAGEN), 900, kinds=("browser", "app"))
        pilot.call(code, datetime.combine(day, datetime.min.time(), COPENHAGEN) - timedelta(seconds=1), 900)


def _place(pilot: Pilot, region: str, month: date) -> tuple[str, datetime]:
    """A practice that takes part in the month, and a moment at which it does."""
    end = (month + timedelta(days=32)).replace(day=1)
    code, day = pilot.random.choice([(code, day) for code, day in pilot.practices[region] if day < end])
    return code, moment(pilot.random, month, after=day)
