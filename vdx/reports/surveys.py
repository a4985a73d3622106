"""Answers as rows, the header first. The words are Danish, as they were asked, whatever the report's language."""

from __future__ import annotations

from surveys.queries.evaluation import Answers, Asked, Crossed
from surveys.rules.results import scale
from surveys.rules.shares import per_cent
from vdx.reports.tables import Rows

PATIENTS, POSTCARDS = "patients", "postcards"
_LANGUAGE = "da"


def survey_tables(survey: str, answers: Answers) -> dict[str, Rows]:
    """A table a question, and one for each two questions together, by the name of its file."""
    tables = {file_name(survey, asked): question_table(asked) for asked in answers.questions}
    tables |= {cross_name(survey, crossed): cross_table(crossed) for crossed in answers.crossed}
    return tables


def file_name(survey: str, asked: Asked) -> str:
    """``patients_easy_to_use``."""
    return f"{survey}_{asked.name}"


def cross_name(survey: str, crossed: Crossed) -> str:
    """``postcards_carried_out_by_sound``."""
    return f"{survey}_{crossed.second.name}_by_{crossed.first.name}"


def question_table(asked: Asked) -> Rows:
    """Each answer with how many gave it, and per cent of those who answered; without numbers where too few did."""
    rows: Rows = [["code", "label", "n", "percent"]]
    shown = scale(asked.variable, () if asked.withheld else asked.tally.codes)
    tally = asked.tally.on(shown)
    for option in shown.options:
        label = option.text[_LANGUAGE]
        if asked.withheld:
            rows.append([option.code, label, "", ""])
        else:
            rows.append([option.code, label, tally.codes.get(option.code, 0), blank(tally.per_cent(option.code))])
    return rows


def cross_table(crossed: Crossed) -> Rows:
    """For each answer to the first question how the second was answered, in codes; per cent of the first one's."""
    rows: Rows = [[crossed.first.name, crossed.second.name, "n", "percent"]]
    for one in crossed.first.choices:
        for other in crossed.second.choices:
            cell = one.code, other.code
            rows.append([*cell, crossed.cross.cells.get(cell, 0), blank(crossed.cross.per_cent(*cell))])
    return rows


def answered_table(surveys: dict[str, Answers]) -> Rows:
    """How many answered each question, of how many who met it."""
    rows: Rows = [["survey", "variable", "answered", "asked", "percent"]]
    for survey, answers in surveys.items():
        for asked in answers.questions:
            if asked.withheld:
                rows.append([survey, asked.name, "", "", ""])
            else:
                tally = asked.tally
                rows.append([survey, asked.name, tally.answered, tally.asked, blank(tally.answered_per_cent)])
        for crossed in answers.crossed:
            name = f"{crossed.second.name}_by_{crossed.first.name}"
            rows.append([survey, name, crossed.cross.both, "", ""])
    return rows


def rates_table(postcards: Answers, patients: Answers, *, calls: int, consultations: int) -> Rows:
    """Response rates with their denominators; the last rows say what is, and what is not, among the answers."""
    asked, answered = (patients.invited.asked, patients.invited.answered) if patients.invited else (0, 0)
    begun = patients.counted + patients.background_only
    return [
        ["measure", "n", "of", "percent"],
        ["postcards_of_counted_calls", *_share(postcards.counted, calls)],
        ["patients_of_consultations", *_share(patients.counted, consultations)],
        ["answered_of_invitations", *_share(answered, asked)],
        ["patients_background_only", *_share(patients.background_only, begun)],
        ["patients_without_date", *_share(patients.undated, patients.counted)],
        ["postcards_without_date", *_share(postcards.undated, postcards.counted)],
    ]


def _share(part: int, whole: int) -> list[str | int]:
    return [part, whole, blank(per_cent(part, whole))]


def blank(value: int | None) -> str | int:
    """A number, or an empty cell: of nothing there is no share."""
    return "" if value is None else value
