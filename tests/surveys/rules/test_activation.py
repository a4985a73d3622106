"""Who meets a question: expressions read, held against answers, checked and said in words."""

from __future__ import annotations

import pytest

from surveys.rules.activation import check, holds, in_words, mentioned, read, to_data, verdict
from surveys.rules.faults import BadQuestionnaire
from tests.surveys.rules.questionnaires import made, question

ANSWERS = {"contact": 1, "helped_by": [1, 4], "birth_year": 1946, "why": "Det drillede"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"equals": ["contact", 1]}, True),
        ({"equals": ["contact", 2]}, False),
        ({"equals": ["helped_by", 4]}, True),
        ({"equals": ["helped_by", 2]}, False),
        ({"equals": ["birth_year", 1946]}, True),
        ({"equals": ["absent", 1]}, False),
        ({"in": ["contact", [2, 1]]}, True),
        ({"in": ["helped_by", [2, 3]]}, False),
        ({"in": ["helped_by", [3, 4]]}, True),
        ({"answered": "contact"}, True),
        ({"answered": "absent"}, False),
        ({"not": {"answered": "absent"}}, True),
        ({"and": [{"equals": ["contact", 1]}, {"answered": "helped_by"}]}, True),
        ({"and": [{"equals": ["contact", 1]}, {"answered": "absent"}]}, False),
        ({"or": [{"equals": ["contact", 2]}, {"answered": "helped_by"}]}, True),
        ({"or": [{"equals": ["contact", 2]}, {"answered": "absent"}]}, False),
    ],
)
def test_a_rule_holds_or_does_not(rule, expected) -> None:
    expression = read(rule)

    assert holds(expression, ANSWERS) is expected
    assert to_data(expression) == rule


@pytest.mark.parametrize("empty", ["", [], ()])
def test_an_empty_answer_is_none(empty) -> None:
    assert not holds(read({"answered": "contact"}), {"contact": empty})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"equals": ["later", 1]}, None),
        ({"not": {"answered": "later"}}, None),
        ({"and": [{"equals": ["contact", 2]}, {"equals": ["later", 1]}]}, False),
        ({"and": [{"equals": ["contact", 1]}, {"equals": ["later", 1]}]}, None),
        ({"or": [{"equals": ["contact", 1]}, {"equals": ["later", 1]}]}, True),
        ({"or": [{"equals": ["contact", 2]}, {"equals": ["later", 1]}]}, None),
    ],
)
def test_what_nobody_knows_decides_nothing_that_hangs_on_it(rule, expected) -> None:
    assert verdict(read(rule), ANSWERS, {"later"}) is expected


@pytest.mark.parametrize(
    ("rule", "place", "code"),
    [
        (None, "activation", "rule_unknown"),
        ({}, "activation", "rule_unknown"),
        ({"equals": ["a", 1], "not": {"answered": "a"}}, "activation", "rule_unknown"),
        ({"like": ["a", 1]}, "activation", "rule_unknown"),
        ({"equals": ["a", "1"]}, "activation", "rule_unknown"),
        ({"equals": ["a", True]}, "activation", "rule_unknown"),
        ({"equals": "a"}, "activation", "rule_unknown"),
        ({"in": ["a", []]}, "activation", "rule_unknown"),
        ({"in": ["a", [1, False]]}, "activation", "rule_unknown"),
        ({"and": []}, "activation", "rule_unknown"),
        ({"or": [{"answered": "a"}, {"not": {"answered": 4}}]}, "activation.or[1].not", "rule_unknown"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(rule, place, code) -> None:
    with pytest.raises(BadQuestionnaire) as refused:
        read(rule)

    assert [(fault.place, fault.code) for fault in refused.value.faults] == [(place, code)]


def test_a_rule_without_a_bottom_is_refused() -> None:
    rule = {"answered": "a"}
    for _ in range(2000):
        rule = {"not": rule}

    with pytest.raises(BadQuestionnaire, match="rule_too_deep"):
        read(rule)


def test_the_variables_of_a_rule_are_named_once() -> None:
    rule = {"or": [{"equals": ["b", 1]}, {"and": [{"answered": "a"}, {"not": {"in": ["b", [1, 2]]}}]}]}

    assert mentioned(read(rule)) == ("b", "a")


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        ([question("a"), question("b", when={"equals": ["a", 1]})], []),
        ([question("a"), question("b", when={"equals": ["a", 9]})], [("b", "unknown_code", "a = 9")]),
        ([question("a"), question("b", when={"answered": "c"})], [("b", "unknown_variable", "c")]),
        ([question("a", when={"answered": "b"}), question("b")], [("a", "later_variable", "b")]),
        ([question("a", when={"answered": "a"})], [("a", "cycle", "a")]),
        (
            [question("a", when={"answered": "b"}), question("b", when={"equals": ["a", 1]})],
            [("a", "cycle", "b"), ("b", "cycle", "a")],
        ),
        ([question("t", "long_text"), question("b", when={"answered": "t"})], [("b", "rule_on_text", "t")]),
        ([question("y", "year"), question("b", when={"equals": ["y", 1946]})], []),
        ([question("s", "section", when={"answered": "a"}), question("a")], [("s", "later_variable", "a")]),
        ([question("a"), question("s", "section", when={"answered": "a"})], []),
        ([question("g", "grid", when={"answered": "g_one"})], [("g", "cycle", "g_one")]),
        ([question("g", "grid"), question("b", when={"equals": ["g_two", 2]})], []),
        ([question("g", "grid"), question("b", when={"answered": "g"})], [("b", "unknown_variable", "g")]),
    ],
)
def test_a_rule_looks_back_at_codes_that_there_are(questions, expected) -> None:
    assert [(fault.name, fault.code, fault.detail) for fault in check(made([questions]))] == expected


def test_a_ring_through_three_questions_is_found() -> None:
    ring = [
        question("a", when={"answered": "c"}),
        question("b", when={"answered": "a"}),
        question("c", when={"answered": "b"}),
        question("d", when={"answered": "c"}),
    ]

    assert [(fault.name, fault.code) for fault in check(made([ring]))] == [
        ("a", "cycle"),
        ("b", "cycle"),
        ("c", "cycle"),
    ]


@pytest.mark.parametrize(
    ("rule", "danish", "english"),
    [
        (None, "Alle", "Everybody"),
        ({"equals": ["a", 1]}, "“a på dansk” er “Ja”", "“a in English” is “Yes”"),
        ({"in": ["a", [1, 2]]}, "“a på dansk” er “Ja” eller “Nej”", "“a in English” is “Yes” or “No”"),
        ({"in": ["a", [2]]}, "“a på dansk” er “Nej”", "“a in English” is “No”"),
        ({"answered": "a"}, "“a på dansk” er besvaret", "“a in English” is answered"),
        ({"not": {"answered": "a"}}, "ikke (“a på dansk” er besvaret)", "not (“a in English” is answered)"),
        (
            {"or": [{"and": [{"answered": "a"}, {"equals": ["b", 1]}]}, {"equals": ["y", 1946]}]},
            "(“a på dansk” er besvaret og “b på dansk” er “Ja”) eller “y på dansk” er 1946",
            "(“a in English” is answered and “b in English” is “Yes”) or “y in English” is 1946",
        ),
        ({"equals": ["gone", 3]}, "gone er 3", "gone is 3"),
    ],
)
def test_a_rule_reads_as_a_sentence(rule, danish, english) -> None:
    definition = made([[question("a"), question("b"), question("y", "year")]])
    expression = None if rule is None else read(rule)

    assert in_words(expression, definition, "da") == danish
    assert in_words(expression, definition, "en") == english
