"""Responses to a published questionnaire, final, with the row that exports write."""

from __future__ import annotations

from datetime import date
from typing import Any

from surveys.enums import ResponseSource, ResponseState
from surveys.models import FreeText, QuestionnaireVersion, Response
from surveys.queries import definition_of, published_version
from surveys.rules.coding import row
from surveys.rules.questionnaire import PATIENTS
from surveys.rules.walk import background_only, kept


def patients() -> QuestionnaireVersion:
    """The version of the patients' questionnaire that is shipped."""
    version = published_version(PATIENTS)
    assert version is not None
    return version


def response(
    answers: dict[str, Any],
    *,
    context: dict[str, str] | None = None,
    day: date | None = date(2026, 11, 2),
    reached: int | None = None,
    texts: dict[str, str] | None = None,
    **fields: Any,
) -> Response:
    """A final response; complete unless ``reached`` says a page before the last."""
    version = fields.pop("version", None) or patients()
    definition = definition_of(version.pk)
    last = len(definition.pages)
    reached = last if reached is None else reached
    found = Response.objects.create(
        version=version,
        state=ResponseState.COMPLETE if reached == last else ResponseState.PARTLY,
        date=day,
        answers=kept(definition, answers),
        context=context or {},
        reached=reached,
        source=ResponseSource.WEB,
        background_only=background_only(definition, {**answers, **(texts or {})}),
        row=list(row(definition, answers, reached)),
        **fields,
    )
    FreeText.objects.bulk_create(
        FreeText(response=found, variable=name, text=text) for name, text in (texts or {}).items()
    )
    return found
