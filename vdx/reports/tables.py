"""The evaluation report's tables and figures as rows, the header first. The files' words are English and stable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol

from monitoring.rules.evaluation import Cell, Evaluation, percent, rounded, sums

Rows = list[list[str | int]]
ALL = "I alt"


class Uptime(Protocol):
    """How the probe fared in a month: how many times it was due, and what came of it."""

    @property
    def month(self) -> date: ...
    @property
    def expected(self) -> int: ...
    @property
    def succeeded(self) -> int: ...
    @property
    def failed(self) -> int: ...
    @property
    def missing(self) -> int: ...


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
    """The whole period's sums, shares and averages, which the text names; minutes are cut here, from all seconds.

    Of nothing there is no share and no average, and no row.
    """
    rows: Rows = [["measure", "value"]]
    for kind, calls, seconds in (
        ("consultation", numbers.total(lambda c: c.consultations), numbers.total(lambda c: c.consultation_seconds)),
        ("conference", numbers.total(lambda c: c.conferences), numbers.total(lambda c: c.conference_seconds)),
    ):
        rows += [[f"{kind}s", calls], [f"{kind}_seconds", seconds], [f"{kind}_minutes", seconds // 60]]
        if calls:
            rows.append([f"{kind}_average_minutes", rounded(seconds, calls * 60)])
    calls, consultations = numbers.total(lambda c: c.calls), numbers.total(lambda c: c.consultations)
    instant, apps = numbers.total(lambda c: c.instant_meetings), numbers.total(lambda c: c.app_calls)
    rows += [
        ["calls", calls],
        ["long_calls", numbers.total(lambda c: c.long_calls)],
        *_of("long_calls_percent", numbers.total(lambda c: c.long_calls), calls),
        ["peak_simultaneous", max(numbers.peaks.values(), default=0)],
        ["instant_meetings", instant],
        *_of("instant_meetings_percent", instant, calls),
        ["app_calls", apps],
        *_of("app_calls_percent", apps, consultations),
        ["practices_signed_up", numbers.signed_up(None, numbers.months[-1])],
        ["practices_active", len(numbers.active())],
    ]
    if numbers.active():
        rows.append(["calls_per_active_practice", rounded(calls, len(numbers.active()))])
    return rows


def uptime_table(months: Iterable[date], found: Iterable[Uptime]) -> Rows:
    """Per cent of the intervals that a probe was due in; a month without any has no share."""
    known = {each.month: each for each in found}
    rows: Rows = [["month", "percent", "probes"]]
    for month in months:
        each = known.get(month)
        share = None if each is None else percent(each.succeeded, each.expected)
        rows.append([name(month), "" if share is None else share, 0 if each is None else each.expected])
    return rows


def uptime_totals(found: Sequence[Uptime]) -> Rows:
    """The whole period's probes, for ``totals``."""
    expected, succeeded = sum(each.expected for each in found), sum(each.succeeded for each in found)
    return [
        ["probes", expected],
        ["probes_succeeded", succeeded],
        ["probes_failed", sum(each.failed for each in found)],
        ["probes_missing", sum(each.missing for each in found)],
        *_of("uptime_percent", succeeded, expected),
    ]


def _of(measure: str, part: int, whole: int) -> Rows:
    share = percent(part, whole)
    return [] if share is None else [[measure, share]]
