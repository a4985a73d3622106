"""When a day is over, its responses keep the month alone, under ids that no browser knows."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from surveys import services, tasks
from surveys.access import ANSWERS_COOKIE, study_id_of
from surveys.models import FreeText, Invitation, Response
from tests.factories.responses import response
from tests.surveys.guests import Guest, over
from vdx.lib import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

TODAY = date(2026, 11, 23)


def test_the_day_becomes_the_month_and_the_answers_stay_with_their_texts() -> None:
    before = {
        response({"sex": 1, "birth_year": 1950 + day}, day=date(2026, 11, day), texts={"comments": f"{day}"}).pk
        for day in range(1, 23)
    }
    today = response({"sex": 2}, day=TODAY)
    imported = response({"sex": 2}, day=date(2026, 11, 5))
    Response.objects.filter(pk=imported.pk).update(source="import")

    assert services.settle_days(today=TODAY) == 21
    assert services.settle_days(today=TODAY) == 0

    days = Counter(Response.objects.exclude(pk__in=[today.pk, imported.pk]).values_list("date", flat=True))
    assert days == {date(2026, 11, 1): 22}
    kept = set(Response.objects.values_list("pk", flat=True))
    assert kept - before >= {today.pk, imported.pk}
    pairs = FreeText.objects.values_list("response__answers__birth_year", "text")
    assert sorted((year - 1950, int(text)) for year, text in pairs) == [(day, day) for day in range(1, 23)]
    assert Response.objects.get(pk=today.pk).date == TODAY
    assert Response.objects.get(pk=imported.pk).date == date(2026, 11, 5)


def test_those_of_the_first_get_new_ids_on_the_second() -> None:
    first = response({"sex": 1}, day=date(2026, 11, 1))

    services.settle_days(today=date(2026, 11, 1))
    assert Response.objects.get().pk == first.pk
    services.settle_days(today=date(2026, 11, 2))

    assert Response.objects.get().pk != first.pk


def test_no_day_joins_a_response_with_an_invitation(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, token = over()
    guest = Guest(meeting, token)
    guest.answer_all()
    cookie = guest.client.cookies[ANSWERS_COOKIE].value
    known = study_id_of(cookie)
    now = clock.now()
    assert Response.objects.get().pk == known
    for days in (1, 9):
        monkeypatch.setattr(clock, "now", lambda later=now + timedelta(days=days): later)
        tasks.sweep()

    assert study_id_of(cookie) is None
    one, asked = Response.objects.get(), Invitation.objects.get()
    assert one.pk != known
    assert asked.state == "complete"
    # Every answer of the month is as near to every invitation of the month.
    assert one.date == asked.updated == clock.local_date(now).replace(day=1)
