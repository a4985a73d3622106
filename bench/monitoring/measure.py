"""One measurement in a hub's settings: python -m bench.monitoring.measure WHAT FOLDER. Prints JSON.

``settle`` lets some practices move to another region; ``copy`` takes the tables out and in again by COPY; ``tables`` is
one round of the evaluation's tables beside the SQL by hand; ``cookie`` logs somebody of MedCom's in.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from bench.monitoring import by_hand  # noqa: E402
from bench.monitoring.history import YEAR  # noqa: E402
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor  # noqa: E402
from vdx.accounts.enums import OrganisationKind, Role  # noqa: E402
from vdx.accounts.models import Organisation, RegionPeriod  # noqa: E402
from vdx.reports import data  # noqa: E402
from vdx.reports.files import as_csv  # noqa: E402

FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
FACTS = (
    "monitoring_callrecord", "monitoring_devicerecord", "monitoring_devicestay", "monitoring_callstretch",
)  # fmt: skip
DERIVED = ("monitoring_monthcount", "monitoring_monthword", "monitoring_monthquality", "monitoring_monthmark")
_BLOCK = 1 << 20
MOVERS = 40


def settle(_folder: Path) -> dict[str, Any]:
    """Every fiftieth practice moves to another region in the middle of a month."""
    regions = list(Organisation.objects.filter(kind=OrganisationKind.REGION).order_by("pk"))
    practices = Organisation.objects.exclude(kind=OrganisationKind.REGION).order_by("pk")
    step = max(1, practices.count() // MOVERS)
    moved = 0
    for number, practice in enumerate(practices[::step]):
        RegionPeriod.objects.create(
            organisation=practice,
            region=regions[number % len(regions)],
            valid_from=date(YEAR, 1, 10) + timedelta(days=8 * number),
        )
        moved += 1
    with connection.cursor() as cursor:
        for table in FACTS:
            cursor.execute(f"VACUUM ANALYZE {table}")  # ours
        cursor.execute("VACUUM ANALYZE accounts_organisation")
    return {"moved": moved}


def copy(folder: Path) -> dict[str, Any]:
    """Take every row out, empty the tables, and put the same rows in by COPY, in one transaction."""
    rows = 0
    with connection.cursor() as cursor:
        for table in FACTS:
            with (folder / table).open("wb") as file, cursor.copy(f"COPY {table} TO STDOUT") as out:
                for block in out:
                    file.write(block)
        cursor.execute(f"TRUNCATE {', '.join(FACTS)}")
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in FACTS:
            with (folder / table).open("rb") as file, cursor.copy(f"COPY {table} FROM STDIN") as into:
                while block := file.read(_BLOCK):
                    into.write(block)
            rows += cursor.rowcount
    return {"rows": rows, "seconds": time.perf_counter() - begun}


def tables(_folder: Path) -> dict[str, Any]:
    """The SQL by hand, then every table of the report as CSV; no month table helps."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(DERIVED)}")
    begun = time.perf_counter()
    hand = by_hand.tables(FIRST, LAST)
    middle = time.perf_counter()
    found = data.read(first=FIRST, last=LAST).tables
    files = {name: as_csv(rows) for name, rows in found.items()}
    end = time.perf_counter()
    return {
        "by_hand_seconds": middle - begun,
        "seconds": end - middle,
        "files": len(files),
        "bytes": sum(map(len, files.values())),
        "differing": by_hand.same(hand, found),
        "consultations": found["table3_consultations"][-1][-1],
    }


def cookie(_folder: Path) -> dict[str, Any]:
    """A session of somebody who may see the whole country."""
    user = member(Role.MEDCOM, OrganisationFactory.create(code="medcom", name="MedCom", kind=""))
    client = Client()
    client.force_login(user)
    show_second_factor(client, second_factor(user))
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


if __name__ == "__main__":
    jobs = {"settle": settle, "copy": copy, "tables": tables, "cookie": cookie}
    print(json.dumps(jobs[sys.argv[1]](Path(sys.argv[2]))))
