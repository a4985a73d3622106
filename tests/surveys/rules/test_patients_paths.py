"""The patients' questionnaire on every path: whatever somebody answers, in whatever order of going back and forth.

No question is shown that the rules exclude, no answer is kept to a question that is not shown, and the columns of the
export are the same for all. Who gets what is written down here once more, from the study's own description.
"""

from __future__ import annotations

import itertools
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.enums import NUMBER_KINDS, TEXT_KINDS, QuestionKind
from surveys.rules import coding, walk
from surveys.rules.questionnaire import from_json
from tests.surveys.shipped import FOLDER

PATIENTS = from_json(json.loads((FOLDER / "patients.json").read_text()))
EVERYBODY = {"sex", "birth_year", "contact", "device", "accept_again", "comments"}
WITH_CONTACT = {
    *("times_used", "easy_to_use", "quick_to_learn", "information_clear", "helped", "usability_comments"),
    *("picture", "sound", "other_problems", "time_preparing", "time_waiting", "time_talking", "transport_important"),
    *("good_contact", "felt_safe", "would_recommend", "advantages", "drawbacks"),
}
# Variable: the question that brings it up, and with which answer.
FOLLOW_UPS = {
    "helped_by": ("helped", 1),
    "helped_by_text": ("helped_by", 4),
    "picture_prevented": ("picture", 2),
    "sound_prevented": ("sound", 2),
    "other_problems_text": ("other_problems", 1),
    "other_problems_prevented": ("other_problems", 1),
    "accept_again_why": ("accept_again", 3),
    "advantages_text": ("advantages", 5),
    "drawbacks_text": ("drawbacks", 5),
}
NAMES = [
    *("sex", "birth_year", "contact", "contact_why", "times_used", "device", "easy_to_use", "quick_to_learn"),
    *("information_clear", "helped", "helped_by", "helped_by_text", "usability_comments", "picture"),
    *("picture_prevented", "sound", "sound_prevented", "other_problems", "other_problems_text"),
    *("other_problems_prevented", "time_preparing", "time_waiting", "time_talking", "transport_important"),
    *("good_contact", "felt_safe", "would_recommend", "accept_again", "accept_again_why", "advantages"),
    *("advantages_text", "drawbacks", "drawbacks_text", "comments"),
]
CODES = {
    "sex": [1, 2],
    "contact": [1, 2],
    "times_used": [1, 2, 3],
    "device": [1, 2, 3, 4, 5],
    **{key: [1, 2, 3, 4, 5, 6] for key in ["easy_to_use", "quick_to_learn", "information_clear"]},
    **{key: [1, 2, 3] for key in ["helped", "picture_prevented", "sound_prevented", "transport_important"]},
    "helped_by": [1, 2, 3, 4],
    **{key: [1, 2, 3] for key in ["picture", "sound", "other_problems", "other_problems_prevented", "accept_again"]},
    **{key: [2, 3, 4, 5] for key in ["time_preparing", "time_waiting", "time_talking"]},
    **{key: [1, 2, 3, 4, 5, 6] for key in ["good_contact", "felt_safe", "would_recommend"]},
    "advantages": [7, 1, 6, 2, 3, 4, 5],
    "drawbacks": [6, 1, 2, 3, 4, 5],
}
COLUMNS = coding.columns(PATIENTS)


def asked_by_the_study(answers: dict) -> set[str]:
    """Who gets what, said without the engine."""
    asked = set(EVERYBODY)
    if answers.get("contact") == 1:
        asked |= WITH_CONTACT
    if answers.get("contact") == 2:
        asked.add("contact_why")
    for name, (above, code) in FOLLOW_UPS.items():
        given_above = answers.get(above, [])
        chosen = given_above if isinstance(given_above, list) else [given_above]
        if above in asked and code in chosen:
            asked.add(name)
    return asked


def an_answer(variable) -> st.SearchStrategy:
    """An answer that can be taken, or none."""
    codes = [choice.code for choice in variable.choices]
    if variable.kind == QuestionKind.SEVERAL:
        alone = [choice.code for choice in variable.choices if choice.exclusive]
        others = [code for code in codes if code not in alone]
        some = st.lists(st.sampled_from(others), unique=True, min_size=1)
        return st.none() | (some if not alone else some | st.sampled_from([[code] for code in alone]))
    if variable.kind in TEXT_KINDS:
        return st.none() | st.text(min_size=1, max_size=20)
    if variable.kind in NUMBER_KINDS:
        return st.none() | st.integers(1900, 2026)
    return st.none() | st.sampled_from(codes)


