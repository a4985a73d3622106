"""Taking in the answers to a questionnaire so that nobody can tell afterwards whose they are.

A response stands under a random id, without a time and without anything that leads to the invitation, the room or the
person; invitations are written in transactions of their own (``services.invite``). No line here logs, audits or tells
a fact: each would carry a time. ``today`` is the Danish date.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from surveys.enums import FINAL_RESPONSES, TEXT_KINDS, ResponseSource, ResponseState
from surveys.models import FreeText, Response
from surveys.queries.definition import definition_of
from surveys.rules import coding, walk
from surveys.rules.activation import Answer, is_answer
from surveys.rules.asking import MIXED_WITH
from surveys.rules.questionnaire import QuestionnaireDef

# Responses that one transaction lets become final.
_AT_ONCE = 200
_random = secrets.SystemRandom()


@transaction.atomic(durable=True)
def send_page(
    *,
    study_id: UUID,
    version_id: int,
    page: int,
    answers: Mapping[str, Answer],
    seen: Collection[str],
    context: Mapping[str, str],
    finish: bool,
    today: date,
) -> ResponseState:
    """Keep the answers of a page, as they were seen and looked through; say where the response stands after.

    ``seen``: the variables of the page that were on the screen. What was seen and is not among ``answers`` is not
    answered; what was not seen stays as it was, so that going back and forth loses nothing. ``finish``: this was the
    last page, and the response is complete with it, unless something that must be answered is not. The same page sent
    again changes nothing; neither does a page that comes after the end, or after the response's day (partly).
    """
    Response.objects.get_or_create(pk=study_id, defaults={"version_id": version_id, "date": today})
    response = Response.objects.select_for_update().filter(pk=study_id).first()
    if response is None:
        # Being written anew among others at this moment, as only complete ones are.
        return ResponseState.COMPLETE
    if response.state != ResponseState.OPEN:
        return ResponseState(response.state)
    if response.date != today:
        return ResponseState.PARTLY
    definition = definition_of(response.version_id)
    here = {variable.name: variable for variable in definition.variables if variable.page == page}
    before = dict(response.answers)
    for name in here.keys() & set(seen):
        _keep(response, name, answers.get(name), is_text=here[name].kind in TEXT_KINDS)
    everything = {**response.answers, **_texts(response)}
    response.reached = walk.reached_after(definition, page, response.reached, before=before, after=everything)
    response.context = dict(context)
    if finish and walk.first_unanswered(definition, everything) is None:
        _conclude(response, definition, ResponseState.COMPLETE)
        _mix([response])
    else:
        response.save()
    return ResponseState(response.state)


def erase(*, study_id: UUID) -> bool:
    """Delete a response with everything that was answered, whatever its state. False where there is none."""
    while Response.objects.filter(pk=study_id, source=ResponseSource.WEB).exists():
        if _erase(study_id):
            return True
        # It was being written anew among others (``_mix``), and stands in another row by now.
    return False


@transaction.atomic(durable=True)
def _erase(study_id: UUID) -> bool:
    response = Response.objects.select_for_update().filter(pk=study_id, source=ResponseSource.WEB).first()
    if response is None:
        return False
    response.delete()
    return True


def close_day(*, today: date) -> int:
    """Let the responses that were left open on an earlier day be partly answered. Says how many. Safe to do again."""
    left = Response.objects.filter(state=ResponseState.OPEN, date__lt=today)
    days = list(left.values_list("date", flat=True).distinct().order_by("date"))
    closed = 0
    for day in days:
        while done := _close_some(day):
            closed += done
    return closed


@transaction.atomic(durable=True)
def _close_some(day: date | None) -> int:
    some = list(Response.objects.select_for_update().filter(state=ResponseState.OPEN, date=day)[:_AT_ONCE])
    for response in some:
        _conclude(response, definition_of(response.version_id), ResponseState.PARTLY)
    if some:
        _mix(some)
    return len(some)


def _keep(response: Response, name: str, answer: Answer | None, *, is_text: bool) -> None:
    if is_text:
        if isinstance(answer, str) and answer:
            FreeText.objects.update_or_create(response=response, variable=name, defaults={"text": answer})
        else:
            FreeText.objects.filter(response=response, variable=name).delete()
    elif answer is not None and is_answer(answer):
        response.answers[name] = answer
    else:
        response.answers.pop(name, None)


def _texts(response: Response) -> dict[str, str]:
    return dict(FreeText.objects.filter(response=response).values_list("variable", "text"))


def _conclude(response: Response, definition: QuestionnaireDef, state: ResponseState) -> None:
    """Make a response final: only answers to what was shown stay, and the row that an export writes is drawn up."""
    texts = _texts(response)
    everything: dict[str, Answer] = {**response.answers, **texts}
    counted = walk.kept(definition, everything)
    FreeText.objects.filter(response=response).exclude(variable__in=list(counted)).delete()
    response.answers = {name: answer for name, answer in counted.items() if name not in texts}
    response.row = list(coding.row(definition, counted, response.reached))
    response.background_only = walk.background_only(definition, counted)
    response.state = state


def _mix(responses: Iterable[Response]) -> None:
    """Write responses that have become final among the others of their day.

    A table keeps its rows more or less in the order in which they came (``rowid`` in SQLite, ``ctid`` in PostgreSQL,
    and so every dump and backup), and the order in which calls ended is known. So they are written together with up
    to 63 others of the day, chosen at random: all are deleted and written anew in random order, their texts too.
    What another transaction is mixing at the moment is left to it.
    """
    new = {response.pk: response for response in responses}
    day = next(iter(new.values())).date
    others = Response.objects.filter(date=day, source=ResponseSource.WEB, state__in=FINAL_RESPONSES)
    keys = list(others.exclude(pk__in=list(new)).values_list("pk", flat=True))
    chosen = _random.sample(keys, min(MIXED_WITH, len(keys)))
    mixed = [*others.select_for_update(skip_locked=True).filter(pk__in=chosen), *new.values()]
    everyone = [response.pk for response in mixed]
    texts = list(FreeText.objects.filter(response__in=everyone))
    FreeText.objects.filter(response__in=everyone).delete()
    Response.objects.filter(pk__in=everyone).delete()
    _random.shuffle(mixed)
    _random.shuffle(texts)
    Response.objects.bulk_create(mixed)
    FreeText.objects.bulk_create(texts)
