"""Counting answers: who answered, who was asked, and two questions against each other."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from surveys.enums import QuestionKind
from surveys.rules.coding import DROPPED_OUT, NOT_ASKED, SKIPPED
from surveys.rules.questionnaire import ChoiceDef, QuestionDef, Variable
from surveys.rules.results import MOST_BANDS, Cross, Tally, cross, scale, tally
from surveys.rules.shares import per_cent


def variable(kind: QuestionKind, *codes: int, name: str = "x") -> Variable:
    choices = tuple(ChoiceDef(code, {"da": f"svar {code}", "en": f"answer {code}"}) for code in codes)
    text = {"da": "Hvad?", "en": "What?"}
    return Variable(name, QuestionDef(name, kind, text, {}, choices=choices), None, 1)


CONTACT = variable(QuestionKind.SINGLE, 1, 2)
HELPED_BY = variable(QuestionKind.SEVERAL, 1, 2, 7)
YEAR = variable(QuestionKind.YEAR)
NUMBER = variable(QuestionKind.NUMBER)


def test_per_cent_are_of_those_who_answered_and_asked_are_those_who_met_the_question() -> None:
    found = tally(CONTACT, [((1,), 140), ((2,), 26), ((SKIPPED,), 4), ((NOT_ASKED,), 30), ((DROPPED_OUT,), 2)])

    assert found == Tally({1: 140, 2: 26}, answered=166, skipped=4, not_asked=30, dropped_out=2)
    assert (found.asked, found.answered_per_cent) == (170, 98)
    assert (found.per_cent(1), found.per_cent(2), found.per_cent(3)) == (84, 16, 0)


def test_nobody_has_answered() -> None:
    found = tally(CONTACT, [((NOT_ASKED,), 3)])

    assert (found.asked, found.answered_per_cent, found.per_cent(1)) == (0, None, None)


def test_of_several_answers_each_counts_and_the_person_once() -> None:
    found = tally(HELPED_BY, [((1, 1, 0), 3), ((0, 0, 1), 2), ((SKIPPED,) * 3, 1), ((NOT_ASKED,) * 3, 9)])

    assert found == Tally({1: 3, 2: 3, 7: 2}, answered=5, skipped=1, not_asked=9)
    # More than a hundred together: 60 + 60 + 40.
    assert [found.per_cent(code) for code in (1, 2, 7)] == [60, 60, 40]


def test_two_questions_count_who_answered_both() -> None:
    groups = [((1,), (1, 1, 0), 3), ((2,), (0, 1, 0), 1), ((1,), (SKIPPED,) * 3, 5), ((NOT_ASKED,), (1, 0, 0), 7)]

    found = cross(CONTACT, HELPED_BY, groups)

    assert found == Cross({(1, 1): 3, (1, 2): 3, (2, 2): 1}, {1: 3, 2: 1}, {1: 3, 2: 4}, both=4)
    assert [found.per_cent(1, code) for code in (1, 2, 7)] == [100, 100, 0]
    assert found.per_cent(3, 1) is None


def test_years_are_shown_by_tens_and_numbers_by_what_fits() -> None:
    born = tally(YEAR, [((1938,), 1), ((1941,), 2), ((1949,), 3), ((1961,), 1), ((SKIPPED,), 1)])
    shown = scale(YEAR, born.codes)

    assert [option.text["da"] for option in shown.options] == ["1930–1939", "1940–1949", "1950–1959", "1960–1969"]
    assert born.on(shown).codes == {1930: 1, 1940: 5, 1960: 1}
    assert born.on(shown).answered == 7
    assert [option.text["en"] for option in scale(NUMBER, [3, 1]).options] == ["1", "2", "3"]
    assert [option.text["da"] for option in scale(NUMBER, [0, 30]).options][:2] == ["0–4", "5–9"]
    assert scale(NUMBER, []).options == ()
    assert [option.code for option in scale(CONTACT, [1]).options] == [1, 2]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.sampled_from([YEAR, NUMBER]))
def test_every_number_has_a_band_and_there_are_never_too_many(numbers: list[int], kind: Variable) -> None:
    shown = scale(kind, numbers)

    places = [option.code for option in shown.options]
    assert 1 <= len(places) <= MOST_BANDS
    assert {shown.place(number) for number in numbers} <= set(places)
    assert places == sorted(places)


ROW = st.tuples(
    st.sampled_from([1, 2, SKIPPED, NOT_ASKED, DROPPED_OUT]),
    st.one_of(
        st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 1)),
        st.sampled_from([(code,) * 3 for code in (SKIPPED, NOT_ASKED, DROPPED_OUT)]),
    ),
)


@given(st.lists(ROW, max_size=60))
def test_groups_give_what_counting_one_by_one_gives(rows: list[Any]) -> None:
    single = tally(CONTACT, [((code,), count) for code, count in Counter(code for code, _ in rows).items()])
    assert single.answered == sum(code > 0 for code, _ in rows)
    assert single.codes == Counter(code for code, _ in rows if code > 0)
    assert single.answered + single.skipped + single.not_asked + single.dropped_out == len(rows)
    # Whole per cent of one answer each: together a hundred, but for the rounding.
    if single.answered:
        assert abs(sum(single.per_cent(code) or 0 for code in (1, 2)) - 100) <= 1

    both = cross(CONTACT, HELPED_BY, [((one,), several, count) for (one, several), count in Counter(rows).items()])
    met = [(one, several) for one, several in rows if one > 0 and several[0] >= 0]
    assert both.both == len(met) == sum(both.rows.values())
    for code in (1, 2):
        for place, choice in enumerate((1, 2, 7)):
            expected = sum(one == code and several[place] for one, several in met)
            assert both.cells.get((code, choice), 0) == expected
            assert both.per_cent(code, choice) == per_cent(expected, sum(one == code for one, _ in met))
