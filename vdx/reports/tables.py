"""The evaluation report's tables and figures as rows, the header first. The files' words are English and stable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from monitoring.rules.evaluation import Cell, Evaluation, rounded, sums

Rows = list[list[str | int]]
ALL = "I alt"


def monitoring_tables(numbers: Evaluation) -> dict[str, Rows]:
    """Every table that calls and practices give, by the name of its file."""
    return {
        "table1_signed_up": _signed_up(numbers),
        "table2_active_practices": _active(numbers),
        "table3_consultations": _by_month(numbers, lambda cell: cell.consultations),
        "table4_conferences": _by_month(numbers, lambda cell: cell.conferences),
        "table5_app_calls": _by_month(numbers, lambda cell: cell.app_calls),
        "table6_by_region": _by_region(numbers),
        "figure4_long_calls": _long_calls(numbers),
        "figure5_peak_simultaneous": [
            ["month", "calls"],
            *(_row(name(month), numbers.peaks[month]) for month in numbers.months),
        ],
        "figure7_instant_meetings": _instant(numbers),
        "minutes": _minutes(numbers),
        "totals": totals(numbers),
    }


def _row(*cells: str | int) -> list[str | int]:
    return list(cells)


def name(month: date) -> str:
    """``2019-06``."""
    return f"{month:%Y-%m}"


def of(numbers: Evaluation, region: str) -> list[Cell]:
    """What was held in a region."""
    return [cell for cell in numbers.cells if cell.region == region]


def _head(numbers: Evaluation, *more: str) -> list[str | int]:
    return ["region", *(name(month) for month in numbers.months), *more]


def _signed_up(numbers: Evaluation) -> Rows:
    rows: list[tuple[str, str | None]] = [(region, region) for region in numbers.regions]
    return [
        _head(numbers),
        *(
            _row(label, *(numbers.signed_up(region, month) for month in numbers.months))
            for label, region in [*rows, (ALL, None)]
        ),
    ]


def _active(numbers: Evaluation) -> Rows:
    rows: list[tuple[str, str | None]] = [(region, region) for region in numbers.regions]
    return [
        _head(numbers),
        *(
            # A practice that moved in the middle of a month is active in both regions, and once in all.
            _row(label, *(len(numbers.active(region=region, month=month)) for month in numbers.months))
            for label, region in [*rows, (ALL, None)]
        ),
    ]


def _by_month(numbers: Evaluation, what: Callable[[Cell], int]) -> Rows:
    found = numbers.by_region_month(what)
    rows: Rows = []
    for region in numbers.regions:
        counts = [found.get((region, month), 0) for month in numbers.months]
        rows.append([region, *counts, sum(counts)])
    everything = [sum(found.get((region, month), 0) for region in numbers.regions) for month in numbers.months]
    return [_head(numbers, "total"), *rows, [ALL, *everything, sum(everything)]]


def _by_region(numbers: Evaluation) -> Rows:
    general = {practice.pk for practice in numbers.practices if practice.kind == "general"}
    rows: Rows = [
        [
            "region", "active_general", "active_specialist", "consultations", "conferences", "total",
            "average_per_active",
        ]
    ]  # fmt: skip
    for label, region in [*((region, region) for region in numbers.regions), (ALL, None)]:
        cells = list(numbers.cells) if region is None else of(numbers, region)
        active = numbers.active(region=region)
        consultations = sums(cells, lambda cell: cell.consultations)
        conferences = sums(cells, lambda cell: cell.conferences)
        calls = consultations + conferences
        # Of nobody there is no average.
        average: str | int = rounded(calls, len(active)) if active else ""
        rows.append([label, len(active & general), len(active - general), consultations, conferences, calls, average])
    return rows


def _long_calls(numbers: Evaluation) -> Rows:
    found = dict.fromkeys(numbers.months, 0)
    for cell in numbers.cells:
        found[cell.month] += cell.long_calls
    return [["month", "calls"], *(_row(name(month), calls) for month, calls in found.items())]


def _peaks(numbers: Evaluation) -> Rows:
    return [["month", "calls"], *(_row(name(month), numbers.peaks[month]) for month in numbers.months)]


def _instant(numbers: Evaluation) -> Rows:
    rows: Rows = [["region", "instant_meetings"]]
    for region in numbers.regions:
        rows.append([region, sums(of(numbers, region), lambda cell: cell.instant_meetings)])
    return rows


def _minutes(numbers: Evaluation) -> Rows:
    consultations = numbers.by_region_month(lambda cell: cell.consultation_seconds)
    conferences = numbers.by_region_month(lambda cell: cell.conference_seconds)
    rows: Rows = [["month", "region", "kind", "minutes"]]
    for month in numbers.months:
        for region in numbers.regions:
            rows.append([name(month), region, "consultation", consultations.get((region, month), 0) // 60])
            rows.append([name(month), region, "conference", conferences.get((region, month), 0) // 60])
    return rows


def totals(numbers: Evaluation) -> Rows:
    """The whole period's sums, which the text names; minutes are cut here, from all seconds."""
    rows: Rows = [["measure", "value"]]
    for kind, calls, seconds in (
        ("consultation", numbers.total(lambda c: c.consultations), numbers.total(lambda c: c.consultation_seconds)),
        ("conference", numbers.total(lambda c: c.conferences), numbers.total(lambda c: c.conference_seconds)),
    ):
        rows += [[f"{kind}s", calls], [f"{kind}_seconds", seconds], [f"{kind}_minutes", seconds // 60]]
    rows += [
        ["instant_meetings", numbers.total(lambda c: c.instant_meetings)],
        ["app_calls", numbers.total(lambda c: c.app_calls)],
        ["practices_signed_up", numbers.signed_up(None, numbers.months[-1])],
        ["practices_active", len(numbers.active())],
    ]
    return rows
