from __future__ import annotations

from datetime import date

from monitoring.rules.export import HEADER, export_rows
from monitoring.rules.statistics import Tally


def test_one_line_a_month_and_practice_in_order() -> None:
    tallies: dict[tuple[int | None, int, date], Tally] = {
        (1, 2, date(2026, 11, 1)): Tally(3, 1, 1799, 61, 2, active={2}),
        (None, 6, date(2026, 10, 1)): Tally(1, 0, 60),
    }
    names = {1: ("region-nord", "Nord"), 2: ("=kode", "Klinik"), 6: ("hospital", "Hospital")}

    assert list(export_rows(tallies, names=names)) == [
        ("2026-10", "", "", "hospital", "Hospital", 1, 60, 1, 0, 0, 0, 0, 0),
        ("2026-11", "region-nord", "Nord", "=kode", "Klinik", 3, 1799, 29, 1, 61, 1, 2, 1),
    ]
    assert all(len(line) == len(HEADER) for line in export_rows(tallies, names=names))
