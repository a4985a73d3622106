"""Rules written as a line of text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.activation import And, Answered, Equals, In, Not, Or
from surveys.rules.faults import BadQuestionnaire
from surveys.rules.rule_text import as_text, parse

A, B, C = Equals("a", 1), In("b", (1, 2)), Answered("c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("  ", None),
        ("a = 1", A),
        ("a=1", A),
        ("b = 1, 2", B),
        ("c besvaret", C),
        ("c answered", C),
        ("ikke a = 1", Not(A)),
        ("a = 1 og b = 1, 2 og c besvaret", And((A, B, C))),
        ("a = 1 ELLER b = 1,2", Or((A, B))),
        ("a = 1 eller b = 1, 2 og c besvaret", Or((A, And((B, C))))),
        ("(a = 1 eller b = 1, 2) og ikke (c besvaret)", And((Or((A, B)), Not(C)))),
        ("a = 1 and not c answered or b = 1, 2", Or((And((A, Not(C))), B))),
    ],
)
def test_a_line_says_a_rule(text, expected) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a", "a"),
        ("a 1", "1"),
        ("a = ", "="),
        ("a = b", "b"),
        ("a = 1 2", "2"),
        ("a = 1 og", ""),
        ("og a = 1", "og"),
        ("(a = 1", "("),
        ("a = 1)", ")"),
        ("a > 1", "> 1"),
        ("1 = a", "1"),
        ("a = 1234567890", "1234567890"),
        ("a = 1 " * 400, ""),
    ],
)
def test_the_word_that_is_not_understood_is_named(text, word) -> None:
    with pytest.raises(BadQuestionnaire) as refused:
        parse(text)

    assert [(fault.code, fault.detail) for fault in refused.value.faults] == [("rule_unreadable", word)]


@pytest.mark.parametrize("text", ["(" * 400 + "a = 1", "ikke " * 150 + "a = 1"])
def test_a_rule_has_a_bottom(text) -> None:
    with pytest.raises(BadQuestionnaire, match="rule_too_deep"):
        parse(text)


NAMES = st.sampled_from(["a", "contact", "helped_by"])
LEAVES = (
    st.builds(Equals, NAMES, st.integers(0, 999))
    | st.builds(In, NAMES, st.lists(st.integers(0, 999), min_size=2, max_size=3).map(tuple))
    | st.builds(Answered, NAMES)
)


def together(parts: st.SearchStrategy) -> st.SearchStrategy:
    some = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, parts) | st.builds(And, some) | st.builds(Or, some)


@given(expression=st.recursive(LEAVES, together, max_leaves=5).filter(lambda found: len(as_text(found)) < 900))
def test_what_is_written_is_read_again(expression) -> None:
    assert parse(as_text(expression)) == expression
