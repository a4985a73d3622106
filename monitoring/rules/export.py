"""The statistics as lines of a file (RFC 4180; UTF-8, comma, header in English, plain numbers).

ISO rather than a local habit: the file is the same for every program and every language of a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from monitoring.rules.readiness import Readiness, State, Step
from monitoring.rules.statistics import Tally
from vdx.lib.spreadsheet import harmless

HEADER = (
    "month",
    "region_code",
    "region_name",
    "practice_code",
    "practice_name",
    "consultations",
    "consultation_seconds",
    "consultation_minutes",
    "conferences",
    "conference_seconds",
    "conference_minutes",
    "instant_meetings",
    "active",
)


def export_rows(
    tallies: Mapping[tuple[int | None, int, date], Tally], *, names: Mapping[int, tuple[str, str]]
) -> Iterator[tuple[str | int, ...]]:
    """One line a region, practice and month of ``tallies``, in order of month. ``names``: code and name by id.

    Seconds stand beside the minutes, so that who adds lines up adds seconds. Texts stand as they are: what writes the
    file makes them harmless.
    """
    lines = []
    for (region, practice, month), tally in tallies.items():
        region_code, region_name = ("", "") if region is None else names[region]
        code, name = names[practice]
        lines.append(
            (
                f"{month:%Y-%m}",
                region_code,
                region_name,
                code,
                name,
                tally.consultations,
                tally.consultation_seconds,
                tally.consultation_minutes,
                tally.conferences,
                tally.conference_seconds,
                tally.conference_minutes,
                tally.instant_meetings,
                1 if tally.active else 0,
            )
        )
    yield from sorted(lines, key=lambda line: line[:5])


READINESS_HEADER = (
    "region_code",
    "region_name",
    "practice_code",
    "practice_name",
    "people",
    "logged_in",
    "second_factor_needed",
    "second_factor",
    "device_test_passed",
    "first_test_call",
    "first_call",
    "stuck_at",
)


def readiness_row(
    readiness: Readiness, *, practice: tuple[str, str], region: tuple[str, str]
) -> tuple[str | int | None, ...]:
    """One line a practice: how many of its people did each thing, days as YYYY-MM-DD, and where it stands.

    ``practice`` and ``region``: code and name. ``stuck_at`` is empty where a real call was held.
    """
    by_step = {state.step: state for state in readiness.states}
    logged_in, second_factor = by_step[Step.LOGGED_IN], by_step[Step.SECOND_FACTOR]
    return (
        harmless(region[0]),
        harmless(region[1]),
        harmless(practice[0]),
        harmless(practice[1]),
        logged_in.of,
        logged_in.count,
        second_factor.of,
        second_factor.count,
        by_step[Step.DEVICE_TEST].count,
        _day(by_step[Step.TEST_CALL]),
        _day(by_step[Step.REAL_CALL]),
        "" if readiness.stuck_at is None else readiness.stuck_at.value,
    )


def _day(state: State) -> str:
    return "" if state.day is None else state.day.isoformat()
