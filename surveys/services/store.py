"""Writing a questionnaire's values into rows."""

from __future__ import annotations

from typing import Any

from surveys.models import Choice, GridRow, Question, QuestionnaireVersion
from surveys.rules.activation import to_data
from surveys.rules.questionnaire import QuestionDef, QuestionnaireDef


def write_pages(version: QuestionnaireVersion, definition: QuestionnaireDef) -> None:
    """Give a version without questions those of ``definition``: three queries, whatever their number."""
    placed = [
        (question, Question(version=version, page=number, position=position, **question_values(question)))
        for number, page in enumerate(definition.pages, start=1)
        for position, question in enumerate(page, start=1)
    ]
    Question.objects.bulk_create(row for _, row in placed)
    Choice.objects.bulk_create(
        Choice(question=row, **values) for question, row in placed for values in choices_of(question)
    )
    GridRow.objects.bulk_create(
        GridRow(question=row, **values) for question, row in placed for values in rows_of(question)
    )


def question_values(question: QuestionDef) -> dict[str, Any]:
    """The columns of a question but its place."""
    return {
        "name": question.name,
        "kind": question.kind.value,
        "text_da": question.text["da"],
        "text_en": question.text["en"],
        "help_da": question.help["da"],
        "help_en": question.help["en"],
        "required": question.required,
        "known_to_others": question.known_to_others,
        "activation": None if question.activation is None else to_data(question.activation),
        "minimum": question.minimum,
        "maximum": question.maximum,
    }


def choices_of(question: QuestionDef) -> list[dict[str, Any]]:
    """The columns of each ready answer."""
    return [
        {
            "position": position,
            "code": choice.code,
            "text_da": choice.text["da"],
            "text_en": choice.text["en"],
            "exclusive": choice.exclusive,
        }
        for position, choice in enumerate(question.choices, start=1)
    ]


def rows_of(question: QuestionDef) -> list[dict[str, Any]]:
    """The columns of each line of a grid."""
    return [
        {"position": position, "name": row.name, "text_da": row.text["da"], "text_en": row.text["en"]}
        for position, row in enumerate(question.rows, start=1)
    ]
