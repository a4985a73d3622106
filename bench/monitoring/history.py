"""A year of a country as the three files that import_calls takes: python -m bench.monitoring.history FOLDER CALLS.

Seeded: the same number gives the same files. 2.2 devices a call; some come back, some calls are not held.
"""

from __future__ import annotations

import csv
import itertools
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

YEAR = 2025
REGIONS = {"Hovedstaden": 600, "Sjælland": 300, "Syddanmark": 450, "Midtjylland": 450, "Nordjylland": 200}
# Of a hundred calls so many have one device, two and so on: 2.2 a call.
DEVICES = (6, 76, 12, 4, 2)
_DAYS = [date(YEAR, 1, 1) + timedelta(days=number) for number in range(365)]


def organisations(chance: Random) -> list[list[str]]:
    """Practices of all regions, some outside the pilot, some that left, some that joined in the middle of a month."""
    rows = []
    for region, count in REGIONS.items():
        for number in range(count):
            first, last = f"{YEAR - 1}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}", ""
            turn = chance.random()
            if turn < 0.05:
                first = ""
            elif turn < 0.15:
                first = f"{YEAR}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            elif turn < 0.2:
                last = f"{YEAR}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            kind = "specialist" if chance.random() < 0.2 else "general"
            code = f"{region[:2].lower()}-{number:04}"
            rows.append([code, f"Lægehuset {code}", kind, region, first, last, str(int(turn > 0.99))])
    return rows


def write(folder: Path, calls: int, *, seed: int = 20261123) -> int:
    """Write the three files; says how many devices there are."""
    chance = Random(seed)
    places = organisations(chance)
    with (folder / "organisations.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["code", "name", "kind", "region", "pilot_from", "pilot_until", "test"])
        rows.writerows(places)
    codes = [place[0] for place in places]
    # Few practices hold many calls.
    busy = list(itertools.accumulate(chance.expovariate(1) + 0.05 for _ in codes))
    count = 0
    with (folder / "calls.csv").open("w", newline="") as first, (folder / "devices.csv").open("w", newline="") as other:
        held, came = csv.writer(first), csv.writer(other)
        held.writerow(["call_id", "organisation_code", "booked", "instant", "started_at", "ended_at", "outcome"])
        came.writerow(["call_id", "kind", "joined_at", "left_at", "device"])
        who = chance.choices(codes, cum_weights=busy, k=calls)
        how_many = chance.choices(range(1, 6), weights=DEVICES, k=calls)
        for number, (code, devices) in enumerate(zip(who, how_many, strict=True)):
            day = _DAYS[number * 365 // calls]
            start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
                seconds=int(chance.triangular(6 * 3600, 23.9 * 3600, 10 * 3600))
            )
            end = start + timedelta(seconds=60 + int(chance.expovariate(1 / 700)))
            call = f"h{number}"
            booked = chance.random() < 0.93
            outcome = "carried_out" if devices > 1 else "no_show_patient"
            instant = int(booked and chance.random() < 0.2)
            held.writerow([call, code, int(booked), instant, start.isoformat(), end.isoformat(), outcome])
            came.writerows(_stays(chance, call, devices, start, end))
            count += devices
    return count


def _stays(chance: Random, call: str, devices: int, start: datetime, end: datetime) -> list[list[str]]:
    rows = [[call, "browser", start.isoformat(), end.isoformat(), "d1"]]
    for number in range(2, devices + 1):
        kind = "app" if chance.random() < 0.4 else "browser" if chance.random() < 0.9 else "telephone"
        joined = start + timedelta(seconds=chance.randrange(50))
        if chance.random() < 0.05 and (end - joined).seconds > 9:
            broke = joined + (end - joined) / 3
            rows.append([call, kind, joined.isoformat(), broke.isoformat(), f"d{number}"])
            joined = broke + timedelta(seconds=2)
        rows.append([call, kind, joined.isoformat(), end.isoformat(), f"d{number}"])
    return rows


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])))
