"""The questionnaires that come with the hub are published from the first day, and loaded once."""

from __future__ import annotations

import pytest
from django.apps import apps

from surveys import queries
from surveys.enums import Audience, Edition, VersionState
from surveys.models import Question, Questionnaire, QuestionnaireVersion
from surveys.rules import check
from surveys.rules.questionnaire import PATIENTS, from_json, postcard_key, to_json
from surveys.services.shipped import load_shipped, shipped

pytestmark = pytest.mark.django_db

KEYS = [PATIENTS, postcard_key(Edition.NATIONAL), postcard_key(Edition.SYDDANMARK)]


def test_every_database_has_them_published() -> None:
    found = QuestionnaireVersion.objects.values_list("questionnaire__key", "number", "state", "questionnaire__audience")

    assert sorted(found) == sorted(
        (key, 1, VersionState.PUBLISHED, Audience.PATIENT if key == PATIENTS else Audience.HOST) for key in KEYS
    )


@pytest.mark.parametrize("definition", shipped(), ids=lambda definition: definition.key)
def test_what_the_database_has_is_what_the_file_says(definition) -> None:
    version = queries.published_version(definition.key)

    assert version is not None
    assert queries.definition_of(version.pk) == definition
    # From the cache, now.
    assert queries.definition_of(version.pk) == definition


@pytest.mark.parametrize("definition", shipped(), ids=lambda definition: definition.key)
def test_nothing_is_wrong_with_them(definition) -> None:
    assert check.faults(definition) == ()
    assert from_json(to_json(definition)) == definition


def test_loading_again_adds_and_changes_nothing() -> None:
    Question.objects.filter(name="sex").update(text_da="Køn?")
    before = Question.objects.count()

    assert load_shipped(apps) == 0
    assert Question.objects.count() == before
    assert Question.objects.get(name="sex").text_da == "Køn?"


def test_what_is_missing_is_loaded_beside_what_is_there() -> None:
    Questionnaire.objects.get(key=PATIENTS).versions.all().delete()
    Questionnaire.objects.get(key=PATIENTS).delete()

    assert load_shipped(apps) == 1
    assert queries.published_version(PATIENTS) is not None


def test_reading_a_version_takes_as_many_queries_as_there_are_tables(django_assert_num_queries) -> None:
    for key in KEYS:
        version = QuestionnaireVersion.objects.get(questionnaire__key=key)
        with django_assert_num_queries(4):
            queries.definition_of(version.pk)
        with django_assert_num_queries(0):
            queries.definition_of(version.pk)
