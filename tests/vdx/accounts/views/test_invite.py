"""Inviting: a role, and a way in for somebody new."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories.accounts import OrganisationFactory, member
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, Membership, OneTimeLink, Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PEOPLE, INVITE = "/konto/brugere", "/konto/brugere/inviter"
Login = Callable[[User], Client]


def test_an_invitation_by_mail(log_in: Login, administrator: User, practice: Organisation) -> None:
    browser = log_in(administrator)
    response = browser.post(
        INVITE,
        {
            "name": "Ny Læge",
            "email": " Ny@Example.DK ",
            "organisation": practice.pk,
            "role": "doctor",
            "delivery": "mail",
        },
    )
    person = User.objects.get(email="ny@example.dk")
    assert response["Location"] == f"{PEOPLE}/{person.pk}"
    assert (person.name, person.has_usable_password()) == ("Ny Læge", False)
    assert list(person.memberships.values_list("organisation", "role")) == [(practice.pk, "doctor")]
    link = person.one_time_links.get()
    assert link.secret_digest is None
    assert link.send_after is not None
    actions = AuditEntry.objects.filter(actor=administrator, target_id=str(person.pk)).order_by("at", "id")
    assert [entry.action for entry in actions] == ["user.create", "membership.add", "link.create"]
    assert "ny@example.dk" not in str(list(AuditEntry.objects.values()))


def test_an_invitation_shown_once(log_in: Login, administrator: User, practice: Organisation) -> None:
    browser = log_in(administrator)
    data = {"name": "Ny", "email": "ny@example.dk", "organisation": practice.pk, "role": "doctor", "delivery": "show"}
    address = browser.post(INVITE, data).context["url"]
    link = OneTimeLink.objects.get()
    secret = address.rsplit("/", 1)[1]
    assert link.send_after is None
    assert secret not in str(vars(link))
    assert secret not in str(list(AuditEntry.objects.values()))
    assert address not in browser.get(f"{PEOPLE}/{link.user_id}").content.decode()
    guest = Client()
    assert guest.get(f"/konto/link/{secret}").status_code == 200
    password = "fire gule cykler"
    guest.post(f"/konto/link/{secret}", {"password": password, "again": password})
    guest.post("/konto/log-ind", {"email": "ny@example.dk", "password": password})
    assert guest.session["_auth_user_id"] == str(link.user_id)


def test_who_has_an_account_gets_the_role_and_nobody_a_way_in(
    log_in: Login, administrator: User, practice: Organisation
) -> None:
    known = member(Role.DOCTOR, name="Kendt", email="kendt@example.dk")
    data = {"name": "X", "email": "KENDT@example.dk", "organisation": practice.pk, "role": "doctor", "delivery": "show"}
    response = log_in(administrator).post(INVITE, data)
    assert response["Location"] == f"{PEOPLE}/{known.pk}"
    known.refresh_from_db()
    assert known.name == "Kendt"
    assert known.memberships.filter(organisation=practice, role="doctor").exists()
    assert not OneTimeLink.objects.exists()


@pytest.mark.parametrize("role", ["medcom", "researcher"])
def test_only_medcom_gives_the_national_roles(
    log_in: Login, administrator: User, medcom: User, practice: Organisation, role: str
) -> None:
    data = {"name": "N", "email": "n@example.dk", "organisation": practice.pk, "role": role, "delivery": "mail"}
    response = log_in(administrator).post(INVITE, data)
    assert "role" in response.context["form"].errors
    assert not User.objects.filter(email="n@example.dk").exists()
    assert log_in(medcom).post(INVITE, data).status_code == 302
    assert Membership.objects.filter(user__email="n@example.dk", role=role).exists()


def test_nobody_is_invited_to_an_organisation_out_of_reach(
    log_in: Login, administrator: User, practice: Organisation
) -> None:
    data = {"name": "N", "email": "n@example.dk", "role": "doctor", "delivery": "mail"}
    browser = log_in(administrator)
    for other in (practice.parent, OrganisationFactory.create()):
        response = browser.post(INVITE, {**data, "organisation": other.pk})
        assert "organisation" in response.context["form"].errors
    assert not User.objects.filter(email="n@example.dk").exists()


def test_what_was_typed_stays_when_something_is_wrong(
    log_in: Login, administrator: User, practice: Organisation
) -> None:
    data = {"name": "Navn", "email": "ikke en mail", "organisation": practice.pk, "role": "doctor", "delivery": "mail"}
    form = log_in(administrator).post(INVITE, data).context["form"]
    assert list(form.errors) == ["email"]
    assert form["name"].value() == "Navn"
