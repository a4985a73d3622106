"""Demo data: made once, complete, and only where they belong."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from booking.models import Meeting
from vdx import demo
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import Organisation, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _embedded(settings) -> None:
    settings.VDX_EMBEDDED = True


def make() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue().strip()


def test_there_is_a_practice_in_every_region_and_somebody_of_every_role() -> None:
    make()
    regions = Organisation.objects.filter(kind=OrganisationKind.REGION)
    assert regions.count() == 5
    assert all(region.children.filter(pilot_from__isnull=False).exists() for region in regions)
    kinds = set(Organisation.objects.filter(parent__in=regions).values_list("kind", flat=True))
    assert kinds == {OrganisationKind.GENERAL, OrganisationKind.SPECIALIST}
    assert set(User.objects.values_list("memberships__role", flat=True)) == set(Role)
    assert not User.objects.filter(is_demo=False).exists()


def test_the_doctor_has_something_to_look_at() -> None:
    make()
    assert Meeting.objects.filter(organized_by__email=demo.DOCTOR.email).count() == 2


def test_a_second_time_changes_nothing() -> None:
    assert make() == "Demodata er lavet."
    before = (User.objects.count(), Organisation.objects.count(), Meeting.objects.count())
    assert make() == "Demodata er der allerede."
    assert (User.objects.count(), Organisation.objects.count(), Meeting.objects.count()) == before


def test_a_database_of_ones_own_gets_no_demo_users(settings) -> None:
    settings.VDX_EMBEDDED = False
    with pytest.raises(CommandError, match="Demodata hører til i den indbyggede database alene"):
        make()
    assert not User.objects.exists()


def test_what_is_shown_lets_one_in_with_the_second_factor_too(client: Client) -> None:
    make()
    login = next(login for login in demo.logins() if login.user.role == Role.MEDCOM)
    page = client.get("/portal/", follow=True)
    address = page.redirect_chain[-1][0]
    page = client.post(address, {"email": login.user.email, "password": login.password}, follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else address
    page = client.post(address, {"code": login.code}, follow=True)
    assert client.get("/admin/").status_code == 200


def test_the_table_names_everybody_with_password_and_present_code() -> None:
    make()
    out = StringIO()
    call_command("demo_users", stdout=out)
    text = out.getvalue()
    for user in demo.USERS:
        [line] = [line for line in text.splitlines() if f" {user.email} " in line]
        assert bool(re.search(r"kode \d{6}$", line)) is (
            user.role in {Role.MEDCOM, Role.ADMINISTRATOR, Role.RESEARCHER}
        )
    assert demo.password() in text


def test_the_button_that_people_are_told_to_press_is_there(client: Client) -> None:
    make()
    out = StringIO()
    call_command("demo_users", "--short", stdout=out)
    [button] = re.findall(r"Prøv: .*, tryk (.+?), og", out.getvalue())
    assert f"tryk {button}" in demo.DOCTOR.tries
    client.force_login(User.objects.get(email=demo.DOCTOR.email))
    assert f"<span>{button}</span></button>" in client.get("/portal/").content.decode()


def test_without_demo_users_the_table_says_so() -> None:
    with pytest.raises(CommandError, match="make run"):
        call_command("demo_users")
