"""Who reads the results in the tests, and of which questionnaire."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from vdx.accounts.enums import SECOND_FACTOR_ROLES, Role
from vdx.accounts.models import Organisation

NORTH, SOUTH = "region-nordjylland", "region-syddanmark"
PATIENTS = {"key": "patients", "number": 1}
NATIONAL = {"key": "postcard_national", "number": 1}
SYDDANMARK = {"key": "postcard_syddanmark", "number": 1}


def logged_in(role: Role, organisation: Organisation | None = None) -> Client:
    user = member(role, organisation or OrganisationFactory.create(kind=""))
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


def take_away(client: Client, address: str, chosen: dict[str, str] | None = None) -> Any:
    """A figure as a file: what is chosen stands in the address."""
    return client.post(f"{address}?{urlencode(chosen or {})}")


def page(client: Client, source: dict[str, Any] = PATIENTS, **chosen: str) -> Any:
    return client.get(reverse("surveys:result", kwargs=source), chosen)
