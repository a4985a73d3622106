"""The day page lists the calls of the last week that the doctor has not answered the postcard for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.models import Postcard
from tests.factories.accounts import member
from tests.factories.monitoring import held_call
from vdx.accounts.models import User
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def day(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/portal/").content.decode()


def held(doctor: User, days_ago: int) -> str:
    meeting, _ = held_call(doctor, start=clock.now() - timedelta(days=days_ago, hours=1))
    return f"/m/{meeting.short_id}/postkort"


def test_calls_of_a_week_stand_there_until_they_are_answered() -> None:
    doctor = member()
    recent, older, too_old = held(doctor, 0), held(doctor, 6), held(doctor, 8)
    client = Client()
    client.force_login(doctor)

    page = day(doctor)
    assert "2 samtaler uden postkort" in page
    assert recent in page
    assert older in page
    assert too_old not in page

    # In another browser than the one of the call: by login.
    assert client.post(older, {"sound": "1"}).status_code == 302

    assert Postcard.objects.get().date == clock.local_date(clock.now())
    page = day(doctor)
    assert "1 samtale uden postkort" in page
    assert older not in page


def test_nobody_sees_a_colleagues_calls() -> None:
    doctor = member()
    address = held(doctor, 0)
    colleague = member(organisation=doctor.memberships.get().organisation)

    assert address not in day(colleague)
    assert "uden postkort" not in day(colleague)


def test_a_long_list_takes_no_more_queries() -> None:
    def queries(calls: int) -> int:
        doctor = member()
        for _ in range(calls):
            held(doctor, 2)
        day(doctor)
        with CaptureQueriesContext(connection) as captured:
            day(doctor)
        return len(captured)

    assert queries(1) == queries(3)
