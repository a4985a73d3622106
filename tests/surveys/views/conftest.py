"""Two regions, and MedCom's reader of the results, on a day in November 2026 for the tests that ask for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.factories.accounts import OrganisationFactory
from tests.surveys.results import NORTH, SOUTH, logged_in
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import Organisation


@pytest.fixture
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def north() -> Organisation:
    return OrganisationFactory.create(code=NORTH, name="Region Nordjylland", kind=OrganisationKind.REGION)


@pytest.fixture
def south() -> Organisation:
    return OrganisationFactory.create(code=SOUTH, name="Region Syddanmark", kind=OrganisationKind.REGION)


@pytest.fixture
def medcom(north: Organisation, south: Organisation) -> Client:
    return logged_in(Role.MEDCOM)
