"""From visits to stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.rules.stays import RESUME_WITHIN, STALE_AFTER, VisitSpan, end_of, overlap, resumes, stays, waited

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def span(start: float | None, end: float, *, resumed: bool = False) -> VisitSpan:
    return VisitSpan(None if start is None else at(start), at(end), resumed)


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ([], []),
        ([span(0, 10)], [(0, 10)]),
        # Who only waited took no part.
        ([span(None, 10)], []),
        ([span(None, 3), span(4, 10)], [(4, 10)]),
        # A reload leaves the gap, a resumed call does not.
        ([span(0, 4), span(5, 10)], [(0, 4), (5, 10)]),
        ([span(0, 4), span(5, 10, resumed=True)], [(0, 10)]),
        ([span(0, 4), span(5, 6, resumed=True), span(6.5, 10, resumed=True)], [(0, 10)]),
        # The first visit can resume nothing that counted.
        ([span(5, 10, resumed=True)], [(5, 10)]),
        ([span(None, 4), span(5, 10, resumed=True)], [(5, 10)]),
        # Touching and overlapping, in any order.
        ([span(0, 5), span(5, 10)], [(0, 10)]),
        ([span(3, 10), span(0, 5)], [(0, 10)]),
        ([span(0, 10), span(2, 4)], [(0, 10)]),
        # Without length.
        ([span(5, 5)], []),
        ([span(6, 5)], []),
    ],
)
def test_when_a_device_took_part(visits: list[VisitSpan], expected: list[tuple[float, float]]) -> None:
    assert stays(visits) == tuple((at(start), at(end)) for start, end in expected)


minutes = st.integers(0, 300)
spans = st.builds(
    span,
    st.one_of(st.none(), minutes),
    minutes,
    resumed=st.booleans(),
)


@given(st.lists(spans, max_size=8))
def test_stays_are_in_order_apart_and_cover_every_visit(visits: list[VisitSpan]) -> None:
    found = stays(visits)
    assert all(start < end for start, end in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    for visit in visits:
        if visit.admitted_at is not None and visit.until > visit.admitted_at:
            assert any(start <= visit.admitted_at and visit.until <= end for start, end in found)


@given(st.lists(spans, max_size=8))
def test_stays_without_resumption_are_exactly_the_visits(visits: list[VisitSpan]) -> None:
    plain = [VisitSpan(visit.admitted_at, visit.until, False) for visit in visits]
    found = stays(plain)
    for minute in range(300):
        middle = at(minute + 0.5)
        in_visit = any(v.admitted_at is not None and v.admitted_at <= middle < v.until for v in plain)
        assert in_visit is any(start <= middle < end for start, end in found)


@pytest.mark.parametrize(
    ("claimed", "instance", "seconds", "expected"),
    [
        (True, "a", 0, True),
        (True, "a", 60, True),
        (True, "a", 61, False),
        (False, "a", 5, False),
        (True, "b", 5, False),
        (True, "a", None, False),
    ],
)
def test_a_page_resumes_its_own_call_within_a_minute(
    claimed: bool, instance: str, seconds: int | None, expected: bool
) -> None:
    last = None if seconds is None else NINE - timedelta(seconds=seconds)
    said = resumes(
        claimed=claimed, instance=instance, last_instance=None if last is None else "a", last_known=last, now=NINE
    )
    assert said is expected
    assert timedelta(seconds=60) == RESUME_WITHIN


@pytest.mark.parametrize(("silent", "ends"), [(0, 0), (20, 0), (21, -21), (3600, -3600)])
def test_a_visit_whose_process_died_ended_where_it_was_last_seen(silent: int, ends: int) -> None:
    assert end_of(seen_at=NINE - timedelta(seconds=silent), now=NINE) == NINE + timedelta(seconds=ends)
    assert timedelta(seconds=20) == STALE_AFTER


@dataclass(frozen=True)
class Connected:
    started_at: datetime
    admitted_at: datetime | None
    until: datetime

    def last_known(self) -> datetime:
        return self.until


@pytest.mark.parametrize(
    ("visits", "seconds"),
    [
        ([], None),
        ([(0, None, 10)], None),
        ([(0, 0, 10)], 0),
        ([(0, 4, 10)], 240),
        # Away for a minute while waiting: the minute does not count.
        ([(0, None, 3), (4, 6, 10)], 300),
        # Let in, gone, and waited once more: the first time is told.
        ([(0, 2, 10), (11, None, 14), (15, 20, 30)], 120),
        ([(4, 6, 10), (0, None, 3)], 300),
    ],
)
def test_the_time_in_the_waiting_room(visits: list[tuple[float, float | None, float]], seconds: int | None) -> None:
    spans = [Connected(at(a), None if b is None else at(b), at(c)) for a, b, c in visits]
    assert waited(spans) == seconds


@pytest.mark.parametrize(
    ("other", "at_once"),
    [((0, 5), True), ((-5, 20), True), ((9, 20), True), ((-5, 0), False), ((10, 20), False), ((3, 3), True)],
)
def test_whether_two_were_there_at_the_same_time(other: tuple[float, float], at_once: bool) -> None:
    start, end = other
    assert overlap([(at(0), at(10))], [(at(-60), at(-50)), (at(start), at(end))]) is at_once
    assert overlap([(at(0), at(10))], []) is False
