"""One's own profile, and what the header shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories.accounts import MembershipFactory, OrganisationFactory, member
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db

PROFILE = "/konto/profil"
GOOD = {"name": "Nyt navn", "usual_minutes": "20", "phone": "11 22 33 44", "language": "da"}
Login = Callable[[User], Client]


def test_what_people_say_about_themselves(log_in: Login) -> None:
    doctor = member()
    browser = log_in(doctor)
    response = browser.post(PROFILE, GOOD, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Din profil er gemt."]
    doctor.refresh_from_db()
    assert (doctor.name, doctor.usual_minutes, doctor.phone) == ("Nyt navn", 20, "11 22 33 44")
    entry = AuditEntry.objects.get(action="user.change")
    assert (entry.actor, entry.detail) == (doctor, {"fields": ["name", "phone", "usual_minutes"]})


@pytest.mark.parametrize(
    ("field", "value"),
    [("usual_minutes", "4"), ("usual_minutes", "241"), ("name", ""), ("language", "sv"), ("phone", "1" * 21)],
)
def test_what_cannot_be_used_is_said_beside_the_field(log_in: Login, field: str, value: str) -> None:
    doctor = member()
    response = log_in(doctor).post(PROFILE, {**GOOD, field: value})
    assert list(response.context["form"].errors) == [field]
    stored = User.objects.get(pk=doctor.pk)
    assert stored.name == doctor.name


def test_the_email_and_the_account_are_not_ones_own_to_change(log_in: Login) -> None:
    doctor = member(email="foer@example.dk")
    log_in(doctor).post(PROFILE, {**GOOD, "email": "efter@example.dk", "is_active": "", "is_demo": "on"})
    doctor.refresh_from_db()
    assert (doctor.email, doctor.is_active, doctor.is_demo) == ("foer@example.dk", True, False)


def test_the_language_chosen_here_holds_on_this_device(log_in: Login) -> None:
    browser = log_in(member())
    browser.post("/sprog", {"language": "da"})
    browser.post(PROFILE, {**GOOD, "language": "en"})
    assert browser.get(PROFILE)["Content-Language"] == "en"


def test_the_header_shows_who_and_as_what(log_in: Login) -> None:
    practice = OrganisationFactory.create(name="Lægehuset Nord")
    doctor = member(Role.DOCTOR, practice, name="Anne Berg")
    MembershipFactory.create(user=doctor, organisation=practice, role=Role.SECRETARY)
    header = log_in(doctor).get(PROFILE).content.decode().split("<main")[0]
    assert "Anne Berg" in header
    assert "Læge, Lægehuset Nord" in header
    assert "Sekretær, Lægehuset Nord" in header


def test_a_stranger_has_no_profile(client: Client) -> None:
    assert client.get(PROFILE)["Location"] == f"/konto/log-ind?next={PROFILE}"
    assert client.post(PROFILE, GOOD)["Location"] == "/konto/log-ind"
