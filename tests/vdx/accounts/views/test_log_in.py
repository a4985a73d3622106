"""Logging in with a password, and out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.factories.accounts import PASSWORD, UserFactory, member, second_factor
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db

LOGIN = "/konto/log-ind"
WRONG = "E-mail eller adgangskode passer ikke. Prøv igen."


def attempt(browser: Client, email: str, password: str, *, address: str = "127.0.0.1"):
    return browser.post(LOGIN, {"email": email, "password": password}, REMOTE_ADDR=address)


def test_a_doctor_comes_to_the_day(client: Client) -> None:
    doctor = member(Role.DOCTOR, email="doktor@example.dk")
    response = attempt(client, "  Doktor@Example.DK ", PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/portal/")
    assert client.session["_auth_user_id"] == str(doctor.pk)
    entry = AuditEntry.objects.get(action="user.log_in")
    assert (entry.actor, entry.target_id, entry.detail) == (doctor, str(doctor.pk), {"second_factor": False})


def test_a_page_of_ours_is_gone_on_to_and_no_other(client: Client) -> None:
    doctor = member()
    credentials = {"email": doctor.email, "password": PASSWORD}
    assert client.post(LOGIN, {**credentials, "next": "/konto/profil"})["Location"] == "/konto/profil"
    assert client.post(LOGIN, {**credentials, "next": "https://evil.example/"})["Location"] == "/portal/"
    assert client.post(LOGIN, {**credentials, "next": "//evil.example/"})["Location"] == "/portal/"


def test_the_session_key_is_another_one_afterwards(client: Client) -> None:
    doctor = member()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    attempt(client, doctor.email, PASSWORD)
    assert client.session.session_key != planted
    assert not type(session)().exists(planted)


@pytest.mark.parametrize("who", ["unknown", "wrong password", "closed", "invited"])
def test_the_answer_is_the_same_whatever_did_not_fit(client: Client, who: str) -> None:
    known = member(email="kendt@example.dk")
    password = PASSWORD
    if who == "wrong password":
        password = "en anden adgangskode"
    elif who == "closed":
        User.objects.update(is_active=False)
    elif who == "invited":
        known.set_unusable_password()
        known.save()
    else:
        known.delete() if not known.memberships.exists() else User.objects.update(email="x@example.dk")
    response = attempt(client, "kendt@example.dk", password)
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [WRONG]
    assert response.context["form"]["email"].value() == "kendt@example.dk"
    assert "_auth_user_id" not in client.session


def test_an_unknown_email_takes_as_long_as_a_wrong_password(client: Client, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.SlowHasher"]
    known = UserFactory.create(password="rigtig")
    invited = UserFactory.create()
    User.objects.filter(pk=invited.pk).update(password="!")

    def seconds(email: str) -> float:
        cache.clear()
        started = time.perf_counter()
        attempt(client, email, "forkert")
        return time.perf_counter() - started

    seconds(known.email)  # the first request also loads templates
    wrong = seconds(known.email)
    assert wrong > SlowHasher.SECONDS
    assert seconds("ukendt@example.dk") > SlowHasher.SECONDS
    assert seconds(invited.email) > SlowHasher.SECONDS


class SlowHasher(PBKDF2PasswordHasher):
    """A hasher whose work can be told from noise."""

    algorithm = "slow"
    iterations = 1
    SECONDS = 0.15

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        time.sleep(self.SECONDS)
        return super().encode(password, salt, iterations)


@pytest.mark.usefixtures("clock_stands")
def test_guessing_is_slowed_and_the_page_says_so(client: Client) -> None:
    doctor = member()
    for _ in range(5):
        assert attempt(client, doctor.email, "forkert").status_code == 200
    response = attempt(client, doctor.email, PASSWORD)
    assert response.status_code == 429
    assert response["Retry-After"] == "1"
    assert response.context["form"].non_field_errors() == ["For mange forsøg. Vent 1 sekund, og prøv så igen."]
    assert response.context["form"]["email"].value() == doctor.email
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("clock_stands")
def test_a_strangers_guesses_do_not_lock_the_doctor_out() -> None:
    doctor = member()
    stranger = Client()
    for _ in range(5):
        attempt(stranger, doctor.email, "gæt", address="192.0.2.1")
    assert attempt(stranger, doctor.email, "gæt", address="192.0.2.1").status_code == 429
    assert attempt(Client(), doctor.email, PASSWORD, address="192.0.2.2").status_code == 302


@pytest.mark.usefixtures("clock_stands")
def test_guesses_from_everywhere_do_not_lock_out_a_browser_that_is_known() -> None:
    doctor = member()
    own = Client()
    attempt(own, doctor.email, PASSWORD)
    own.post("/konto/log-ud")
    for number in range(50):
        attempt(Client(), doctor.email, "gæt", address=f"192.0.2.{number}")
    assert attempt(Client(), doctor.email, PASSWORD, address="198.51.100.1").status_code == 429
    assert attempt(own, doctor.email, PASSWORD).status_code == 302


@pytest.mark.usefixtures("clock_stands")
def test_a_known_browser_has_no_more_guesses_than_another(client: Client) -> None:
    doctor, colleague = member(), member()
    attempt(client, doctor.email, PASSWORD)
    client.post("/konto/log-ud")
    for _ in range(5):
        attempt(client, doctor.email, "gæt")
    assert attempt(client, doctor.email, "gæt").status_code == 429
    # The mark speaks for nobody else, and cannot be made up.
    mark = client.cookies["vdx_browser"].value.split(".")[0]
    stranger = Client()
    stranger.cookies["vdx_browser"] = f"{mark}.{'0' * 32}"
    for _ in range(5):
        attempt(stranger, colleague.email, "gæt", address="192.0.2.9")
    assert attempt(stranger, colleague.email, "gæt", address="192.0.2.9").status_code == 429


@pytest.mark.usefixtures("clock_stands")
def test_a_login_of_ones_own_does_not_wipe_out_what_was_guessed_at_others() -> None:
    guesser = member()
    for number in range(200):
        if number % 50 == 49:
            assert attempt(Client(), guesser.email, PASSWORD, address="192.0.2.1").status_code == 302
        attempt(Client(), f"offer-{number}@example.dk", "Sommer2026", address="192.0.2.1")
    assert attempt(Client(), "endnu-en@example.dk", "Sommer2026", address="192.0.2.1").status_code == 429


def test_a_whole_practice_may_log_in_from_one_address() -> None:
    doctor = member()
    for _ in range(205):
        assert attempt(Client(), doctor.email, PASSWORD, address="192.0.2.1").status_code == 302


def test_who_owes_a_code_is_not_logged_in_by_the_password(client: Client) -> None:
    administrator = member(Role.ADMINISTRATOR)
    second_factor(administrator)
    response = attempt(client, administrator.email, PASSWORD)
    assert response["Location"] == "/konto/kode"
    assert "_auth_user_id" not in client.session
    assert client.get("/konto/profil")["Location"] == "/konto/log-ind?next=/konto/profil"


def test_who_has_to_enrol_is_not_logged_in_by_the_password(client: Client) -> None:
    researcher = member(Role.RESEARCHER)
    assert attempt(client, researcher.email, PASSWORD)["Location"] == "/konto/totrin"
    assert "_auth_user_id" not in client.session


def test_out_is_by_post_only(log_in: Callable[[User], Client]) -> None:
    browser = log_in(member())
    assert browser.get("/konto/log-ud").status_code == 405
    response = browser.post("/konto/log-ud")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert "_auth_user_id" not in browser.session


def test_neither_log_nor_audit_nor_answer_holds_the_password_or_the_email(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    doctor = member(email="hemmelig-adresse@example.dk")
    attempt(client, doctor.email, "plantet-forkert-kode")
    attempt(client, doctor.email, PASSWORD)
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    audited = str(list(AuditEntry.objects.values()))
    for secret in ("plantet-forkert-kode", PASSWORD, "hemmelig-adresse"):
        assert secret not in logged
        assert secret not in audited
    assert "accounts:login" in logged


def test_the_page_is_for_those_who_are_out(log_in: Callable[[User], Client]) -> None:
    browser = log_in(member())
    assert browser.get(LOGIN)["Location"] == "/portal/"
    # Sent here from a page that asks for more: another login may help.
    assert browser.get(LOGIN, {"next": "/admin/"}).status_code == 200
