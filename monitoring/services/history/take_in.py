"""All of the files or nothing of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from booking.enums import Outcome
from monitoring.models import CallRecord, DeviceRecord
from monitoring.rules.history import (
    CALL_COLUMNS,
    DEVICE_COLUMNS,
    CallRow,
    DeviceRow,
    Reason,
    call_row,
    device_row,
    moment,
)
from monitoring.rules.period import plus
from monitoring.rules.together import Stay, merged, stretches_together, whole_seconds
from monitoring.services.capacity import forget_peaks
from monitoring.services.history import tables
from monitoring.services.history.files import Bad, BadRow, Make, Told, read
from monitoring.services.history.practices import known_codes, read_organisations, take_in_organisations
from monitoring.services.months import write_marks
from rooms.enums import DeviceKind
from vdx.accounts import services as accounts_services
from vdx.lib.clock import local_date
from vdx.lib.errors import Conflict, InvalidInput

# The same id of a call gives the same record, in any hub.
NAMESPACE = UUID("5b1d0e0a-6c86-5a53-9df0-6c2f8c6f2d10")
BUILDING = "building"
# More than a record can hold, and than any call had.
MOST_DEVICES = 1000

_CALL = (
    "id", "room_uuid", "organisation_id", "booked", "instant", "is_test", "started_at", "ended_at",
    "seconds_together", "seconds_without_media", "device_count", "app_count", "close_reason", "is_final", "outcome",
    "is_poor", "cause", "confidence", "evidence", "recorded_at",
)  # fmt: skip


class HistoryRefused(InvalidInput):
    """Some rows cannot be taken in, so nothing was; ``rows`` says which and why, ``more`` how many others there are."""

    code = "history_refused"

    def __init__(self, bad: Bad) -> None:
        super().__init__()
        self.rows: list[BadRow] = sorted(bad)
        self.more = bad.more


@dataclass(frozen=True)
class Imported:
    """How much was new, and how many calls were there already."""

    organisations: int
    calls: int
    devices: int
    known: int


@dataclass(frozen=True, slots=True)
class _Call:
    """A call with its devices: kind and stays of each, in the order in which they first stood in the file."""

    line: int
    uuid: UUID
    organisation: int
    booked: bool
    instant: bool
    started: datetime
    ended: datetime
    outcome: str
    devices: list[tuple[str, list[Stay]]]
    stretches: list[Stay]

    def facts(self) -> tuple[Any, ...]:
        """What must be the same where the call is there already."""
        return (
            self.organisation, self.booked, self.instant, self.started, self.ended, self.outcome,
            whole_seconds(self.stretches), len(self.devices), self.apps,
        )  # fmt: skip

    @property
    def kinds(self) -> list[str]:
        return sorted(kind for kind, _stays in self.devices)

    @property
    def apps(self) -> int:
        return sum(kind == DeviceKind.APP for kind, _stays in self.devices)

    @property
    def month(self) -> date:
        """The Danish month that it belongs to; Danish clocks are two hours ahead at most."""
        day = self.started if self.started.hour < 22 else local_date(self.started)
        return date(day.year, day.month, 1)


@transaction.atomic
def import_history(*, organisations: Path, calls: Path, devices: Path, now: datetime, told: Told) -> Imported:
    """Take in the calls of the past. The same files again add nothing.

    ``told`` hears how far it is: a file's name or ``building``, and a share from 0 to 1. Raises
    :class:`HistoryRefused` where any row is bad (nothing is taken in then), ``Conflict`` where another import runs,
    and ``OSError`` where a file cannot be read.
    """
    if not tables.alone():
        raise Conflict(_("En anden import er i gang. Vent, til den er færdig, og prøv igen."))
    bad = Bad()
    rows, named = read_organisations(organisations, bad, told)
    new = take_in_organisations(organisations, rows, bad)
    codes = known_codes()
    tables.make_staging()
    sure = organisations not in bad.unsure
    make = partial(call_row, outcomes=frozenset(Outcome.values), now=now)
    unread = _stage_calls(calls, make, codes, named if sure else None, bad, told)
    _stage_devices(devices, partial(device_row, now=now), bad, told)
    _check(calls, devices, unread, bad)
    if bad:
        raise HistoryRefused(bad)
    total = _count()
    taken = known = came = done = 0
    cells: set[tuple[int, date]] = set()
    for chunk in tables.chunks(_calls()):
        fresh = _without_known(chunk, calls, bad)
        came += _write(fresh, now)
        cells.update((call.organisation, call.month) for call in fresh)
        taken += len(fresh)
        known += len(chunk) - len(fresh)
        done += len(chunk)
        told(BUILDING, done / total)
    tables.drop_staging()
    if bad:
        raise HistoryRefused(bad)
    write_marks(cells)
    if cells:
        months = [month for _unit, month in cells]
        # A call may run into the month after its own.
        forget_peaks(first=min(months), last=plus(max(months), 1))
    if new or taken:
        accounts_services.audit(
            action="history.imported",
            target_type="monitoring.CallRecord",
            actor=None,
            actor_kind="system",
            detail={"organisations": new, "calls": taken, "devices": came},
        )
    return Imported(new, taken, came, known)


def _stage_calls(
    path: Path, make: Make[CallRow], codes: dict[str, int], named: set[str] | None, bad: Bad, told: Told
) -> set[str]:
    """Put the calls aside; gives the ids of those that cannot be read.

    ``named``: the codes of all organisations of the file, the bad ones too; None where they are not all known.
    """
    unread: set[str] = set()

    def staged() -> Iterator[tuple[Any, ...]]:
        for line, row in read(path, CALL_COLUMNS, make, bad, optional=("outcome",), unread=unread, told=told):
            organisation = codes.get(row.organisation_code)
            if organisation is None:
                # One whose own row is bad is named there.
                if named is not None and row.organisation_code not in named:
                    bad.add(path, line, Reason.ORGANISATION, row.organisation_code)
                organisation = 0
            yield (
                line, row.call_id, organisation, int(row.booked), int(row.instant), row.started, row.ended,
                row.outcome,
            )  # fmt: skip

    columns = ("line", "call_id", "organisation", "booked", "instant", "started", "ended", "outcome")
    tables.write("history_call", columns, staged())
    return unread


def _stage_devices(path: Path, make: Make[DeviceRow], bad: Bad, told: Told) -> None:
    def staged() -> Iterator[tuple[Any, ...]]:
        for line, row in read(path, DEVICE_COLUMNS, make, bad, optional=("device",), told=told):
            yield line, row.call_id, row.kind, row.joined, row.left, row.device

    tables.write("history_device", ("line", "call_id", "kind", "joined", "gone", "device"), staged())


def _check(calls: Path, devices: Path, unread: set[str], bad: Bad) -> None:
    """What no row shows by itself: the same call twice, a device of no call or outside its call's time."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX history_call_id ON history_call (call_id)")
        cursor.execute(
            "SELECT again.line, again.call_id FROM history_call again JOIN (SELECT call_id, MIN(line) AS line"
            " FROM history_call GROUP BY call_id HAVING COUNT(*) > 1) first"
            " ON first.call_id = again.call_id AND again.line > first.line"
        )
        for line, call_id in cursor.fetchall():
            bad.add(calls, line, Reason.TWICE, "call_id", call_id)
        if calls not in bad.unsure:
            cursor.execute(
                "SELECT d.line, d.call_id FROM history_device d"
                " LEFT JOIN history_call c ON c.call_id = d.call_id WHERE c.line IS NULL"
            )
            for line, call_id in cursor.fetchall():
                # A call whose own row is bad is named there.
                if call_id not in unread:
                    bad.add(devices, line, Reason.CALL, call_id)
        cursor.execute(
            "SELECT d.line, d.call_id FROM history_device d JOIN history_call c ON c.call_id = d.call_id"
            " WHERE (d.gone < c.started OR d.joined > c.ended)"
            " AND c.line = (SELECT MIN(line) FROM history_call once WHERE once.call_id = c.call_id)"
        )
        for line, call_id in cursor.fetchall():
            bad.add(devices, line, Reason.OUTSIDE, call_id)


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM history_call")
        return int(cursor.fetchone()[0]) or 1


