"""A questionnaire read from JSON: what cannot be read is named by its place, all of it at once."""

from __future__ import annotations

import pytest

from surveys.enums import Edition
from surveys.rules.faults import BadQuestionnaire
from surveys.rules.questionnaire import from_json, postcard_key, to_json, variables
from tests.surveys.rules.questionnaires import made, question, raw, said


def places(data: object) -> list[tuple[str, str]]:
    with pytest.raises(BadQuestionnaire) as refused:
        from_json(data)
    return [(fault.place, fault.code) for fault in refused.value.faults]


def test_what_is_written_is_read_again_unchanged() -> None:
    definition = made(
        [
            [question("a", help=said("Hjælp", "Help"), required=True), question("s", "section")],
            [question("y", "year", minimum=1900, maximum=2026), question("g", "grid", when={"answered": "a"})],
            [question("m", "several", when={"not": {"in": ["g_one", [1, 2]]}}), question("t", "short_text")],
        ],
        number=4,
        introduction=said("Velkommen", "Welcome"),
        thanks=said("Tak", "Thanks"),
        context=["region", "month"],
    )

    assert from_json(to_json(definition)) == definition


def test_variables_stand_in_the_order_of_asking_and_a_grid_has_one_a_line() -> None:
    definition = made(
        [[question("s", "section"), question("g", "grid")], [question("m", "several"), question("t", "short_text")]]
    )

    assert [(each.name, each.page, each.kind.value) for each in variables(definition)] == [
        ("g_one", 1, "grid"),
        ("g_two", 1, "grid"),
        ("m", 2, "several"),
        ("t", 2, "short_text"),
    ]
    assert definition.variable("g_two").text("en") == "two"
    assert definition.variable("g") is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([], [(".", "not_an_object")]),
        ("nothing", [(".", "not_an_object")]),
        (
            {"kye": "small"},
            [(".", "unknown_key"), *((each, "missing_key") for each in ("audience", "key", "pages", "title"))],
        ),
        (raw([], audience="doctor"), [("audience", "unknown_word")]),
        (raw([], number="1"), [("number", "not_a_number")]),
        (raw([], number=2**40), [("number", "not_a_number")]),
        (raw({}), [("pages", "not_a_list")]),
        (raw([{}]), [("pages[0]", "not_a_list")]),
        (raw([[{}]]), [(f"pages[0][0].{each}", "missing_key") for each in ("kind", "name", "text")]),
        (raw([[question("a", kind="slider")]]), [("pages[0][0].kind", "unknown_word")]),
        (raw([[question("a", required="yes")]]), [("pages[0][0].required", "not_a_flag")]),
        (raw([[question("a", minimum=1.5)]]), [("pages[0][0].minimum", "not_a_number")]),
        (raw([[question("a", minimum=True)]]), [("pages[0][0].minimum", "not_a_number")]),
        (raw([[question("a", text="Hej")]]), [("pages[0][0].text", "not_an_object")]),
        (
            raw([[question("a", text={"da": 4, "sv": "Hej"})]]),
            [("pages[0][0].text", "unknown_key"), ("pages[0][0].text.da", "not_a_text")],
        ),
        (
            raw([[question("a", choices=[{"code": "1"}])]]),
            [("pages[0][0].choices[0].text", "missing_key"), ("pages[0][0].choices[0].code", "not_a_number")],
        ),
        (raw([[question("a")], [question("b", when={"like": 1})]]), [("pages[1][0].activation", "rule_unknown")]),
        (raw([], context="region"), [("context", "not_a_list")]),
        (raw([], context=[4]), [("context[0]", "not_a_text")]),
        (raw([], context=[None]), [("context[0]", "not_a_text")]),
    ],
)
def test_what_cannot_be_read_is_named_by_its_place(data, expected) -> None:
    assert places(data) == expected


def test_everything_that_is_wrong_is_said_at_once_with_the_question() -> None:
    data = raw([[question("first", required=1), question("second", when={"and": [4]})]], audience=3)

    with pytest.raises(BadQuestionnaire) as refused:
        from_json(data)
    assert [(fault.place, fault.name, fault.code) for fault in refused.value.faults] == [
        ("audience", "", "not_a_text"),
        ("pages[0][0].required", "first", "not_a_flag"),
        ("pages[0][1].activation.and[0]", "second", "rule_unknown"),
    ]


def test_each_edition_of_the_postcard_has_its_key() -> None:
    assert [postcard_key(edition) for edition in Edition] == ["postcard_national", "postcard_syddanmark"]
