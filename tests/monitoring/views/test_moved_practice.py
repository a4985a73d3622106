"""A practice that moves to another region leaves its old calls behind, whoever reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monitoring.models import CallRecord
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import Organisation, RegionPeriod

pytestmark = pytest.mark.django_db

PERIOD = {"fra": "2026-11", "til": "2026-11"}


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def north() -> Organisation:
    return OrganisationFactory.create(code="region-nord", name="Region Nord", kind=OrganisationKind.REGION)


@pytest.fixture
def south() -> Organisation:
    return OrganisationFactory.create(code="region-syd", name="Region Syd", kind=OrganisationKind.REGION)


@pytest.fixture
def practice(north: Organisation, south: Organisation) -> Organisation:
    """Of the north until 10 November, and then of the south."""
    moved = OrganisationFactory.create(code="laegehuset", name="Lægehuset", parent=south)
    RegionPeriod.objects.create(organisation=moved, region=north, valid_until=date(2026, 11, 10))
    RegionPeriod.objects.create(organisation=moved, region=south, valid_from=date(2026, 11, 11))
    return moved


def held(practice: Organisation, *days: int) -> list[CallRecord]:
    return [
        CallRecordFactory.create(organisation=practice, started_at=datetime(2026, 11, day, 9, tzinfo=UTC))
        for day in days
    ]


def logged_in(role: Role, organisation: Organisation) -> Client:
    user = member(role, organisation)
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


def consultations(client: Client, **chosen: str) -> str:
    """How many, by the page's file."""
    address = reverse("monitoring:statistics_file", args=["samtaler", "csv"])
    return client.get(address, {**PERIOD, **chosen}).content.decode().splitlines()[1].split(",")[1]


def seen(client: Client, calls: list[CallRecord]) -> list[bool]:
    """Whether each call can be looked at."""
    return [client.get(reverse("monitoring:call", args=[call.pk])).status_code == 200 for call in calls]


def listed(client: Client, practice: Organisation) -> Any:
    return client.get(reverse("monitoring:calls", args=[practice.pk]), PERIOD)


def test_each_region_sees_the_calls_of_its_own_time(
    north: Organisation, south: Organisation, practice: Organisation
) -> None:
    calls = held(practice, 2, 10, 11)
    old, new = logged_in(Role.ADMINISTRATOR, north), logged_in(Role.ADMINISTRATOR, south)
    medcom = logged_in(Role.MEDCOM, OrganisationFactory.create(kind=""))

    assert (consultations(old), consultations(new)) == ("2", "1")
    assert (consultations(medcom, region="region-nord"), consultations(medcom, region="region-syd")) == ("2", "1")
    assert seen(old, calls) == [True, True, False]
    assert seen(new, calls) == [False, False, True]
    assert ("2 samtaler" in listed(old, practice).content.decode()) is True
    assert ("1 samtale<" in listed(new, practice).content.decode()) is True
    text = new.get(reverse("monitoring:statistics"), PERIOD).content.decode()
    assert "Region Nord" not in text
    assert reverse("monitoring:practice", args=[practice.pk]) in old.get(
        reverse("monitoring:statistics"), PERIOD
    ).content.decode()  # fmt: skip


def test_a_regions_own_page_holds_what_was_held_in_it(north: Organisation, practice: Organisation) -> None:
    held(practice, 2, 11)

    for client in (logged_in(Role.ADMINISTRATOR, north), logged_in(Role.MEDCOM, OrganisationFactory.create(kind=""))):
        assert "1 samtale<" in listed(client, north).content.decode()
        assert consultations(client, enhed=str(north.pk)) == "1"


def test_the_practice_itself_keeps_all_its_calls(practice: Organisation) -> None:
    calls = held(practice, 2, 11)
    client = logged_in(Role.ADMINISTRATOR, practice)

    assert consultations(client) == "2"
    assert seen(client, calls) == [True, True]
    assert "2 samtaler" in listed(client, practice).content.decode()


def test_a_region_that_never_had_the_practice_sees_nothing_of_it(practice: Organisation) -> None:
    calls = held(practice, 2, 11)
    other = logged_in(
        Role.ADMINISTRATOR, OrganisationFactory.create(code="region-midt", kind=OrganisationKind.REGION)
    )  # fmt: skip

    assert listed(other, practice).status_code == 404
    assert seen(other, calls) == [False, False]
    assert consultations(other) == "0"