def _calls() -> Iterator[_Call]:
    """Every call with its devices, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX history_call_line ON history_call (line)")
        cursor.execute("CREATE INDEX history_device_call ON history_device (call_id)")
        if tables.is_postgres():
            cursor.execute("ANALYZE history_call")
            cursor.execute("ANALYZE history_device")
        last = 0
        while True:
            cursor.execute(
                "SELECT c.line, c.call_id, c.organisation, c.booked, c.instant, c.started, c.ended, c.outcome,"
                " d.line, d.kind, d.joined, d.gone, d.device FROM"
                " (SELECT * FROM history_call WHERE line > %s ORDER BY line LIMIT %s) c"
                " LEFT JOIN history_device d ON d.call_id = c.call_id ORDER BY c.line, d.line",
                [last, tables.AT_ONCE],
            )
            found = cursor.fetchall()
            if not found:
                return
            start = 0
            for end in range(1, len(found) + 1):
                if end == len(found) or found[end][0] != found[start][0]:
                    yield _call(found[start:end])
                    start = end
            last = found[-1][0]


def _call(rows: list[tuple[Any, ...]]) -> _Call:
    """One call from its rows, one a stay."""
    line, call_id, organisation, booked, instant, started, ended, outcome = rows[0][:8]
    stays: dict[str | int, list[Stay]] = {}
    kinds: dict[str | int, str] = {}
    for device_line, kind, joined, gone, device in (row[8:] for row in rows):
        if device_line is None:
            continue
        key = device or device_line
        # Nobody is in a call before it began or after it ended, whatever a device's clock says.
        stays.setdefault(key, []).append((moment(max(joined, started)), moment(min(gone, ended))))
        # Who came through the app once has come through the app.
        if kinds.get(key) != DeviceKind.APP:
            kinds[key] = kind if kind == DeviceKind.APP else kinds.get(key, kind)
    return _Call(
        line=line,
        uuid=uuid5(NAMESPACE, call_id),
        organisation=organisation,
        booked=bool(booked),
        instant=bool(instant),
        started=moment(started),
        ended=moment(ended),
        outcome=outcome,
        devices=[(kinds[key], merged(stays[key])) for key in stays],
        stretches=stretches_together(stays.values()),
    )


def _without_known(chunk: list[_Call], path: Path, bad: Bad) -> list[_Call]:
    """Those that are not there yet. One that is there with other facts is a bad row: facts are not written over."""
    there = tables.known([call.uuid for call in chunk])
    known = {
        row[0]: row[1:]
        for row in CallRecord.objects.filter(room_uuid__in=there).values_list(
            "room_uuid", "organisation_id", "booked", "instant", "started_at", "ended_at", "outcome",
            "seconds_together", "device_count", "app_count",
        )
    }  # fmt: skip
    kinds: dict[UUID, list[str]] = {}
    devices = DeviceRecord.objects.filter(call__room_uuid__in=there)
    for room, kind in devices.values_list("call__room_uuid", "kind"):
        kinds.setdefault(room, []).append(kind)
    for call in chunk:
        if len(call.devices) > MOST_DEVICES:
            bad.add(path, call.line, Reason.MANY, str(MOST_DEVICES))
        elif call.uuid in known:
            # Devices are forgotten after years; the counts of them stay.
            came = sorted(kinds.get(call.uuid, [])) or call.kinds
            if (known[call.uuid], came) != (call.facts(), call.kinds):
                bad.add(path, call.line, Reason.DIFFERENT)
    return [call for call in chunk if call.uuid not in known]


def _write(calls: list[_Call], now: datetime) -> int:
    """Write calls with devices, stays and stretches; says how many devices there were."""
    if not calls:
        return 0
    call_ids = tables.ids("monitoring_callrecord", len(calls))
    tables.write(
        "monitoring_callrecord",
        _CALL,
        (
            (
                pk, call.uuid, call.organisation, call.booked, call.instant, False, call.started, call.ended,
                whole_seconds(call.stretches), 0, len(call.devices), call.apps, "", True, call.outcome, False, "", "",
                "[]", now,
            )
            for pk, call in zip(call_ids, calls, strict=True)
        ),
    )  # fmt: skip
    devices = [
        (pk, f"i{number}", kind, stays)
        for pk, call in zip(call_ids, calls, strict=True)
        for number, (kind, stays) in enumerate(call.devices, start=1)
    ]
    device_ids = tables.ids("monitoring_devicerecord", len(devices))
    tables.write(
        "monitoring_devicerecord",
        ("id", "call_id", "seat_key", "kind", "role"),
        ((key, pk, seat, kind, "") for key, (pk, seat, kind, _stays) in zip(device_ids, devices, strict=True)),
    )
    tables.write(
        "monitoring_devicestay",
        ("device_id", "joined_at", "left_at"),
        ((key, *stay) for key, device in zip(device_ids, devices, strict=True) for stay in device[3]),
    )
    tables.write(
        "monitoring_callstretch",
        ("call_id", "began_at", "ended_at"),
        ((pk, *stretch) for pk, call in zip(call_ids, calls, strict=True) for stretch in call.stretches),
    )
    return len(devices)
