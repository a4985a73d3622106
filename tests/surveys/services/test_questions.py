"""The questions of a draft: saved, moved, dropped; nobody's change is lost, and what is published is left alone."""

from __future__ import annotations

import pytest

from surveys import queries
from surveys.errors import BadQuestionnaireFile, ChangedMeanwhile, VersionIsFixed
from surveys.models import Choice, Question, QuestionnaireVersion
from surveys.rules.ordering import Move
from surveys.rules.questionnaire import PATIENTS, QuestionDef
from surveys.services import questions, versions
from tests.surveys.rules.questionnaires import made, question
from vdx.lib.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def asked(name: str, kind: str = "single", **fields) -> QuestionDef:
    return made([[question(name, kind, **fields)]]).pages[0][0]


@pytest.fixture
def draft() -> QuestionnaireVersion:
    return versions.import_version(
        definition=made([[question("a"), question("g", "grid")], [question("b", when={"equals": ["a", 1]})]]),
        actor=None,
    )


def layout(version: QuestionnaireVersion) -> list[list[str]]:
    return [[each.name for each in page] for page in queries.definition_of(version.pk).pages]


def of(draft: QuestionnaireVersion, name: str) -> Question:
    return Question.objects.get(version=draft, name=name)


def test_a_new_question_goes_to_the_end_of_its_page(draft) -> None:
    questions.save_question(version_id=draft.pk, question_id=None, page=1, definition=asked("c"), actor=None)
    questions.save_question(version_id=draft.pk, question_id=None, page=9, definition=asked("d", "grid"), actor=None)

    assert layout(draft) == [["a", "g", "c"], ["b"], ["d"]]
    assert of(draft, "d").page == 3
    assert queries.definition_of(draft.pk).pages[2][0] == asked("d", "grid")


def test_a_question_is_changed_whole(draft) -> None:
    changed = asked("b", "several", required=True, when={"equals": ["g_one", 2]})

    questions.save_question(version_id=draft.pk, question_id=of(draft, "b").pk, page=2, definition=changed, actor=None)

    assert queries.definition_of(draft.pk).pages[1] == (changed,)
    assert Choice.objects.filter(question=of(draft, "b")).count() == 3


def test_a_question_that_changes_page_goes_to_its_end(draft) -> None:
    questions.save_question(
        version_id=draft.pk, question_id=of(draft, "a").pk, page=2, definition=asked("a"), actor=None
    )

    assert layout(draft) == [["g"], ["b", "a"]]


@pytest.mark.parametrize(
    ("definition", "place", "code"),
    [
        (asked("a"), "name", "name_twice"),
        (asked("g_one"), "name", "name_twice"),
        (asked("Sex"), "name", "bad_name"),
        (asked("c", choices=[{"code": 0, "text": {"da": "a"}}]), "choices[0].code", "bad_code"),
    ],
)
def test_a_name_or_code_that_cannot_be_is_refused(draft, definition, place, code) -> None:
    with pytest.raises(BadQuestionnaireFile) as refused:
        questions.save_question(version_id=draft.pk, question_id=None, page=1, definition=definition, actor=None)

    assert [(fault.place, fault.code) for fault in refused.value.faults] == [(place, code)]
    assert layout(draft) == [["a", "g"], ["b"]]


def test_who_saves_second_is_told_and_changes_nothing(draft) -> None:
    target = of(draft, "b")
    seen = questions.fingerprint(target)
    first = asked("b", "several")
    questions.save_question(version_id=draft.pk, question_id=target.pk, page=2, definition=first, seen=seen, actor=None)

    with pytest.raises(ChangedMeanwhile):
        questions.save_question(
            version_id=draft.pk, question_id=target.pk, page=2, definition=asked("b", "year"), seen=seen, actor=None
        )
    assert queries.definition_of(draft.pk).pages[1] == (first,)


def test_a_change_of_a_choice_alone_counts_as_a_change(draft) -> None:
    before = questions.fingerprint(of(draft, "b"))
    Choice.objects.filter(question=of(draft, "b"), code=2).update(text_da="Slet ikke")

    assert questions.fingerprint(of(draft, "b")) != before


def test_questions_move_over_the_edge_of_a_page_and_leave_no_gap(draft) -> None:
    for move, expected in (
        (Move.UP, [["a", "g", "b"]]),
        (Move.BREAK, [["a", "g"], ["b"]]),
        (Move.UP, [["a", "g", "b"]]),
        (Move.UP, [["a", "b", "g"]]),
        (Move.DOWN, [["a", "g", "b"]]),
    ):
        questions.move_question(version_id=draft.pk, question_id=of(draft, "b").pk, move=move, actor=None)
        assert layout(draft) == expected


def test_a_question_is_dropped_and_its_page_with_it(draft) -> None:
    questions.drop_question(version_id=draft.pk, question_id=of(draft, "b").pk, actor=None)

    assert layout(draft) == [["a", "g"]]
    with pytest.raises(NotFound):
        questions.drop_question(version_id=draft.pk, question_id=0, actor=None)


def test_a_question_of_another_version_is_not_found(draft) -> None:
    other = queries.published_version(PATIENTS)
    assert other is not None
    sex = Question.objects.get(version=other, name="sex")

    with pytest.raises(NotFound):
        questions.drop_question(version_id=draft.pk, question_id=sex.pk, actor=None)
    with pytest.raises(NotFound):
        questions.save_question(version_id=draft.pk, question_id=sex.pk, page=1, definition=asked("sex"), actor=None)


def test_what_is_published_is_left_alone() -> None:
    version = queries.published_version(PATIENTS)
    assert version is not None
    sex = Question.objects.get(version=version, name="sex")

    with pytest.raises(VersionIsFixed):
        questions.save_question(version_id=version.pk, question_id=sex.pk, page=1, definition=asked("sex"), actor=None)
    with pytest.raises(VersionIsFixed):
        questions.save_question(version_id=version.pk, question_id=None, page=1, definition=asked("c"), actor=None)
    with pytest.raises(VersionIsFixed):
        questions.move_question(version_id=version.pk, question_id=sex.pk, move=Move.DOWN, actor=None)
    with pytest.raises(VersionIsFixed):
        questions.drop_question(version_id=version.pk, question_id=sex.pk, actor=None)
