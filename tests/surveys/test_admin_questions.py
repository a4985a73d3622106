"""MedCom writes a question with its answers, lines and rule."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys import queries
from surveys.models import Question, QuestionnaireVersion
from surveys.rules.activation import And, Equals, Not
from surveys.rules.questionnaire import PATIENTS
from surveys.services import versions
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.surveys.rules.questionnaires import made, question
from vdx.accounts.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def medcom() -> Client:
    user = member(Role.MEDCOM, OrganisationFactory.create(kind=""))
    client = Client()
    client.force_login(user)
    show_second_factor(client, second_factor(user))
    return client


@pytest.fixture
def draft() -> QuestionnaireVersion:
    return versions.import_version(
        definition=made([[question("a"), question("m", "several")], [question("b", when={"equals": ["a", 1]})]]),
        actor=None,
    )


def sent(version: QuestionnaireVersion, choices: list[tuple[int, int, str]] = (), rows=(), **fields: Any) -> dict:
    """What the form sends: ready answers as place, code and text, lines as place, name and text."""
    data = {
        "version_id": version.pk,
        "page": 1,
        "name": "c",
        "kind": "single",
        "text_da": "Hvad?",
        "text_en": "What?",
        **{f"choices-{key}": value for key, value in (("TOTAL_FORMS", len(choices)), ("INITIAL_FORMS", 0))},
        **{f"rows-{key}": value for key, value in (("TOTAL_FORMS", len(rows)), ("INITIAL_FORMS", 0))},
    }
    for index, (place, code, text) in enumerate(choices):
        values = {"position": place, "code": code, "text_da": text, "text_en": text}
        data |= {f"choices-{index}-{key}": value for key, value in values.items()}
    for index, (place, name, text) in enumerate(rows):
        values = {"position": place, "name": name, "text_da": text, "text_en": text}
        data |= {f"rows-{index}-{key}": value for key, value in values.items()}
    return {**data, **fields}


ADD = reverse("admin:surveys_question_add")


def change(version: QuestionnaireVersion, name: str) -> str:
    return reverse("admin:surveys_question_change", args=[Question.objects.get(version=version, name=name).pk])


def test_a_question_is_added_with_its_answers_in_order_and_its_rule(medcom, draft) -> None:
    data = sent(draft, [(2, 1, "Ja"), (1, 2, "Nej")], rule="a = 1 og ikke m = 9")

    answer = medcom.post(f"{ADD}?version_id={draft.pk}&page=1", data)

    assert answer.status_code == 302
    asked = queries.definition_of(draft.pk).pages[0][2]
    assert [(choice.code, choice.text["da"]) for choice in asked.choices] == [(2, "Nej"), (1, "Ja")]
    assert asked.activation == And((Equals("a", 1), Not(Equals("m", 9))))


def test_a_scale_is_added_with_its_lines(medcom, draft) -> None:
    data = sent(draft, [(1, 1, "Uenig"), (2, 2, "Enig")], [(1, "easy", "Let"), (2, "safe", "Trygt")], kind="grid")

    medcom.post(f"{ADD}?version_id={draft.pk}", data)

    assert [row.name for row in queries.definition_of(draft.pk).pages[0][2].rows] == ["easy", "safe"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "a"}, "To spørgsmål har samme navn."),
        ({"name": "Køn"}, "Navnet skal begynde med et lille bogstav"),
        ({"rule": "a er 1"}, "Reglen kan ikke læses ved dette ord. (er)"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_the_field(medcom, draft, fields, words) -> None:
    answer = medcom.post(f"{ADD}?version_id={draft.pk}", sent(draft, [(1, 1, "Ja")], **fields))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Question.objects.filter(version=draft).count() == 3


def test_lines_with_one_name_are_refused_by_the_service_with_a_word(medcom, draft) -> None:
    data = sent(draft, [(1, 1, "Ja")], [(1, "easy", "Let"), (2, "b", "Trygt")], kind="grid")

    answer = medcom.post(f"{ADD}?version_id={draft.pk}", data, follow=True)

    assert "kan ikke bruges, som det er" in answer.content.decode()
    assert Question.objects.filter(version=draft).count() == 3


def test_a_question_is_shown_as_it_is_and_changed(medcom, draft) -> None:
    shown = medcom.get(change(draft, "b")).context["adminform"].form
    assert shown.initial["rule"] == "a = 1"

    data = sent(draft, [(1, 5, "Måske")], name="b", page=2, seen=shown.initial["seen"], rule="")
    assert medcom.post(change(draft, "b"), data).status_code == 302

    [asked] = queries.definition_of(draft.pk).pages[1]
    assert (asked.text["da"], asked.activation, [choice.code for choice in asked.choices]) == ("Hvad?", None, [5])


def test_who_saves_after_somebody_else_is_told(medcom, draft) -> None:
    data = sent(draft, [(1, 5, "Måske")], name="b", page=2, seen="0123456789abcdef")

    answer = medcom.post(change(draft, "b"), data, follow=True)

    assert "En anden har ændret spørgsmålet imens" in answer.content.decode()
    assert queries.definition_of(draft.pk).pages[1][0].text["da"] == "b på dansk"


def test_a_published_question_is_only_to_look_at(medcom) -> None:
    version = queries.published_version(PATIENTS)
    assert version is not None

    shown = medcom.get(change(version, "helped_by"))
    assert "helped = 1" in shown.content.decode()
    assert medcom.post(change(version, "helped_by"), sent(version, name="helped_by")).status_code == 403
    assert medcom.get(f"{ADD}?version_id={version.pk}").status_code == 302
    assert medcom.post(f"{ADD}?version_id={version.pk}", sent(version)).status_code == 302
    assert not Question.objects.filter(version=version, name="c").exists()


def test_an_answer_is_reworded_another_taken_away_and_one_added(medcom, draft) -> None:
    form = medcom.get(change(draft, "b")).context
    rows = form["inline_admin_formsets"][0].formset.initial_forms
    data = sent(draft, [(1, 1, "Jo"), (2, 2, "Nej"), (3, 3, "Måske")], name="b", page=2)
    data["choices-INITIAL_FORMS"] = 2
    data |= {f"choices-{index}-id": row.instance.pk for index, row in enumerate(rows)}
    data["choices-1-DELETE"] = "on"

    assert medcom.post(change(draft, "b"), data).status_code == 302

    [asked] = queries.definition_of(draft.pk).pages[1]
    assert [(choice.code, choice.text["da"]) for choice in asked.choices] == [(1, "Jo"), (3, "Måske")]
