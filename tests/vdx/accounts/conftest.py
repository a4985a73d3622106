"""A practice, who looks after it, and browsers of people who have logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, OrganisationFactory, code_now, member, second_factor
from vdx.accounts.access import second_factor_required
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import Organisation, User

LOGIN = "/konto/log-ind"
CODE = "/konto/kode"


@pytest.fixture
def log_in() -> Callable[[User], Client]:
    """A browser in which the person has logged in the whole way, with a code where one is owed."""

    def log_in(user: User) -> Client:
        browser = Client()
        device = second_factor(user) if second_factor_required(user) else None
        browser.post(LOGIN, {"email": user.email, "password": PASSWORD})
        if device is not None:
            browser.post(CODE, {"code": code_now(device)})
        assert browser.session["_auth_user_id"] == str(user.pk)
        return browser

    return log_in


@pytest.fixture
def practice() -> Organisation:
    """A practice in a region."""
    region = OrganisationFactory.create(code="region", name="Regionen", kind=OrganisationKind.REGION)
    return OrganisationFactory.create(code="praksis", name="Praksis", parent=region)


@pytest.fixture
def administrator(practice: Organisation) -> User:
    """Who looks after the practice."""
    return member(Role.ADMINISTRATOR, practice, name="Ada")


@pytest.fixture
def medcom() -> User:
    """Somebody at MedCom."""
    return member(Role.MEDCOM, OrganisationFactory.create(code="medcom", kind=""), name="Mette")
