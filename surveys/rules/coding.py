"""A response as numbers in the columns of its version: what an export writes.

The columns are fixed by the version, never by what was answered. What is missing says why, in the same column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from surveys.enums import TEXT_KINDS, QuestionKind
from surveys.rules.activation import Answer, Answers, verdict
from surveys.rules.questionnaire import LANGUAGES, QuestionnaireDef, Text, Variable
from surveys.rules.walk import kept

# Shown, and not answered.
SKIPPED = -1
# The rules did not ask.
NOT_ASKED = -2
# The page was never sent.
DROPPED_OUT = -3
MISSING = (SKIPPED, NOT_ASKED, DROPPED_OUT)


@dataclass(frozen=True)
class Column:
    """A column of an export: a variable, or one choice of a question with several answers (``code``; 0 or 1).

    ``label`` is what is asked, by language, with the choice after it.
    """

    name: str
    kind: Literal["numeric", "flag"]
    variable: Variable
    label: Text
    code: int | None = None


def columns(definition: QuestionnaireDef) -> tuple[Column, ...]:
    """The columns of a version, in the order of asking. What is written in own words has none."""
    found: list[Column] = []
    for variable in definition.variables:
        label = {language: _label(variable, language) for language in LANGUAGES}
        if variable.kind in TEXT_KINDS:
            continue
        if variable.kind != QuestionKind.SEVERAL:
            found.append(Column(variable.name, "numeric", variable, label))
            continue
        found += [
            Column(
                f"{variable.name}___{choice.code}",
                "flag",
                variable,
                {language: f"{label[language]} – {choice.text[language]}" for language in LANGUAGES},
                choice.code,
            )
            for choice in variable.choices
        ]
    return tuple(found)


def _label(variable: Variable, language: str) -> str:
    """What is asked; of a grid's line with the question above it."""
    asked = variable.question.text[language]
    return asked if variable.row is None else f"{asked} – {variable.text(language)}"


def row(definition: QuestionnaireDef, answers: Answers, reached_page: int) -> tuple[int, ...]:
    """One number a column. ``reached_page`` is the highest page sent; 0 where none was.

    What is unanswered on a page that was never sent is ``DROPPED_OUT``; but where the answers given already rule a
    question out, it would not have been asked on that page either: ``NOT_ASKED``.
    """
    counted = kept(definition, answers)
    # What nobody can know any more, so that no rule can be decided by it.
    unknown: set[str] = set()
    found: list[int] = []
    for variable in definition.variables:
        asked = True if variable.activation is None else verdict(variable.activation, counted, unknown)
        missing = SKIPPED
        if asked is False:
            missing = NOT_ASKED
        elif variable.page > reached_page and variable.name not in counted:
            missing = DROPPED_OUT
            unknown.add(variable.name)
        if variable.kind not in TEXT_KINDS:
            found += _numbers(variable, counted.get(variable.name), missing)
    return tuple(found)


def _numbers(variable: Variable, answer: Answer | None, missing: int) -> list[int]:
    several = variable.kind == QuestionKind.SEVERAL
    if answer is None:
        return [missing] * (len(variable.choices) if several else 1)
    if isinstance(answer, int):
        return [answer]
    return [int(choice.code in answer) for choice in variable.choices]
