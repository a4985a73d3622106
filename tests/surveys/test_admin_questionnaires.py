"""MedCom edits, tries and publishes questionnaires without a developer."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys import queries
from surveys.enums import VersionState
from surveys.models import Question, Questionnaire, QuestionnaireVersion
from surveys.rules.questionnaire import PATIENTS
from surveys.services import versions
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.surveys.rules.questionnaires import made, question, raw
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db

LIST = reverse("admin:surveys_questionnaireversion_changelist")


@pytest.fixture
def medcom() -> Client:
    user = member(Role.MEDCOM, OrganisationFactory.create(kind=""))
    client = Client()
    client.force_login(user)
    show_second_factor(client, second_factor(user))
    return client


@pytest.fixture
def patients() -> QuestionnaireVersion:
    version = queries.published_version(PATIENTS)
    assert version is not None
    return version


@pytest.fixture
def draft() -> QuestionnaireVersion:
    pages = [[question("a"), question("g", "grid")], [question("b", "several", when={"equals": ["a", 1]})]]
    return versions.import_version(definition=made(pages), actor=None)


def page(version: QuestionnaireVersion) -> str:
    return reverse("admin:surveys_questionnaireversion_change", args=[version.pk])


def at(name: str, version: QuestionnaireVersion, *args: int) -> str:
    return reverse(f"admin:surveys_version_{name}", args=[version.pk, *args])


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def layout(version: QuestionnaireVersion) -> list[list[str]]:
    return [[each.name for each in page] for page in queries.definition_of(version.pk).pages]


def test_the_list_shows_every_version(medcom, patients) -> None:
    text = text_of(medcom.get(LIST))

    assert "Hvordan gik din videosamtale? (patients 1)" in text
    assert reverse("admin:surveys_version_import") in text


def test_a_published_version_is_only_to_look_at(medcom, patients) -> None:
    text = text_of(medcom.get(page(patients)))

    assert "Hvad gik galt?" in text
    assert "“Fik du talt med lægen på video sidste gang?” er “Nej”" in text
    assert 'name="introduction_da"' not in text
    assert "Flyt op" not in text
    assert medcom.post(page(patients), {"introduction_da": "Hej"}).status_code == 403
    sex = Question.objects.get(version=patients, name="sex")
    assert medcom.post(at("drop_question", patients, sex.pk)).status_code == 302
    assert Question.objects.filter(pk=sex.pk).exists()


def test_a_new_version_is_begun_and_published_with_two_buttons(medcom, patients) -> None:
    medcom.post(at("new", patients))
    second = QuestionnaireVersion.objects.get(questionnaire__key=PATIENTS, number=2)
    published = medcom.post(at("publish", second), follow=True)

    assert "Versionen er udgivet" in text_of(published)
    assert queries.published_version(PATIENTS) == second
    patients.refresh_from_db()
    assert patients.state == VersionState.CLOSED
    acted = AuditEntry.objects.filter(action="questionnaire.published")
    assert list(acted.values_list("actor__memberships__role", "detail")) == [
        (Role.MEDCOM, {"key": PATIENTS, "number": 2})
    ]


def test_a_second_draft_is_refused_with_a_word(medcom, patients) -> None:
    medcom.post(at("new", patients))

    assert "Der er allerede en kladde" in text_of(medcom.post(at("new", patients), follow=True))


def test_a_questionnaire_that_no_guest_will_be_shown_says_so_before_it_is_published(medcom, draft, patients) -> None:
    said = "Dette spørgeskema bliver ikke vist for nogen"

    assert said in text_of(medcom.get(page(draft)))
    assert said not in text_of(medcom.get(page(patients)))


def test_what_keeps_a_draft_from_being_published_is_shown_by_place(medcom, draft) -> None:
    Question.objects.filter(version=draft, name="b").update(text_en="", activation={"equals": ["a", 7]})

    text = text_of(medcom.post(at("publish", draft), follow=True))

    assert "<code>b · pages[1][0].text.en</code><br>Teksten mangler på dette sprog." in text
    assert "<code>b · pages[1][0].activation</code><br>Reglen nævner en kode, som spørgsmålet ikke har. (a = 7)" in text
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


def test_a_version_is_closed_by_a_button(medcom, patients) -> None:
    medcom.post(at("close", patients))

    assert queries.published_version(PATIENTS) is None


@pytest.mark.parametrize("name", ["publish", "close", "new", "drop"])
def test_no_address_that_writes_answers_to_a_look(medcom, draft, name) -> None:
    assert medcom.get(at(name, draft)).status_code == 405


def test_a_draft_is_dropped(medcom, draft) -> None:
    assert medcom.post(at("drop", draft)).url == LIST
    assert not QuestionnaireVersion.objects.filter(pk=draft.pk).exists()


def test_the_texts_of_a_draft_are_edited(medcom, draft) -> None:
    sent = {"introduction_da": "Velkommen", "introduction_en": "Welcome", "context": ["month", "region"]}

    assert medcom.post(page(draft), sent).status_code == 302

    definition = queries.definition_of(draft.pk)
    assert definition.introduction == {"da": "Velkommen", "en": "Welcome"}
    assert definition.context == ("month", "region")


def test_a_question_is_moved_and_taken_out(medcom, draft) -> None:
    b = Question.objects.get(version=draft, name="b").pk

    medcom.post(at("move_question", draft, b), {"move": "up"})
    assert layout(draft) == [["a", "g", "b"]]
    medcom.post(at("move_question", draft, b), {"move": "break"})
    assert layout(draft) == [["a", "g"], ["b"]]
    assert medcom.post(at("move_question", draft, b), {"move": "sideways"}).status_code == 404
    medcom.post(at("drop_question", draft, b))
    assert layout(draft) == [["a", "g"]]


def test_the_preview_shows_what_these_answers_meet_and_why(medcom, patients) -> None:
    looked = at("preview", patients)

    without = text_of(medcom.get(looked, {"contact": "2"}))
    assert "Man møder 7 spørgsmål. Fordelt på 4 sider." in without
    with_contact = text_of(medcom.get(looked, {"contact": "1", "helped": "1", "helped_by": ["1", "4"]}))
    assert "Man møder 20 spørgsmål. Fordelt på 7 sider." in with_contact
    assert "Vises når: “Hvem hjalp dig?” er “En anden”" in with_contact
    assert '<input type="checkbox" name="helped_by" value="4" checked>' in with_contact


def test_the_preview_tells_an_answer_that_does_not_count(medcom, draft) -> None:
    text = text_of(medcom.get(at("preview", draft), {"a": "2", "b": "1", "strange": "5", "g_one": "77"}))

    assert text.count("Svaret tæller ikke") == 1
    assert text.count("Bliver sprunget over") == 1


def test_an_address_with_an_id_that_is_none_leads_away(medcom) -> None:
    assert medcom.get(f"{LIST}4/widgets.css/change/").status_code == 302


def test_the_preview_writes_nothing_but_the_look(medcom, patients) -> None:
    medcom.get(at("preview", patients), {"contact": "1"})

    looks = AuditEntry.objects.filter(target_type="surveys.QuestionnaireVersion")
    assert list(looks.values_list("action", "target_id", "detail")) == [("admin.view", str(patients.pk), {})]


def test_what_is_fetched_as_a_file_is_taken_in_again(medcom, patients) -> None:
    fetched = medcom.get(at("export", patients))
    assert fetched["Content-Disposition"] == 'attachment; filename="patients-1.json"'
    file = SimpleUploadedFile("patients-1.json", fetched.content, "application/json")

    answer = medcom.post(reverse("admin:surveys_version_import"), {"file": file})

    second = QuestionnaireVersion.objects.get(questionnaire__key=PATIENTS, number=2)
    assert answer.url == page(second)
    assert queries.definition_of(second.pk).pages == queries.definition_of(patients.pk).pages


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", ["<code>.</code><br>Filen er ikke en JSON-fil"]),
        (
            json.dumps(raw([[question("a", text={"da": 4})], [question("b", kind="<b>")]])).encode(),
            [
                "<code>a · pages[0][0].text.da</code><br>Her skal stå en tekst.",
                "<code>b · pages[1][0].kind</code><br>Værdien kendes ikke. (&lt;b&gt;)",
            ],
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_where(medcom, content, expected) -> None:
    answer = medcom.post(reverse("admin:surveys_version_import"), {"file": SimpleUploadedFile("q.json", content)})

    assert answer.status_code == 400
    assert [words for words in expected if words not in answer.content.decode()] == []
    assert Questionnaire.objects.count() == 3


def test_a_file_is_refused_while_there_is_a_draft(medcom, draft) -> None:
    file = SimpleUploadedFile("q.json", json.dumps(raw([[question("a")]])).encode())

    answer = medcom.post(reverse("admin:surveys_version_import"), {"file": file})

    assert answer.status_code == 400
    assert "Der er allerede en kladde" in answer.content.decode()


def test_a_new_questionnaire_begins_with_an_empty_draft(medcom) -> None:
    sent = {"key": "nurses", "audience": "patient", "title_da": "Til plejehjem", "title_en": "For nursing homes"}

    medcom.post(reverse("admin:surveys_questionnaire_add"), sent)

    [version] = QuestionnaireVersion.objects.filter(questionnaire__key="nurses")
    assert (version.number, version.state) == (1, VersionState.DRAFT)
    text = text_of(medcom.get(page(version)))
    assert "Der er ingen spørgsmål." in text


def test_a_title_is_changed_and_a_key_never(medcom, patients) -> None:
    address = reverse("admin:surveys_questionnaire_change", args=[patients.questionnaire_id])

    medcom.post(address, {"key": "other", "title_da": "Hvordan gik det?", "title_en": "How was it?"})

    patients.questionnaire.refresh_from_db()
    assert (patients.questionnaire.key, patients.questionnaire.title_da) == (PATIENTS, "Hvordan gik det?")


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.ADMINISTRATOR, Role.RESEARCHER])
def test_nobody_else_gets_in(client, role, draft) -> None:
    user = member(role)
    client.force_login(user)
    show_second_factor(client, second_factor(user))

    for address in (
        LIST,
        page(draft),
        at("preview", draft),
        at("export", draft),
        reverse("admin:surveys_version_import"),
    ):
        assert client.get(address).status_code == 302
    assert client.post(at("publish", draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


def test_the_page_of_a_version_asks_as_often_with_one_question_as_with_many(medcom, draft, patients) -> None:
    second = versions.start_version(questionnaire_id=patients.questionnaire_id, actor=None)
    counts = []
    for version in (draft, second):
        with CaptureQueriesContext(connection) as seen:
            text_of(medcom.get(page(version)))
        counts.append(len(seen))
    assert counts[0] == counts[1]
