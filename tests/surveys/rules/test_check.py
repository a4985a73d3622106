"""What keeps a questionnaire from being published."""

from __future__ import annotations

import json

import pytest

from surveys.errors import FAULTS
from surveys.rules.check import faults
from surveys.rules.questionnaire import from_json
from tests.surveys.rules.questionnaires import made, question, said
from tests.surveys.shipped import FOLDER


def found(pages, **fields) -> list[tuple[str, str]]:
    return [(fault.place, fault.code) for fault in faults(made(pages, **fields))]


def choice(code: int, **fields) -> dict:
    return {"code": code, "text": said("Ja", "Yes"), **fields}


def test_a_good_one_has_no_faults() -> None:
    pages = [[question("a", help=said("Hjælp", "Help")), question("s", "section"), question("g", "grid")]]

    assert found(pages, context=["region", "month"], introduction=said("Hej", "Hello")) == []


def test_only_one_number_can_be_known_to_others() -> None:
    pages = [[question("age", "number", known_to_others=True), question("g", "grid", known_to_others=True)]]

    assert found(pages) == [("pages[0][1].known_to_others", "known_kind")]


def shipped_card(edition: str, change=None) -> list[tuple[str, str]]:
    data = json.loads((FOLDER / f"postcard_{edition}.json").read_text(encoding="utf-8"))
    if change is not None:
        change(data["pages"][0])
    return [(fault.place, fault.code) for fault in faults(from_json(data))]


@pytest.mark.parametrize("edition", ["national", "syddanmark"])
def test_a_card_may_ask_in_another_order_and_in_other_words(edition) -> None:
    def change(page) -> None:
        page.reverse()
        page[0]["text"] = said("Nye ord", "New words")

    assert shipped_card(edition, change) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda page: page.append(question("more")),
            [("pages", "postcard_questions"), ("pages[0][5]", "postcard_question")],
        ),
        (lambda page: page.pop(), [("pages", "postcard_questions")]),
        (lambda page: page[1].update(choices=[choice(1), choice(3)]), [("pages[0][1]", "postcard_question")]),
        (lambda page: page[1].update(kind="several"), [("pages[0][1]", "postcard_question")]),
        (lambda page: page[1].update(required=True), [("pages[0][1]", "postcard_question")]),
        (
            lambda page: page[1].update(activation={"equals": ["carried_out", 1]}),
            [("pages[0][1]", "postcard_question")],
        ),
    ],
)
def test_a_card_asks_what_it_has_columns_for(change, expected) -> None:
    assert shipped_card("national", change) == expected


@pytest.mark.parametrize("asked", [question("sex", "several"), question("birth_year", "number")])
def test_who_somebody_is_is_asked_so_that_the_check_of_privacy_can_read_it(asked) -> None:
    assert found([[asked]]) == [("pages[0][0].kind", "person_kind")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"key": "Små"}, [("key", "bad_name")]),
        ({"title": said("Lille", " ")}, [("title.en", "empty_text")]),
        ({"introduction": said("Hej", "")}, [("introduction.en", "empty_text")]),
        ({"thanks": said("", "Thanks")}, [("thanks.da", "empty_text")]),
        ({"context": ["region", "weather"]}, [("context[1]", "unknown_fact")]),
        ({"context": ["region", "region"]}, [("context[1]", "unknown_fact")]),
    ],
)
def test_the_whole(fields, expected) -> None:
    assert found([[question("a")]], **fields) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (question("a", text=said("Hvad?", "")), [("text.en", "empty_text")]),
        (question("a", text=said("", "What?")), [("text.da", "empty_text")]),
        (question("a", help=said("Hjælp", "")), [("help.en", "empty_text")]),
        (question("Sex"), [("name", "bad_name")]),
        (question("1st"), [("name", "bad_name")]),
        (question("køn"), [("name", "bad_name")]),
        (question("a" * 33), [("name", "bad_name")]),
        (question("a___1"), [("name", "bad_name")]),
        (question("a_"), [("name", "bad_name")]),
        (question("date"), [("name", "taken_name")]),
        (question("region"), [("name", "taken_name")]),
        (question("class"), [("name", "taken_name")]),
        (question("a", choices=[]), [("choices", "choices_missing")]),
        (question("a", choices=[choice(1)]), [("choices", "choices_missing")]),
        (question("a", choices=[choice(1), choice(1)]), [("choices[1].code", "code_twice")]),
        (question("a", choices=[choice(0), choice(1)]), [("choices[0].code", "bad_code")]),
        (question("a", choices=[choice(1), choice(-3)]), [("choices[1].code", "bad_code")]),
        (question("a", choices=[choice(1), choice(1000)]), [("choices[1].code", "bad_code")]),
        (question("a", choices=[choice(1), choice(2, text=said("Nej", ""))]), [("choices[1].text.en", "empty_text")]),
        (question("a", choices=[choice(1), choice(2, exclusive=True)]), [("choices[1].exclusive", "exclusive_alone")]),
        (question("a", "several"), []),
        (question("a", "year", choices=[choice(1), choice(2)]), [("choices", "choices_unused")]),
        (question("a", "grid", rows=[]), [("rows", "rows_missing")]),
        (question("a", rows=[{"name": "b", "text": said("b", "b")}]), [("rows", "rows_unused")]),
        (question("a", "grid", rows=[{"name": "b", "text": said("b", "")}]), [("rows[0].text.en", "empty_text")]),
        (question("a", "grid", rows=[{"name": "a", "text": said("b", "b")}]), [("rows[0].name", "name_twice")]),
        (question("a", "section", required=True), [("required", "section_required")]),
        (question("a", minimum=1), [("minimum", "bound_unused")]),
        (question("a", "number", minimum=-1), [("minimum", "bound_negative")]),
        (question("a", "number", minimum=5, maximum=4), [("maximum", "bounds_crossed")]),
        (question("a", "number", minimum=5, maximum=5), []),
        (question("a", when={"answered": "a"}), [("activation", "cycle")]),
    ],
)
def test_a_question(asked, expected) -> None:
    pages = [[question("before")], [asked, question("after")]]

    assert found(pages) == [(f"pages[1][0].{place}", code) for place, code in expected]


def test_two_questions_with_one_name() -> None:
    assert found([[question("a")], [question("b"), question("a")]]) == [("pages[1][1].name", "name_twice")]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([], [("pages", "no_questions")]),
        ([[question("s", "section")]], [("pages", "no_questions"), ("pages[0]", "empty_page")]),
        ([[question("a")], [question("s", "section")]], [("pages[1]", "empty_page")]),
    ],
)
def test_a_page_has_something_to_answer(pages, expected) -> None:
    assert found(pages) == expected


def test_every_fault_has_words_for_people() -> None:
    import re
    from pathlib import Path

    import surveys.rules.check as module

    folder = Path(module.__file__).parent
    sources = "".join((folder / f"{name}.py").read_text() for name in ("check", "activation"))
    codes = set(re.findall(r'Fault\([^)\n]*?, "([a-z_]+)"', sources)) | set(re.findall(r'"(rows_\w+)"', sources))
    codes |= set(re.findall(r'wrong\("([a-z_]+)"', (folder / "reading.py").read_text()))
    assert len(codes) > 30
    assert codes | {"not_json", "too_large", "rule_unreadable"} == set(FAULTS)
