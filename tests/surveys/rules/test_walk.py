"""The way through a questionnaire: what is shown, what counts, which page comes next, what is refused."""

from __future__ import annotations

import pytest

from surveys.rules import walk
from tests.surveys.rules.questionnaires import made, question

THREE = made(
    [
        [question("contact"), question("why", "long_text", when={"equals": ["contact", 2]})],
        [
            question("head", "section", when={"equals": ["contact", 1]}),
            question("helped", when={"equals": ["contact", 1]}),
            question("by", "several", when={"equals": ["helped", 1]}),
            question("by_text", "short_text", when={"equals": ["by", 2]}),
        ],
        [question("again", required=True), question("year", "year", minimum=1900), question("scale", "grid")],
    ]
)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {"contact"}),
        ({"contact": 1}, {"contact", "helped"}),
        ({"contact": 2}, {"contact", "why"}),
        ({"contact": 1, "helped": 1, "by": [1]}, {"contact", "helped", "by"}),
        ({"contact": 1, "helped": 1, "by": [1, 2]}, {"contact", "helped", "by", "by_text"}),
        # What was answered before the person went back and said no counts for nothing.
        ({"contact": 2, "helped": 1, "by": [2]}, {"contact", "why"}),
    ],
)
def test_what_is_shown_follows_from_the_answers_that_count(answers, expected) -> None:
    assert walk.shown(THREE, answers) == expected | {"again", "year", "scale_one", "scale_two"}


def test_no_number_is_as_long_as_a_telephone_number() -> None:
    asked = [made([[question("n", "number", **bound)]]).variables[0] for bound in ({}, {"maximum": 99_999_999})]

    for variable in asked:
        assert (walk.refusal(variable, 999_999), walk.refusal(variable, 12_345_678)) == (None, "too_large")


def test_answers_to_what_is_not_shown_are_not_kept() -> None:
    answers = {"contact": 2, "why": "Lyden", "helped": 1, "by": [2], "by_text": "Naboen", "again": 1, "strange": 5}

    assert walk.kept(THREE, answers) == {"contact": 2, "why": "Lyden", "again": 1}


@pytest.mark.parametrize("empty", ["", [], None])
def test_empty_answers_are_not_kept(empty) -> None:
    assert walk.kept(THREE, {"contact": empty}) == {}


def test_a_page_shows_its_questions_in_order_with_sections() -> None:
    met = walk.page_questions(THREE, 2, {"contact": 1, "helped": 1})

    assert [each.name for each in met] == ["head", "helped", "by"]
    assert walk.page_questions(THREE, 2, {"contact": 2}) == ()


def test_a_page_with_nothing_to_answer_is_passed_over_both_ways() -> None:
    assert walk.next_page(THREE, 0, {}) == 1
    assert walk.next_page(THREE, 1, {"contact": 1}) == 2
    assert walk.next_page(THREE, 1, {"contact": 2}) == 3
    assert walk.previous_page(THREE, 3, {"contact": 2}) == 1
    assert walk.previous_page(THREE, 3, {"contact": 1}) == 2
    assert walk.previous_page(THREE, 1, {}) is None
    assert walk.next_page(THREE, 3, {}) is None


def test_progress_counts_the_pages_of_this_person() -> None:
    assert walk.progress(THREE, 1, {"contact": 1}) == (0, 3)
    assert walk.progress(THREE, 3, {"contact": 1}) == (2, 3)
    assert walk.progress(THREE, 3, {"contact": 2}) == (1, 2)


