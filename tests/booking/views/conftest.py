"""The people of the portal's tests."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories.accounts import OrganisationFactory, member
from vdx.accounts.enums import Role
from vdx.lib import clock


@pytest.fixture
def practice():
    return OrganisationFactory.create(name="Lægehuset Nord")


@pytest.fixture
def doctor(practice):
    return member(organisation=practice, name="Lise Holm")


@pytest.fixture
def secretary(practice):
    return member(Role.SECRETARY, practice, name="Mette Juhl")


@pytest.fixture
def as_user():
    """A browser in which the person is logged in."""

    def logged_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def tomorrow():
    """A quarter past ten tomorrow, in UTC; never a time that the change of the clock skips."""
    here = clock.local(clock.now()) + timedelta(days=1)
    return here.replace(hour=10, minute=15, second=0, microsecond=0).astimezone(clock.now().tzinfo)


@pytest.fixture
def typed(tomorrow):
    """What the booking form sends for a doctor's membership, a quarter past ten tomorrow."""

    def fields(membership, **other):
        return {
            "key": str(uuid4()),
            "host": str(membership.pk),
            "day": clock.local_date(tomorrow).isoformat(),
            "start": "10:15",
            "end": "10:30",
            "subject": "",
        } | other

    return fields
