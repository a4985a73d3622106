"""Letting go of a response's day when nobody can go on any more, so that not even the day leads to a call.

A day, a region and an outcome together often have one call only. So a response keeps the month alone, and stands under
another study id than the one that the browser knew. No line here logs, audits or tells a fact. ``today`` is the Danish
date.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from surveys.enums import FINAL_RESPONSES, ResponseSource
from surveys.models import FreeText, Response
from surveys.rules.asking import MIXED_WITH

# Responses that one transaction writes anew.
_AT_ONCE = 200
_random = secrets.SystemRandom()


def settle_days(*, today: date) -> int:
    """Let the final responses of earlier days keep their month only, under new ids. Says how many. Safe to do again."""
    final = Response.objects.filter(source=ResponseSource.WEB, state__in=FINAL_RESPONSES)
    days = list(final.filter(date__lt=today).exclude(date__day=1).values_list("pk", "date"))
    if today.day == 2:
        # Those of the first look as if they were done with. On the second the month has no others that are.
        days += final.filter(date=today.replace(day=1)).values_list("pk", "date")
    months: defaultdict[date, list[UUID]] = defaultdict(list)
    for key, day in days:
        if day is not None:
            months[day.replace(day=1)].append(key)
    for month, keys in months.items():
        _random.shuffle(keys)
        for start in range(0, len(keys), _AT_ONCE):
            _settle(month, keys[start : start + _AT_ONCE])
    return len(days)


@transaction.atomic(durable=True)
def _settle(month: date, keys: Collection[UUID]) -> None:
    """Write responses anew in random order, among up to 63 others of their month (as ``respond`` does by day)."""
    done = Response.objects.filter(source=ResponseSource.WEB, state__in=FINAL_RESPONSES, date=month)
    others = list(done.exclude(pk__in=keys).values_list("pk", flat=True))
    chosen = [*keys, *_random.sample(others, min(MIXED_WITH, len(others)))]
    rows = list(Response.objects.select_for_update(skip_locked=True).filter(pk__in=chosen))
    ids = {row.pk: uuid4() for row in rows}
    texts = list(FreeText.objects.filter(response__in=list(ids)))
    FreeText.objects.filter(response__in=list(ids)).delete()
    Response.objects.filter(pk__in=list(ids)).delete()
    _random.shuffle(rows)
    _random.shuffle(texts)
    for text in texts:
        text.pk, text.response_id = uuid4(), ids[text.response_id]
    for row in rows:
        row.pk, row.date = ids[row.pk], month
    Response.objects.bulk_create(rows)
    FreeText.objects.bulk_create(texts)
