"""The periodic tasks do what stands in the database, and do it twice without harm."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from monitoring import tasks
from monitoring.models import CallRecord, MonthCount, MonthMark, QualitySample
from tests.factories.accounts import member
from tests.factories.monitoring import held_call
from vdx.celery import schedule
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def test_the_sweep_writes_the_record_of_a_call_that_nobody_told_of() -> None:
    meeting, _ = held_call(member(), start=clock.now() - timedelta(hours=1))

    tasks.sweep()
    tasks.sweep()

    assert CallRecord.objects.get().room_uuid == meeting.room.uuid


def test_the_daily_task_looks_far_back_and_forgets() -> None:
    held_call(member(), start=clock.now() - timedelta(days=40))
    QualitySample.objects.create(
        room_uuid=uuid4(), seat_key="0123456789ab", at=clock.now() - timedelta(days=15), measures={"rttMs": 1}
    )
    tasks.sweep()
    assert not CallRecord.objects.exists()

    tasks.daily()

    assert CallRecord.objects.get().is_final
    assert not QualitySample.objects.exists()


def test_the_months_are_counted_and_a_call_that_is_held_marks_its_own() -> None:
    organisation = member().memberships.get().organisation
    tasks.months()
    held_call(member(organisation=organisation), start=clock.now() - timedelta(hours=1))
    tasks.sweep()
    assert {mark.organisation for mark in MonthMark.objects.select_related("organisation")} == {organisation}

    tasks.months()
    tasks.months()

    assert not MonthMark.objects.exists()
    assert MonthCount.objects.get(organisation=organisation).consultations == 1


def test_the_tasks_are_on_the_timetable() -> None:
    table = schedule()

    assert {tasks.sweep.name, tasks.months.name, tasks.daily.name} <= {table[name]["task"] for name in tasks.SCHEDULE}
