"""The statistics as lines of a file (RFC 4180; UTF-8, comma, header in English, plain numbers).

ISO rather than a local habit: the file is the same for every program and every language of a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitoring.rules.statistics import Statistics

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


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection): such a one gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" \"'")[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text


def export_rows(numbers: Statistics, *, names: Mapping[int, tuple[str, str]]) -> Iterator[tuple[str | int, ...]]:
    """One line a month, region and practice that held anything, in order. ``names``: code and name by id.

    Seconds stand beside the minutes, so that who adds lines up adds seconds.
    """
    lines = []
    for (region, practice, month), tally in numbers.by_practice_month.items():
        region_code, region_name = ("", "") if region is None else names[region]
        code, name = names[practice]
        lines.append(
            (
                f"{month:%Y-%m}",
                harmless(region_code),
                harmless(region_name),
                harmless(code),
                harmless(name),
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
