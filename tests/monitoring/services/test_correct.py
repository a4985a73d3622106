"""Correcting the fact of a call: by a person, with a trace, and with every number that hangs on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from monitoring import queries, services
from monitoring.models import CallRecord, DayPeak
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, User
from vdx.lib.errors import Conflict, InvalidInput, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.service]

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def medcom() -> User:
    return member(Role.MEDCOM, OrganisationFactory.create(kind=""))


@pytest.fixture
def call() -> CallRecord:
    made = CallRecordFactory.create(started_at=START, recorded_at=START + timedelta(hours=1))
    services.count_all(now=NOW)
    return made


def correct(call: CallRecord, actor: User, *, now: datetime = NOW, **changes: Any) -> CallRecord:
    wanted = {
        "organisation_id": call.organisation_id,
        "booked": call.booked,
        "instant": call.instant,
        "is_test": call.is_test,
    }
    return services.correct_call(call_id=call.pk, actor=actor, now=now, **{**wanted, **changes})


def held(organisation_id: int) -> int:
    services.count_marked(now=NOW)
    month = date(2026, 11, 1)
    return queries.statistics(organisation_ids=[organisation_id], first=month, last=month).numbers.total.calls


def test_a_trial_no_longer_counts_and_the_audit_says_what_it_was(call: CallRecord, medcom: User) -> None:
    assert held(call.organisation_id) == 1
    DayPeak.objects.create(day=START.date(), calls=1)

    correct(call, medcom, is_test=True)

    assert held(call.organisation_id) == 0
    assert not DayPeak.objects.filter(day=START.date()).exists()
    entry = AuditEntry.objects.get(action="call.corrected")
    assert (entry.actor_id, entry.detail) == (medcom.pk, {"is_test": [False, True]})


def test_another_practice_gets_the_call_that_was_its_own(call: CallRecord, medcom: User) -> None:
    other = OrganisationFactory.create()

    correct(call, medcom, organisation_id=other.pk)

    assert (held(call.organisation_id), held(other.pk)) == (0, 1)


def test_the_same_again_writes_nothing(call: CallRecord, medcom: User) -> None:
    correct(call, medcom)

    assert not AuditEntry.objects.filter(action="call.corrected").exists()


def test_the_hub_is_let_finish_first(call: CallRecord, medcom: User) -> None:
    with pytest.raises(Conflict):
        correct(call, medcom, is_test=True, now=call.recorded_at + timedelta(minutes=59))
    CallRecord.objects.update(is_final=False)
    with pytest.raises(Conflict):
        correct(call, medcom, is_test=True)


def test_what_cannot_be_is_refused(call: CallRecord, medcom: User) -> None:
    with pytest.raises(InvalidInput):
        correct(call, medcom, booked=False, instant=True)
    with pytest.raises(NotFound):
        services.correct_call(
            call_id=0,
            organisation_id=call.organisation_id,
            booked=True,
            instant=False,
            is_test=True,
            actor=medcom,
            now=NOW,
        )