EVERY_ANSWER = st.fixed_dictionaries({variable.name: an_answer(variable) for variable in PATIENTS.variables}).map(
    lambda answers: {name: answer for name, answer in answers.items() if answer is not None}
)


def test_names_and_codes_are_those_that_never_change() -> None:
    assert [variable.name for variable in PATIENTS.variables] == NAMES
    codes = {
        variable.name: [choice.code for choice in variable.choices]
        for variable in PATIENTS.variables
        if variable.choices
    }
    assert codes == CODES
    alone = {
        variable.name: [each.code for each in variable.choices if each.exclusive] for variable in PATIENTS.variables
    }
    assert {name: found for name, found in alone.items() if found} == {"advantages": [7], "drawbacks": [6]}


def test_every_path_of_the_rules_is_the_studys() -> None:
    """Each answer that a rule asks about, with each of the others, and none."""
    several = {"helped_by": [[1], [4]], "advantages": [[1], [5]], "drawbacks": [[1], [5]]}
    deciding = ["contact", "helped", "picture", "sound", "other_problems", "accept_again"]
    ways = [[None, *CODES[name]] for name in deciding] + [[None, *some] for some in several.values()]
    for way in itertools.product(*ways[:5], [None, 1, 3], *ways[6:]):
        answers = {name: each for name, each in zip([*deciding, *several], way, strict=True) if each is not None}
        assert walk.shown(PATIENTS, answers) == asked_by_the_study(answers)


@settings(deadline=None, max_examples=300)
@given(answers=EVERY_ANSWER)
def test_nothing_is_shown_that_the_rules_exclude_and_nothing_else_is_kept(answers) -> None:
    kept = walk.kept(PATIENTS, answers)

    assert walk.shown(PATIENTS, answers) == asked_by_the_study(kept) == walk.shown(PATIENTS, kept)
    assert set(kept) <= asked_by_the_study(kept)
    assert walk.kept(PATIENTS, kept) == kept
    for page in range(1, len(PATIENTS.pages) + 1):
        on_page = {
            name
            for question in walk.page_questions(PATIENTS, page, answers)
            for name in ([row.name for row in question.rows] or [question.name])
            if question.kind != QuestionKind.SECTION
        }
        assert on_page == {
            each.name for each in PATIENTS.variables if each.page == page and each.name in asked_by_the_study(kept)
        }


@settings(deadline=None, max_examples=300)
@given(answers=EVERY_ANSWER, reached=st.integers(0, len(PATIENTS.pages)))
def test_the_columns_are_the_same_for_all_and_say_why_something_is_missing(answers, reached) -> None:
    row = coding.row(PATIENTS, answers, reached)
    kept = walk.kept(PATIENTS, answers)
    asked = asked_by_the_study(kept)

    assert len(row) == len(COLUMNS)
    for column, number in zip(COLUMNS, row, strict=True):
        name = column.variable.name
        if name in kept:
            assert number == (kept[name] if column.code is None else int(column.code in kept[name]))
        elif name in asked:
            assert number == (coding.SKIPPED if column.variable.page <= reached else coding.DROPPED_OUT)
        else:
            assert number in (coding.NOT_ASKED, coding.DROPPED_OUT)
            assert number == coding.NOT_ASKED or column.variable.page > reached


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_going_back_and_forth_never_keeps_what_is_not_shown_and_loses_nothing_that_is(data) -> None:
    """Pages are sent in any order; each sent page replaces what it asked, and the rest stays."""
    answers: dict = {}
    page = walk.next_page(PATIENTS, 0, answers)
    for _ in range(data.draw(st.integers(1, 14))):
        assert page in walk.pages_met(PATIENTS, answers)
        on_page = [variable for variable in PATIENTS.variables if variable.page == page]
        sent = {variable.name: data.draw(an_answer(variable)) for variable in on_page}
        sent = {name: answer for name, answer in sent.items() if answer is not None}
        before = {name: answer for name, answer in answers.items() if name not in {each.name for each in on_page}}
        answers = walk.kept(PATIENTS, {**before, **sent})
        refused = walk.refusals(PATIENTS, page, answers, year=2026)
        assert set(refused.values()) <= {"required"}
        assert set(answers) <= asked_by_the_study(answers)
        still_asked = asked_by_the_study(answers)
        assert {name for name in before if name in still_asked} <= set(answers)
        done, total = walk.progress(PATIENTS, page, answers)
        assert 0 <= done < total <= len(PATIENTS.pages)
        onward = data.draw(st.booleans())
        step = walk.next_page if onward else walk.previous_page
        page = step(PATIENTS, page, answers) or page
