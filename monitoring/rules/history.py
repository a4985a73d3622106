"""Rows of the files by which calls of the past come in: columns by name, each cell a known word, number or time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why a row cannot be taken in."""

    HEADER = "header"
    COLUMN_TWICE = "column_twice"
    LENGTH = "length"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    WORD = "word"
    FLAG = "flag"
    DAY = "day"
    TIME = "time"
    OFFSET = "offset"
    AGE = "age"
    ORDER = "order"
    TWICE = "twice"
    REGION = "region"
    ORGANISATION = "organisation"
    CALL = "call"
    OUTSIDE = "outside"
    DIFFERENT = "different"
    MANY = "many"


class BadCell(Exception):
    """``reason`` and what it is about: a column, and where it helps the value."""

    def __init__(self, reason: Reason, *about: str) -> None:
        self.reason = reason
        self.about = about
        super().__init__(reason.value)


ORGANISATION_COLUMNS = ("code", "name", "kind", "region", "pilot_from", "pilot_until", "test")
CALL_COLUMNS = ("call_id", "organisation_code", "booked", "instant", "started_at", "ended_at")
DEVICE_COLUMNS = ("call_id", "kind", "joined_at", "left_at")
ORGANISATION_KINDS = frozenset({"general", "specialist", "hospital", "municipality", "nursing_home"})
DEVICE_KINDS = frozenset({"browser", "app", "room_system", "telephone"})
CODE_LENGTH, NAME_LENGTH, ID_LENGTH = 250, 100, 200
# Times are kept as whole microseconds since 1970 while files are read: small, exact and quick to compare.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Nobody held a call on video before this: a year that was typed wrong.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation of the past. ``region`` is a name or code, or empty."""

    code: str
    name: str
    kind: str
    region: str
    pilot_from: date | None
    pilot_until: date | None
    is_test: bool


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call; times in microseconds since 1970."""

    call_id: str
    organisation_code: str
    booked: bool
    instant: bool
    started: int
    ended: int
    outcome: str


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One stay of a device in a call; ``device`` is empty where each row is a device of its own."""

    call_id: str
    kind: str
    joined: int
    left: int
    device: str


def columns(header: Sequence[str], needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, int]:
    """Where each column stands. Raises :class:`BadCell` for one that is missing or there twice; others are ignored."""
    names = [name.strip().casefold() for name in header]
    for name in (*needed, *optional):
        if names.count(name) > 1:
            raise BadCell(Reason.COLUMN_TWICE, name)
    missing = [name for name in needed if name not in names]
    if missing:
        raise BadCell(Reason.HEADER, ", ".join(missing))
    return {name: names.index(name) for name in (*needed, *optional) if name in names}


def organisation_row(cells: Sequence[str], where: Mapping[str, int]) -> OrganisationRow:
    """An organisation from the cells of its row. Raises :class:`BadCell`."""
    first, last = (_day(cells, where, name) for name in ("pilot_from", "pilot_until"))
    if first is not None and last is not None and last < first:
        raise BadCell(Reason.ORDER, "pilot_from", "pilot_until")
    return OrganisationRow(
        code=_text(cells, where, "code", CODE_LENGTH),
        name=_text(cells, where, "name", NAME_LENGTH),
        kind=_word(cells, where, "kind", ORGANISATION_KINDS),
        region=cells[where["region"]].strip(),
        pilot_from=first,
        pilot_until=last,
        is_test=_flag(cells, where, "test"),
    )


def call_row(cells: Sequence[str], where: Mapping[str, int], *, outcomes: frozenset[str], now: datetime) -> CallRow:
    """A call from the cells of its row. Raises :class:`BadCell`."""
    started, ended = (_moment(cells, where, name, now) for name in ("started_at", "ended_at"))
    if ended < started:
        raise BadCell(Reason.ORDER, "started_at", "ended_at")
    outcome = cells[where["outcome"]].strip() if "outcome" in where else ""
    if outcome and outcome not in outcomes:
        raise BadCell(Reason.WORD, "outcome", outcome)
    return CallRow(
        call_id=_text(cells, where, "call_id", ID_LENGTH),
        organisation_code=_text(cells, where, "organisation_code", CODE_LENGTH),
        booked=_flag(cells, where, "booked"),
        instant=_flag(cells, where, "instant"),
        started=started,
        ended=ended,
        outcome=outcome,
    )


def device_row(cells: Sequence[str], where: Mapping[str, int], *, now: datetime) -> DeviceRow:
    """A device's stay from the cells of its row. Raises :class:`BadCell`."""
    joined, left = (_moment(cells, where, name, now) for name in ("joined_at", "left_at"))
    if left < joined:
        raise BadCell(Reason.ORDER, "joined_at", "left_at")
    device = cells[where["device"]].strip() if "device" in where else ""
    if len(device) > ID_LENGTH:
        raise BadCell(Reason.TOO_LONG, "device")
    return DeviceRow(
        call_id=_text(cells, where, "call_id", ID_LENGTH),
        kind=_word(cells, where, "kind", DEVICE_KINDS),
        joined=joined,
        left=left,
        device=device,
    )


def moment(microseconds: int) -> datetime:
    """The moment, in UTC, so many microseconds after the beginning of 1970."""
    return EPOCH + microseconds * _MICROSECOND


def _text(cells: Sequence[str], where: Mapping[str, int], name: str, most: int) -> str:
    text = cells[where[name]].strip()
    if not text:
        raise BadCell(Reason.EMPTY, name)
    if len(text) > most:
        raise BadCell(Reason.TOO_LONG, name)
    return text


def _word(cells: Sequence[str], where: Mapping[str, int], name: str, known: frozenset[str]) -> str:
    word = cells[where[name]].strip()
    if word not in known:
        raise BadCell(Reason.WORD, name, word[:40])
    return word


def _flag(cells: Sequence[str], where: Mapping[str, int], name: str) -> bool:
    word = cells[where[name]].strip()
    if word not in {"0", "1"}:
        raise BadCell(Reason.FLAG, name, word[:40])
    return word == "1"


def _day(cells: Sequence[str], where: Mapping[str, int], name: str) -> date | None:
    word = cells[where[name]].strip()
    if not word:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise BadCell(Reason.DAY, name, word[:40]) from None


def _moment(cells: Sequence[str], where: Mapping[str, int], name: str, now: datetime) -> int:
    word = cells[where[name]].strip()
    try:
        read = datetime.fromisoformat(word)
    except ValueError:
        raise BadCell(Reason.TIME, name, word[:40]) from None
    if read.tzinfo is None:
        raise BadCell(Reason.OFFSET, name, word[:40])
    if not EARLIEST <= read <= now:
        raise BadCell(Reason.AGE, name, word[:40])
    return (read - EPOCH) // _MICROSECOND
