"""The columns of an export: what each is called, and what it says that it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from surveys.enums import Edition
from surveys.rules import check
from surveys.rules.export.dataset import of_postcards, of_questionnaire
from surveys.rules.questionnaire import PATIENTS, QuestionnaireDef, postcard_key
from tests.surveys.rules.questionnaires import made, question
from tests.surveys.shipped import shipped

SHIPPED = {definition.key: definition for definition in shipped()}


def labels(definition: QuestionnaireDef) -> dict[str, str]:
    return {field.name: field.label["da"] for field in of_questionnaire(definition, []).fields}


def test_a_line_of_a_grid_says_the_question_once() -> None:
    asked = {variable.name: variable for variable in SHIPPED[PATIENTS].variables}["easy_to_use"]

    assert labels(SHIPPED[PATIENTS])["easy_to_use"] == f"{asked.question.text['da']} – {asked.text('da')}"


def test_what_others_know_stands_apart_from_the_answers_and_is_checked() -> None:
    marked = made(
        [[question("job", known_to_others=True), question("mood"), question("sex"), question("age", "number")]]
    )

    found = of_questionnaire(marked, [])

    assert [field.name for field in found.person] == ["sex", "job"]
    assert [attribute.name for attribute in found.person_attributes] == ["sex", "job"]
    assert (found.places, [field.name for field in found.answers]) == ((2, 0), ["mood", "age"])


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_no_question_may_take_the_name_of_a_column_of_ours(key: str) -> None:
    definition = SHIPPED[key]
    made = of_questionnaire(definition, []) if key == PATIENTS else of_postcards(definition, [])
    ours = [made.running, *made.flags, *([] if made.band is None else [made.band])]

    assert {field.name for field in ours} <= check.OURS


def test_a_card_says_how_syddanmark_asks_where_it_asks_in_other_words() -> None:
    national, syddanmark = (SHIPPED[postcard_key(edition)] for edition in (Edition.NATIONAL, Edition.SYDDANMARK))
    asked = {
        definition.key: {v.name: v.text("da") for v in definition.variables} for definition in (national, syddanmark)
    }

    said = {field.name: field.label["da"] for field in of_postcards(national, [], syddanmark).answers}

    assert said["sound"] == asked[national.key]["sound"]
    assert said["longer"] == f"{asked[national.key]['longer']} (Syddanmark: {asked[syddanmark.key]['longer']})"
    assert said["replaced"] == asked[national.key]["replaced"]


def test_the_postcards_columns_follow_no_order_but_their_names() -> None:
    national = SHIPPED[postcard_key(Edition.NATIONAL)]
    turned = replace(national, pages=tuple(tuple(reversed(page)) for page in national.pages))

    assert [field.name for field in of_postcards(turned, []).answers] == [
        "replaced",
        "longer",
        "sound",
        "picture",
        "carried_out",
    ]
