from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.rules.outage import gaps, outages

START = datetime(2026, 11, 23, 10, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("connections", "gone"),
    [
        ([(0, 60, "a")], []),
        ([(0, 60, "a"), (80, 90, "a")], [(60, 80)]),
        # Another load of the page: somebody closed it and came back.
        ([(0, 60, "a"), (80, 90, "b")], []),
        # Taken over without a gap.
        ([(0, 60, "a"), (60, 90, "a")], []),
    ],
)
def test_gaps(connections: list[tuple[float, float, str]], gone: list[tuple[float, float]]) -> None:
    found = gaps((at(start), at(end), page) for start, end, page in connections)

    assert found == [(at(start), at(end)) for start, end in gone]


@pytest.mark.parametrize(
    ("own", "other_gone", "other_there", "seconds"),
    [
        ([(60, 80)], [], [(0, 300)], (20, 0)),
        ([(60, 80)], [(60, 80)], [(0, 60), (80, 300)], (0, 20)),
        ([(60, 80)], [(70, 90)], [(0, 70), (90, 300)], (10, 10)),
        # The other had not come yet.
        ([(60, 80)], [], [(100, 300)], (0, 0)),
    ],
)
def test_outages(
    own: list[tuple[float, float]],
    other_gone: list[tuple[float, float]],
    other_there: list[tuple[float, float]],
    seconds: tuple[float, float],
) -> None:
    def spans(pairs: list[tuple[float, float]]) -> list[tuple[datetime, datetime]]:
        return [(at(start), at(end)) for start, end in pairs]

    assert outages(spans(own), spans(other_gone), spans(other_there)) == seconds
