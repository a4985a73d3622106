"""A version as plain values, for the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from django.core.cache import cache

from surveys.enums import Audience, QuestionKind, VersionState
from surveys.models import Choice, GridRow, Question, Questionnaire, QuestionnaireVersion
from surveys.rules.activation import read
from surveys.rules.questionnaire import ChoiceDef, QuestionDef, QuestionnaireDef, RowDef, from_json, to_json
from vdx.lib.errors import NotFound

_Part = TypeVar("_Part", Choice, GridRow)

# A published version never changes. The name changes with the shape of the JSON.
_CACHED = "surveys.definition.2.{}"
_SECONDS = 3600


def definition_of(version_id: int) -> QuestionnaireDef:
    """A version whole: one query a table for a draft; what is published comes from the cache. Raises NotFound."""
    kept = cache.get(_CACHED.format(version_id))
    if kept is not None:
        return from_json(kept)
    version = QuestionnaireVersion.objects.select_related("questionnaire").filter(pk=version_id).first()
    if version is None:
        raise NotFound
    definition = _read(version)
    if version.state != VersionState.DRAFT:
        cache.set(_CACHED.format(version_id), to_json(definition), _SECONDS)
    return definition


def forget_definition(*version_ids: int) -> None:
    """Read these versions anew from the database the next time."""
    cache.delete_many([_CACHED.format(version_id) for version_id in version_ids])


def published_version(key: str) -> QuestionnaireVersion | None:
    """The version of a questionnaire that people are asked by now; None where none is published."""
    return (
        QuestionnaireVersion.objects.select_related("questionnaire")
        .filter(questionnaire__key=key, state=VersionState.PUBLISHED)
        .first()
    )


def latest_version(key: str) -> QuestionnaireVersion | None:
    """The newest version of a questionnaire that people were ever asked by; None where there is none."""
    asked = QuestionnaireVersion.objects.select_related("questionnaire").exclude(state=VersionState.DRAFT)
    return asked.filter(questionnaire__key=key).order_by("-number").first()


def _read(version: QuestionnaireVersion) -> QuestionnaireDef:
    questions = list(Question.objects.filter(version=version).order_by("page", "position", "pk"))
    choices = _by_question(Choice.objects.filter(question__version=version).order_by("position", "pk"))
    rows = _by_question(GridRow.objects.filter(question__version=version).order_by("position", "pk"))
    pages: dict[int, list[QuestionDef]] = defaultdict(list)
    for question in questions:
        pages[question.page].append(
            QuestionDef(
                name=question.name,
                kind=QuestionKind(question.kind),
                text={"da": question.text_da, "en": question.text_en},
                help={"da": question.help_da, "en": question.help_en},
                required=question.required,
                activation=None if question.activation is None else read(question.activation),
                choices=tuple(
                    ChoiceDef(each.code, {"da": each.text_da, "en": each.text_en}, each.exclusive)
                    for each in choices[question.pk]
                ),
                rows=tuple(RowDef(each.name, {"da": each.text_da, "en": each.text_en}) for each in rows[question.pk]),
                minimum=question.minimum,
                maximum=question.maximum,
                known_to_others=question.known_to_others,
            )
        )
    questionnaire: Questionnaire = version.questionnaire
    return QuestionnaireDef(
        key=questionnaire.key,
        number=version.number,
        audience=Audience(questionnaire.audience),
        title={"da": questionnaire.title_da, "en": questionnaire.title_en},
        introduction={"da": version.introduction_da, "en": version.introduction_en},
        thanks={"da": version.thanks_da, "en": version.thanks_en},
        context=tuple(version.context),
        pages=tuple(tuple(pages[number]) for number in sorted(pages)),
    )


def _by_question(parts: Iterable[_Part]) -> dict[int, list[_Part]]:
    found: dict[int, list[_Part]] = defaultdict(list)
    for part in parts:
        found[part.question_id].append(part)
    return found