@pytest.mark.parametrize(
    ("page", "answers", "expected"),
    [
        (1, {}, {}),
        (1, {"contact": 1}, {}),
        (1, {"contact": 3}, {"contact": "unknown_code"}),
        (1, {"contact": True}, {"contact": "unknown_code"}),
        (1, {"contact": [1]}, {"contact": "unknown_code"}),
        (1, {"contact": "1"}, {"contact": "unknown_code"}),
        (1, {"contact": 2, "why": "a" * 4000}, {}),
        (1, {"contact": 2, "why": "a" * 4001}, {"why": "too_long"}),
        (1, {"contact": 2, "why": 4}, {"why": "not_a_text"}),
        (1, {"contact": 1, "why": 4}, {}),
        (2, {"contact": 1, "helped": 1, "by": [1, 2]}, {}),
        (2, {"contact": 1, "helped": 1, "by": [9]}, {}),
        (2, {"contact": 1, "helped": 1, "by": [9, 1]}, {"by": "exclusive"}),
        (2, {"contact": 1, "helped": 1, "by": [1, 3]}, {"by": "unknown_code"}),
        (2, {"contact": 1, "helped": 1, "by": 1}, {"by": "unknown_code"}),
        (2, {"contact": 1, "helped": 1, "by": [2], "by_text": "a" * 201}, {"by_text": "too_long"}),
        (3, {}, {"again": "required"}),
        (3, {"again": 1, "year": 1946}, {}),
        (3, {"again": 1, "year": 1899}, {"year": "too_small"}),
        (3, {"again": 1, "year": 2027}, {"year": "too_large"}),
        (3, {"again": 1, "year": "1946"}, {"year": "not_a_number"}),
        (3, {"again": 1, "year": True}, {"year": "not_a_number"}),
        (3, {"again": 1, "scale_one": 2}, {}),
        (3, {"again": 1, "scale_two": 7}, {"scale_two": "unknown_code"}),
    ],
)
def test_what_cannot_be_taken_says_why(page, answers, expected) -> None:
    assert walk.refusals(THREE, page, answers, year=2026) == expected


@pytest.mark.parametrize(
    ("kind", "fields", "year", "expected"),
    [
        ("year", {}, None, (1900, 2100)),
        ("year", {}, 2026, (1900, 2026)),
        ("year", {"maximum": 2010}, 2026, (1900, 2010)),
        ("number", {}, None, (0, 999_999)),
        ("number", {"minimum": 3, "maximum": 5}, 2026, (3, 5)),
    ],
)
def test_numbers_have_bounds_and_never_go_below_zero(kind, fields, year, expected) -> None:
    [[asked]] = made([[question("n", kind, **fields)]]).pages

    assert walk.bounds(asked, year=year) == expected


def test_what_must_be_answered_is_found_only_where_it_is_shown() -> None:
    definition = made([[question("a"), question("b", required=True, when={"equals": ["a", 1]})]])

    found = walk.first_unanswered(definition, {"a": 1})
    assert found is not None
    assert found.name == "b"
    assert walk.first_unanswered(definition, {"a": 2}) is None
    assert walk.first_unanswered(definition, {"a": 1, "b": 2}) is None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [({}, True), ({"contact": 2, "why": "x"}, True), ({"contact": 2, "helped": 1}, True), ({"again": 1}, False)],
)
def test_background_alone_is_nothing_beyond_the_first_page(answers, expected) -> None:
    assert walk.background_only(THREE, answers) is expected


def test_a_questionnaire_of_one_page_has_no_background_of_its_own() -> None:
    assert not walk.background_only(made([[question("a")]]), {})


def test_who_answers_otherwise_has_not_reached_the_pages_they_never_saw() -> None:
    before = {"contact": 2, "again": 1}
    after = {"contact": 1, "again": 1}

    assert walk.reached_after(THREE, 1, 3, before=before, after=after) == 1
    assert walk.reached_after(THREE, 1, 3, before=after, after=before) == 3
    assert walk.reached_after(THREE, 3, 1, before={"contact": 1}, after=after) == 3


def test_a_page_sent_without_what_must_be_answered_is_not_reached() -> None:
    definition = made([[question("a")], [question("b", required=True)], [question("c", when={"equals": ["b", 1]})]])

    assert walk.reached_after(definition, 1, 0, before={}, after={"a": 1}) == 1
    assert walk.reached_after(definition, 2, 1, before={}, after={}) == 1
    assert walk.reached_after(definition, 2, 3, before={"b": 1, "c": 1}, after={"c": 1}) == 1
    assert walk.reached_after(definition, 2, 1, before={}, after={"b": 1}) == 2
