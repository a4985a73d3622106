"""GET changes nothing: every page without an id in its address is looked at, by everybody, and writes no row.

Two tables are written by looking, on purpose: the session, and the audit of who looked at what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories.accounts import show_second_factor
from vdx.accounts import services
from vdx.accounts.enums import OrganisationKind, Role
from vdx.tasks import heartbeat

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WRITES = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
BY_LOOKING = {"django_session", "accounts_auditentry"}


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif isinstance(pattern, URLPattern) and not re.search(r"[<(\\]", route):
            yield route


def login(client: Client, role: Role) -> None:
    organisation = services.create_organisation(
        code="nord", name="Nord", kind=OrganisationKind.GENERAL, parent=None, actor=None
    )
    user = services.create_user(email="a@example.dk", name="A", actor=None)
    services.add_membership(user=user, organisation=organisation, role=role, actor=None, now=NOW)
    client.force_login(user)
    device = TOTPDevice.objects.create(user=user, name="app", confirmed=True)
    show_second_factor(client, device)


@pytest.mark.parametrize("role", [None, *Role])
def test_looking_at_every_page_writes_nothing(client: Client, role: Role | None) -> None:
    if role is not None:
        login(client, role)
    written: list[str] = []
    pages = sorted(set(addresses(get_resolver())))
    assert {"/", "/portal/", "/portal/statistik/", "/admin/", "/sprog"} <= set(pages)
    heartbeat()

    for page in pages:

        def watch(execute, sql, params, many, context, page=page):
            found = WRITES.match(sql)
            if found and found[2] not in BY_LOOKING:
                written.append(f"{page}: {found[1]} {found[2]}")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            assert client.get(page).status_code < 500, page
    assert written == []
