"""Portal and administration are closed until the second factor has been shown in this session."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories.accounts import show_second_factor
from vdx.accounts import services
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.pages")]

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
BEHIND = ["/portal/test/hello?dag=2026-05-01", "/admin/test/hello"]


def somebody(role: Role) -> User:
    practice = services.create_organisation(
        code="nord", name="Nord", kind=OrganisationKind.GENERAL, parent=None, actor=None
    )
    user = services.create_user(email="a@example.dk", name="A", actor=None)
    services.add_membership(user=user, organisation=practice, role=role, actor=None, now=NOW)
    return user


@pytest.mark.parametrize("path", BEHIND)
def test_an_administrator_without_a_second_factor_is_led_to_enrolment(client: Client, path: str) -> None:
    client.force_login(somebody(Role.ADMINISTRATOR))
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/konto/")
    assert response.headers["Location"].endswith("?next=" + path.replace("?", "%3F").replace("=", "%3D"))


@pytest.mark.parametrize("path", BEHIND)
def test_who_has_enrolled_must_show_it_in_this_session(client: Client, path: str) -> None:
    user = somebody(Role.DOCTOR)
    device = TOTPDevice.objects.create(user=user, name="app", confirmed=True)
    client.force_login(user)
    assert client.get(path).status_code == 302
    show_second_factor(client, device)
    assert client.get(path).status_code == 200


def test_a_form_cannot_be_sent_past_the_gate(client: Client) -> None:
    client.force_login(somebody(Role.ADMINISTRATOR))
    response = client.post("/portal/test/hello?x=1")
    assert (response.status_code, "next" in response.headers["Location"]) == (302, False)


def test_a_doctor_without_a_second_factor_comes_in(client: Client) -> None:
    client.force_login(somebody(Role.DOCTOR))
    assert client.get("/portal/test/hello").status_code == 200


def test_other_pages_stay_open(client: Client) -> None:
    client.force_login(somebody(Role.ADMINISTRATOR))
    assert client.get("/test/hello").status_code == 200
    assert client.get("/m/test/hello").status_code == 200
