"""Moving questions among pages."""

from __future__ import annotations

import pytest

from surveys.rules.ordering import Move, moved


@pytest.mark.parametrize(
    ("pages", "item", "move", "expected"),
    [
        (["ab", "cd"], "b", Move.UP, ["ba", "cd"]),
        (["ab", "cd"], "a", Move.DOWN, ["ba", "cd"]),
        (["ab", "cd"], "c", Move.UP, ["abc", "d"]),
        (["ab", "cd"], "b", Move.DOWN, ["a", "bcd"]),
        (["ab", "cd"], "a", Move.UP, ["ab", "cd"]),
        (["ab", "cd"], "d", Move.DOWN, ["ab", "cd"]),
        (["a", "cd"], "a", Move.DOWN, ["acd"]),
        (["ab", "c"], "c", Move.UP, ["abc"]),
        (["abc"], "b", Move.BREAK, ["a", "bc"]),
        (["ab", "cd"], "c", Move.BREAK, ["abcd"]),
        (["ab", "cd"], "a", Move.BREAK, ["ab", "cd"]),
        (["ab", "cd", "ef"], "d", Move.BREAK, ["ab", "c", "d", "ef"]),
    ],
)
def test_a_question_moves_within_its_page_and_over_its_edge(pages, item, move, expected) -> None:
    assert ["".join(page) for page in moved(pages, item, move)] == expected
