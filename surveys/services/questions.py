"""The questions of a draft: saved, moved, dropped. All of it refuses what is published."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from surveys.errors import BadQuestionnaireFile, ChangedMeanwhile
from surveys.models import Choice, GridRow, Question, QuestionnaireVersion
from surveys.rules.check import storable_faults
from surveys.rules.ordering import Move, moved
from surveys.rules.questionnaire import QuestionDef
from surveys.services.store import choices_of, question_values, rows_of
from surveys.services.versions import locked_draft
from vdx.accounts import services as accounts
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User


def fingerprint(question: Question) -> str:
    """What a question says, in short: whoever saves it says which they saw, so that nobody's change is lost."""
    said = [
        Question.objects.filter(pk=question.pk).values("page", *question_columns()).first(),
        *question.choices.order_by("position", "pk").values("code", "text_da", "text_en", "exclusive"),
        *question.rows.order_by("position", "pk").values("name", "text_da", "text_en"),
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def question_columns() -> tuple[str, ...]:
    """The columns of a question that somebody writes, but its page."""
    texts = ("text_da", "text_en", "help_da", "help_en")
    return ("name", "kind", *texts, "required", "known_to_others", "activation", "minimum", "maximum")


@transaction.atomic
def save_question(
    *,
    version_id: int,
    question_id: int | None,
    page: int,
    definition: QuestionDef,
    seen: str | None = None,
    actor: User | None,
) -> Question:
    """Write a question of a draft; without ``question_id`` a new one. On another page than before it goes to its end.

    ``seen`` is the fingerprint of what the person changed. Raises VersionIsFixed, ChangedMeanwhile, NotFound, and
    BadQuestionnaireFile for names and codes that stand there already.
    """
    version = locked_draft(version_id)
    others = version.questions.all() if question_id is None else version.questions.exclude(pk=question_id)
    wrong = storable_faults(definition, taken=_names(others))
    if wrong:
        raise BadQuestionnaireFile(wrong)
    if question_id is None:
        question = Question(version=version, page=page, position=_END)
    else:
        question = _of(version, question_id)
        if seen is not None and seen != fingerprint(question):
            raise ChangedMeanwhile
        if question.page != page:
            question.page, question.position = page, _END
    for name, value in question_values(definition).items():
        setattr(question, name, value)
    question.save()
    # Nothing hangs on these rows: the codes are what answers name.
    question.choices.all().delete()
    question.rows.all().delete()
    Choice.objects.bulk_create(Choice(question=question, **values) for values in choices_of(definition))
    GridRow.objects.bulk_create(GridRow(question=question, **values) for values in rows_of(definition))
    _put(_pages(version))
    question.refresh_from_db()
    _audit("question.created" if question_id is None else "question.changed", version, question, actor)
    return question


@transaction.atomic
def move_question(*, version_id: int, question_id: int, move: Move, actor: User | None) -> Question:
    """Move a question up, down or to a page of its own. Raises VersionIsFixed and NotFound."""
    version = locked_draft(version_id)
    question = _of(version, question_id)
    _put(moved(_pages(version), question, move))
    question.refresh_from_db()
    _audit("question.moved", version, question, actor)
    return question


@transaction.atomic
def drop_question(*, version_id: int, question_id: int, actor: User | None) -> None:
    """Take a question out of a draft. Raises VersionIsFixed and NotFound."""
    version = locked_draft(version_id)
    question = _of(version, question_id)
    _audit("question.dropped", version, question, actor)
    question.delete()
    _put(_pages(version))


# Behind every other on its page, until the pages are put in order.
_END = 32_767


def _of(version: QuestionnaireVersion, question_id: int) -> Question:
    question = version.questions.filter(pk=question_id).first()
    if question is None:
        raise NotFound
    return question


def _names(questions: QuerySet[Question]) -> set[str]:
    rows = GridRow.objects.filter(question__in=questions)
    return {*questions.values_list("name", flat=True), *rows.values_list("name", flat=True)}


def _pages(version: QuestionnaireVersion) -> list[list[Question]]:
    pages: dict[int, list[Question]] = {}
    for question in version.questions.order_by("page", "position", "pk"):
        pages.setdefault(question.page, []).append(question)
    return [pages[number] for number in sorted(pages)]


def _put(pages: list[list[Question]]) -> None:
    """Number pages and places from 1, without gaps."""
    changed = []
    for number, page in enumerate(pages, start=1):
        for position, question in enumerate(page, start=1):
            if (question.page, question.position) != (number, position):
                question.page, question.position = number, position
                changed.append(question)
    Question.objects.bulk_update(changed, ["page", "position"])


def _audit(action: str, version: QuestionnaireVersion, question: Question, actor: User | None) -> None:
    accounts.audit(
        action=action,
        target_type="surveys.Question",
        target_id=question.pk,
        actor=actor,
        detail={"key": version.questionnaire.key, "number": version.number, "name": question.name},
    )
