"""Two at once: one publishes, one begins, one is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from surveys import queries
from surveys.enums import VersionState
from surveys.models import Question, QuestionnaireVersion
from surveys.rules.ordering import Move
from surveys.rules.questionnaire import PATIENTS
from surveys.services import questions, versions
from vdx.accounts.models import AuditEntry
from vdx.lib.errors import DomainError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at_once(job: Callable[[], Any], count: int = 4) -> list[str]:
    def alone(_: int) -> str:
        try:
            job()
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(alone, range(count)))


def patients() -> QuestionnaireVersion:
    version = queries.published_version(PATIENTS)
    assert version is not None
    return version


def test_who_begins_a_version_at_once_gets_one_draft() -> None:
    questionnaire_id = patients().questionnaire_id

    said = at_once(lambda: versions.start_version(questionnaire_id=questionnaire_id, actor=None))

    assert said == ["done", "draft_exists", "draft_exists", "draft_exists"]
    assert QuestionnaireVersion.objects.filter(questionnaire_id=questionnaire_id).count() == 2


def test_who_publishes_at_once_publishes_one_and_closes_one() -> None:
    draft = versions.start_version(questionnaire_id=patients().questionnaire_id, actor=None)

    said = at_once(lambda: versions.publish(version_id=draft.pk, actor=None, now=NOW))

    assert said == ["done", "version_is_fixed", "version_is_fixed", "version_is_fixed"]
    states = QuestionnaireVersion.objects.filter(questionnaire__key=PATIENTS).order_by("number")
    assert list(states.values_list("state", flat=True)) == [VersionState.CLOSED, VersionState.PUBLISHED]
    assert AuditEntry.objects.filter(action="questionnaire.published").count() == 1


def test_questions_moved_at_once_keep_places_of_their_own() -> None:
    draft = versions.start_version(questionnaire_id=patients().questionnaire_id, actor=None)
    comments = Question.objects.get(version=draft, name="comments").pk

    at_once(
        lambda: questions.move_question(version_id=draft.pk, question_id=comments, move=Move.UP, actor=None), count=3
    )

    [last] = queries.definition_of(draft.pk).pages[6:]
    assert [question.name for question in last] == [
        "advantages",
        "comments",
        "advantages_text",
        "drawbacks",
        "drawbacks_text",
    ]
    places = Question.objects.filter(version=draft, page=7).order_by("position").values_list("position", flat=True)
    assert list(places) == [1, 2, 3, 4, 5]
