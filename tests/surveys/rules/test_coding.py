"""A response as numbers: columns fixed by the version, and what is missing says why."""

from __future__ import annotations

import pytest

from surveys.rules.coding import DROPPED_OUT, NOT_ASKED, SKIPPED, columns, row
from tests.surveys.rules.questionnaires import made, question

DEFINITION = made(
    [
        [question("contact"), question("head", "section")],
        [
            question("by", "several", when={"equals": ["contact", 1]}),
            question("by_text", "short_text", when={"equals": ["by", 2]}),
            question("deeper", when={"equals": ["by", 2]}),
        ],
        [question("scale", "grid"), question("year", "year"), question("comments", "long_text")],
    ]
)


def test_columns_stand_in_the_order_of_asking_and_texts_have_none() -> None:
    assert [(column.name, column.kind, column.code) for column in columns(DEFINITION)] == [
        ("contact", "numeric", None),
        ("by___1", "flag", 1),
        ("by___2", "flag", 2),
        ("by___9", "flag", 9),
        ("deeper", "numeric", None),
        ("scale_one", "numeric", None),
        ("scale_two", "numeric", None),
        ("year", "numeric", None),
    ]


def test_a_column_says_what_was_asked_and_which_answer_it_counts() -> None:
    labels = {column.name: column.label for column in columns(DEFINITION)}

    assert labels["contact"] == {"da": "contact på dansk", "en": "contact in English"}
    assert labels["by___9"] == {"da": "by på dansk – Ingen", "en": "by in English – None"}
    assert labels["scale_one"] == {"da": "scale på dansk – one", "en": "scale in English – one"}


@pytest.mark.parametrize(
    ("answers", "reached", "expected"),
    [
        ({}, 0, (-3, -3, -3, -3, -3, -3, -3, -3)),
        # Contact was skipped: its rule does not ask the questions that hang on it, on whatever page they stand.
        ({}, 1, (-1, -2, -2, -2, -2, -3, -3, -3)),
        ({"contact": 2}, 1, (2, -2, -2, -2, -2, -3, -3, -3)),
        # Who left before page 2 would have been asked; whether "deeper" too, nobody knows.
        ({"contact": 1}, 1, (1, -3, -3, -3, -3, -3, -3, -3)),
        ({"contact": 1}, 2, (1, -1, -1, -1, -2, -3, -3, -3)),
        ({"contact": 1, "by": [1]}, 2, (1, 1, 0, 0, -2, -3, -3, -3)),
        ({"contact": 1, "by": [2, 1]}, 3, (1, 1, 1, 0, -1, -1, -1, -1)),
        ({"contact": 1, "by": [9], "scale_two": 2, "year": 0}, 3, (1, 0, 0, 1, -2, -1, 2, 0)),
        # An answer to what is not shown any more is not there.
        ({"contact": 2, "by": [2], "deeper": 1}, 3, (2, -2, -2, -2, -2, -1, -1, -1)),
        # What was answered counts, also where the person has come back to a page before it since.
        ({"contact": 1, "scale_one": 1}, 1, (1, -3, -3, -3, -3, 1, -3, -3)),
        ({"comments": "Godt"}, 3, (-1, -2, -2, -2, -2, -1, -1, -1)),
    ],
)
def test_what_is_missing_says_why(answers, reached, expected) -> None:
    assert row(DEFINITION, answers, reached) == expected


def test_the_codes_of_what_is_missing_stand_fast() -> None:
    assert (SKIPPED, NOT_ASKED, DROPPED_OUT) == (-1, -2, -3)
