"""The questionnaires that come with the hub are published from the first day, and loaded once."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from surveys import queries
from surveys.enums import Audience, Edition, VersionState
from surveys.models import Question, Questionnaire, QuestionnaireVersion
from surveys.rules import check
from surveys.rules.questionnaire import PATIENTS, from_json, postcard_key, to_json
from tests.surveys.shipped import FOLDER, load, shipped

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

    load(apps)

    assert Question.objects.count() == before
    assert Question.objects.get(name="sex").text_da == "Køn?"


def test_what_is_missing_is_loaded_beside_what_is_there() -> None:
    Questionnaire.objects.get(key=PATIENTS).versions.all().delete()
    Questionnaire.objects.get(key=PATIENTS).delete()

    load(apps)

    assert queries.published_version(PATIENTS) is not None


def test_reading_a_version_takes_as_many_queries_as_there_are_tables(django_assert_num_queries) -> None:
    for key in KEYS:
        version = QuestionnaireVersion.objects.get(questionnaire__key=key)
        with django_assert_num_queries(4):
            queries.definition_of(version.pk)
        with django_assert_num_queries(0):
            queries.definition_of(version.pk)


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_and_one_in_use_are_both_led_to_the_newest_tables() -> None:
    executor = MigrationExecutor(connection)
    newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "surveys"]
    try:
        executor.migrate([("surveys", "0004_questionnaires")])
        old = executor.loader.project_state([("surveys", "0004_questionnaires")]).apps
        assert not old.get_model("surveys", "Questionnaire").objects.exists()
        # MedCom's own was there first: it stays as it is.
        own = old.get_model("surveys", "Questionnaire").objects.create(
            key=PATIENTS, title_da="Vores", title_en="Ours", audience="patient"
        )
        version = old.get_model("surveys", "QuestionnaireVersion").objects.create(questionnaire=own, number=1)
        old.get_model("surveys", "Question").objects.create(
            version=version, page=1, position=1, name="sex", kind="single", text_da="Køn?"
        )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(newest)

    assert Question.objects.filter(version__questionnaire__key=PATIENTS).values_list("name", "text_da").get() == (
        "sex",
        "Køn?",
    )
    for definition in shipped():
        if definition.key != PATIENTS:
            assert queries.definition_of(queries.published_version(definition.key).pk) == definition


def test_the_migration_needs_nothing_of_todays_code() -> None:
    text = (FOLDER.parent / "0005_shipped_questionnaires.py").read_text(encoding="utf-8")

    assert not [line for line in text.splitlines() if line.startswith(("from surveys", "from vdx", "import surveys"))]
