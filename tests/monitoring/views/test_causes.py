"""What calls failed by: in a table and as a file, to each the own ones, in a constant number of queries."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.enums import Cause, Outcome
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Organisation

pytestmark = pytest.mark.django_db

PERIOD = {"fra": "2026-10", "til": "2026-11"}
FAILED, WELL = Outcome.TECHNICAL_FAILURE, Outcome.CARRIED_OUT


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def region() -> Organisation:
    return OrganisationFactory.create(code="region-nord", name="Region Nord", kind=OrganisationKind.REGION)


@pytest.fixture
def practice(region: Organisation) -> Organisation:
    return OrganisationFactory.create(code="laegehuset", name="Lægehuset", parent=region)


@pytest.fixture
def stranger() -> Organisation:
    return OrganisationFactory.create(code="fremmed", name="Fremmed Klinik")


def call(organisation: Organisation, cause: Cause, outcome: Outcome = FAILED, **fields: Any) -> None:
    fields = {"started_at": datetime(2026, 11, 2, 9, tzinfo=UTC), **fields}
    CallRecordFactory.create(organisation=organisation, cause=cause, outcome=outcome, **fields)


def logged_in(role: Role, organisation: Organisation) -> Client:
    user = member(role, organisation)
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


def rows(client: Client) -> list[tuple[str, str, str]]:
    answer = client.get(reverse("monitoring:statistics_file", args=["aarsager", "csv"]), PERIOD)
    assert answer.status_code == 200
    found = csv.DictReader(io.StringIO(answer.content.decode()))
    return [(row["cause"], row["failed"], row["poor"]) for row in found]


def page(client: Client) -> str:
    answer = client.get(reverse("monitoring:statistics"), PERIOD)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_failed_and_what_went_poorly_the_commonest_first(practice: Organisation) -> None:
    call(practice, Cause.FIREWALL)
    call(practice, Cause.PATIENT_NETWORK)
    call(practice, Cause.PATIENT_NETWORK, WELL)
    # Nothing that was wrong, a test, another month, and a call that is not judged yet.
    call(practice, Cause.NONE, WELL)
    call(practice, Cause.SIGNALLING, is_test=True)
    call(practice, Cause.SIGNALLING, started_at=datetime(2026, 9, 30, 12, tzinfo=UTC))
    call(practice, Cause.SIGNALLING, is_final=False)
    client = logged_in(Role.DOCTOR, practice)
    assert rows(client) == [("patient_network", "1", "1"), ("firewall", "1", "0")]
    text = page(client)
    assert str(Cause.FIREWALL.label)[1:] in text
    assert str(Cause.SIGNALLING.label)[1:] not in text


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY, Role.ADMINISTRATOR])
def test_nobody_sees_what_failed_at_strangers(role: Role, practice: Organisation, stranger: Organisation) -> None:
    call(stranger, Cause.FIREWALL)
    client = logged_in(role, practice)
    assert rows(client) == []
    assert str(Cause.FIREWALL.label)[1:] not in page(client)
    call(practice, Cause.MEDIA_SERVER)
    assert rows(client) == [("media_server", "1", "0")]
    assert rows(logged_in(role, stranger)) == [("firewall", "1", "0")]


def test_a_region_sees_its_own_and_medcom_all(
    region: Organisation, practice: Organisation, stranger: Organisation
) -> None:
    call(practice, Cause.FIREWALL)
    call(stranger, Cause.MEDIA_SERVER)
    assert rows(logged_in(Role.ADMINISTRATOR, region)) == [("firewall", "1", "0")]
    medcom = logged_in(Role.MEDCOM, OrganisationFactory.create(kind=""))
    assert sorted(rows(medcom)) == [("firewall", "1", "0"), ("media_server", "1", "0")]


def test_without_a_login_there_is_nothing(client: Client, practice: Organisation) -> None:
    call(practice, Cause.FIREWALL)
    answer = client.get(reverse("monitoring:statistics_file", args=["aarsager", "csv"]), PERIOD)
    assert answer.status_code == 302
    assert "firewall" not in answer.content.decode()


def test_a_researcher_without_an_organisation_to_see_gets_no_file(practice: Organisation) -> None:
    call(practice, Cause.FIREWALL)
    client = logged_in(Role.RESEARCHER, OrganisationFactory.create(kind=""))
    answer = client.get(reverse("monitoring:statistics_file", args=["aarsager", "csv"]), PERIOD)
    assert answer.status_code == 403
    assert "firewall" not in answer.content.decode()


def test_test_organisations_do_not_count(region: Organisation) -> None:
    tests = OrganisationFactory.create(parent=region, is_test=True)
    call(tests, Cause.FIREWALL)
    assert rows(logged_in(Role.ADMINISTRATOR, region)) == []


def test_one_and_three_organisations_cost_the_same(region: Organisation) -> None:
    client = logged_in(Role.ADMINISTRATOR, region)
    counts = []
    for causes in ([Cause.FIREWALL], [Cause.FIREWALL, Cause.SIGNALLING, Cause.MEDIA_SERVER]):
        for cause in causes:
            call(OrganisationFactory.create(parent=region), cause)
        rows(client)
        with CaptureQueriesContext(connection) as asked:
            rows(client)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_takes_the_file_along_is_written_down(practice: Organisation) -> None:
    rows(logged_in(Role.DOCTOR, practice))
    assert AuditEntry.objects.filter(action__startswith="statistics").count() == 1
