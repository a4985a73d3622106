"""The administration opens for MedCom's staff with the second factor shown, and for nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories.accounts import show_second_factor
from vdx.accounts import services
from vdx.accounts.enums import Role
from vdx.accounts.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def verified(client: Client, role: Role) -> User:
    organisation = services.create_organisation(code="medcom", name="MedCom", kind="", parent=None, actor=None)
    user = services.create_user(email="a@example.dk", name="A", actor=None)
    services.add_membership(user=user, organisation=organisation, role=role, actor=None, now=NOW)
    device = TOTPDevice.objects.create(user=user, name="app", confirmed=True)
    client.force_login(user)
    show_second_factor(client, device)
    return user


def test_medcom_sees_the_overview_in_danish(client: Client) -> None:
    verified(client, Role.MEDCOM)
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "VDX administration" in page.content.decode()
    assert "Overblik" in page.content.decode()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DOCTOR, Role.RESEARCHER])
def test_others_are_turned_away(client: Client, role: Role) -> None:
    verified(client, role)
    assert client.get("/admin/").status_code == 302


def test_strangers_are_led_to_the_one_login_page(client: Client) -> None:
    response = client.get("/admin/accounts/user/", follow=True)
    assert response.redirect_chain[-1][0] == "/konto/login?next=/admin/accounts/user/" or response.redirect_chain[-1][
        0
    ].startswith("/konto/")


def test_every_list_opens(client: Client) -> None:
    from django.contrib import admin

    verified(client, Role.MEDCOM)
    for model in admin.site._registry:
        name = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        # A question's list is that of its version.
        opened = client.get(name, follow=True)
        assert opened.status_code == 200, name
        assert opened.request["PATH_INFO"].startswith("/admin/"), name
