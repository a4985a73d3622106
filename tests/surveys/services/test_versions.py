"""Versions: begun, published, closed, dropped. What is published never changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from surveys import queries
from surveys.enums import VersionState
from surveys.errors import BadQuestionnaireFile, DraftExists, NotPublished, VersionIsFixed
from surveys.models import Question, Questionnaire, QuestionnaireVersion
from surveys.rules.questionnaire import PATIENTS, to_json
from surveys.services import versions
from tests.factories.accounts import OrganisationFactory, member
from tests.surveys.rules.questionnaires import made, question, raw, said
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib.errors import InvalidInput, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.service]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SMALL = made([[question("a")], [question("b", when={"equals": ["a", 1]})]])


@pytest.fixture
def medcom():
    return member(Role.MEDCOM, OrganisationFactory.create(kind=""))


def patients() -> QuestionnaireVersion:
    version = queries.published_version(PATIENTS)
    assert version is not None
    return version


def trail() -> list[tuple[str, dict]]:
    found = AuditEntry.objects.filter(action__startswith="question").order_by("pk")
    return list(found.values_list("action", "detail"))


def test_a_new_version_says_what_the_latest_says_and_takes_its_place_when_published(medcom) -> None:
    first = patients()

    second = versions.start_version(questionnaire_id=first.questionnaire_id, actor=medcom)
    said_before = queries.definition_of(first.pk)
    assert to_json(queries.definition_of(second.pk)) == {**to_json(said_before), "number": 2}
    versions.publish(version_id=second.pk, actor=medcom, now=NOW)

    first.refresh_from_db()
    assert (first.state, first.closed_at) == (VersionState.CLOSED, NOW)
    assert queries.published_version(PATIENTS) == second
    assert queries.definition_of(first.pk) == said_before
    assert trail() == [
        ("questionnaire.draft_begun", {"key": PATIENTS, "number": 2, "copy_of": 1}),
        ("questionnaire.closed", {"key": PATIENTS, "number": 1}),
        ("questionnaire.published", {"key": PATIENTS, "number": 2}),
    ]


def test_there_is_one_draft_at_a_time(medcom) -> None:
    versions.start_version(questionnaire_id=patients().questionnaire_id, actor=medcom)

    with pytest.raises(DraftExists):
        versions.start_version(questionnaire_id=patients().questionnaire_id, actor=medcom)
    with pytest.raises(DraftExists):
        versions.import_version(definition=queries.definition_of(patients().pk), actor=medcom)


def test_a_published_version_is_not_changed_dropped_or_published_again(medcom) -> None:
    version = patients()

    with pytest.raises(VersionIsFixed):
        versions.change_texts(version_id=version.pk, actor=medcom, introduction_da="Hej")
    with pytest.raises(VersionIsFixed):
        versions.drop_draft(version_id=version.pk, actor=medcom)
    with pytest.raises(VersionIsFixed):
        versions.publish(version_id=version.pk, actor=medcom, now=NOW)
    assert trail() == []


def test_a_closed_version_stays_closed(medcom) -> None:
    version = patients()
    versions.close(version_id=version.pk, actor=medcom, now=NOW)

    assert queries.published_version(PATIENTS) is None
    with pytest.raises(NotPublished):
        versions.close(version_id=version.pk, actor=medcom, now=NOW + timedelta(days=1))
    with pytest.raises(VersionIsFixed):
        versions.publish(version_id=version.pk, actor=medcom, now=NOW)
    assert trail() == [("questionnaire.closed", {"key": PATIENTS, "number": 1})]


def test_a_draft_cannot_be_closed_and_may_be_dropped(medcom) -> None:
    draft = versions.start_version(questionnaire_id=patients().questionnaire_id, actor=medcom)

    with pytest.raises(NotPublished):
        versions.close(version_id=draft.pk, actor=medcom, now=NOW)
    versions.drop_draft(version_id=draft.pk, actor=medcom)

    assert QuestionnaireVersion.objects.filter(questionnaire__key=PATIENTS).count() == 1
    assert Question.objects.filter(version_id=draft.pk).count() == 0
    with pytest.raises(NotFound):
        versions.drop_draft(version_id=draft.pk, actor=medcom)


def test_a_draft_with_faults_is_not_published_and_the_old_version_stays(medcom) -> None:
    draft = versions.start_version(questionnaire_id=patients().questionnaire_id, actor=medcom)
    Question.objects.filter(version=draft, name="sex").update(text_en="")
    Question.objects.filter(version=draft, name="contact").update(activation={"answered": "comments"})

    with pytest.raises(BadQuestionnaireFile) as refused:
        versions.publish(version_id=draft.pk, actor=medcom, now=NOW)

    assert {(fault.place, fault.name, fault.code) for fault in refused.value.faults} == {
        ("pages[0][1].text.en", "sex", "empty_text"),
        ("pages[1][0].activation", "contact", "later_variable"),
    }
    assert queries.published_version(PATIENTS) == patients()
    assert patients().number == 1


def test_a_draft_of_a_questionnaire_that_is_not_there_yet_makes_it(medcom) -> None:
    version = versions.import_version(definition=SMALL, actor=medcom)

    assert queries.definition_of(version.pk) == SMALL
    assert (version.number, version.state) == (1, VersionState.DRAFT)
    assert [action for action, _ in trail()] == ["questionnaire.created", "questionnaire.imported"]


def test_what_was_exported_is_taken_in_again_as_the_next_version(medcom) -> None:
    definition = queries.definition_of(patients().pk)
    content = json.dumps(to_json(definition)).encode()

    version = versions.import_version(definition=versions.read_file(content), actor=medcom)

    assert version.number == 2
    assert queries.definition_of(version.pk).pages == definition.pages


def test_a_file_may_lack_english_until_it_is_published(medcom) -> None:
    lacking = made([[question("a", text=said("Hvad?", ""))]])

    version = versions.import_version(definition=lacking, actor=medcom)

    with pytest.raises(BadQuestionnaireFile):
        versions.publish(version_id=version.pk, actor=medcom, now=NOW)


@pytest.mark.parametrize(
    ("pages", "fields", "expected"),
    [
        ([[question("a"), question("a")]], {}, ("pages[0][1].name", "name_twice")),
        ([[question("a" * 33)]], {}, ("pages[0][0].name", "bad_name")),
        ([[question("a")]], {"key": "a b"}, ("key", "bad_name")),
        ([[question("a")]], {"title": said("a" * 201, "a")}, ("title.da", "title_too_long")),
        (
            [[question("a", choices=[{"code": 1, "text": said("a", "a")}] * 2)]],
            {},
            ("pages[0][0].choices[1].code", "code_twice"),
        ),
        (
            [[question("a", choices=[{"code": -1, "text": said("a", "a")}, {"code": 1, "text": said("b", "b")}])]],
            {},
            ("pages[0][0].choices[0].code", "bad_code"),
        ),
    ],
)
def test_what_no_table_holds_is_refused_with_its_place(medcom, pages, fields, expected) -> None:
    with pytest.raises(BadQuestionnaireFile) as refused:
        versions.import_version(definition=made(pages, **fields), actor=medcom)

    assert [(fault.place, fault.code) for fault in refused.value.faults] == [expected]
    assert Questionnaire.objects.filter(key="small").count() == 0


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        (b"", ".", "not_json"),
        (b"\xff\xfe{}", ".", "not_json"),
        (b"[" * 100_000, ".", "not_json"),
        (b" " * (512 * 1024 + 1), ".", "too_large"),
        (json.dumps(raw([[question("a", kind="slider")]])).encode(), "pages[0][0].kind", "unknown_word"),
        (json.dumps(raw([[question("a", text={"da": "nul \0"})]])).encode(), "pages[0][0].text.da", "not_a_text"),
        (json.dumps(raw([[question("a", text={"da": "\ud83d"})]])).encode(), "pages[0][0].text.da", "not_a_text"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(content, place, code) -> None:
    with pytest.raises(BadQuestionnaireFile) as refused:
        versions.read_file(content)

    assert [(fault.place, fault.code) for fault in refused.value.faults] == [(place, code)]


def test_a_file_may_begin_with_the_mark_that_editors_write() -> None:
    assert versions.read_file(b"\xef\xbb\xbf" + json.dumps(to_json(SMALL)).encode()) == SMALL


def test_the_texts_of_a_draft_change(medcom) -> None:
    draft = versions.start_version(questionnaire_id=patients().questionnaire_id, actor=medcom)

    versions.change_texts(version_id=draft.pk, actor=medcom, introduction_da="Hej", context=["month"])

    definition = queries.definition_of(draft.pk)
    assert (definition.introduction["da"], definition.context) == ("Hej", ("month",))
    assert queries.definition_of(patients().pk).context == (
        "region",
        "practice_kind",
        "month",
        "outcome",
        "device_kind",
    )
    assert trail()[-1] == (
        "questionnaire.texts_changed",
        {"key": PATIENTS, "number": 2, "fields": ["context", "introduction_da"]},
    )


def test_a_title_changes_for_all_versions_at_once(medcom, django_capture_on_commit_callbacks) -> None:
    version = patients()
    queries.definition_of(version.pk)

    with django_capture_on_commit_callbacks(execute=True):
        versions.rename(
            questionnaire_id=version.questionnaire_id, title_da="Hvordan gik det?", title_en="How?", actor=medcom
        )

    assert queries.definition_of(version.pk).title == {"da": "Hvordan gik det?", "en": "How?"}
    with pytest.raises(InvalidInput):
        versions.rename(questionnaire_id=version.questionnaire_id, title_da="Hvordan?", title_en=" ", actor=medcom)
