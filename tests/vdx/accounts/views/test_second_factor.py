"""The second factor: enrolled, shown, renewed, given up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories.accounts import PASSWORD, OrganisationFactory, code_now, member, second_factor
from vdx.accounts import services
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, User
from vdx.accounts.views import session
from vdx.lib import clock

pytestmark = pytest.mark.django_db

LOGIN, CODE, ENROL, PAPER = "/konto/log-ind", "/konto/kode", "/konto/totrin", "/konto/totrin/noedkoder"


def with_password(user: User) -> Client:
    browser = Client()
    browser.post(LOGIN, {"email": user.email, "password": PASSWORD})
    return browser


def logged_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def new_key(browser: Client) -> tuple[str, str]:
    """The signed key that the page holds, and the code that an app would show for it."""
    page = browser.get(ENROL)
    signed = page.context["form"].initial["key"]
    text = page.context["key_text"].replace(" ", "")
    from base64 import b32decode

    return signed, f"{totp(b32decode(text)):06d}"


def test_enrolling_logs_in_and_shows_the_recovery_codes_once() -> None:
    administrator = member(Role.ADMINISTRATOR)
    browser = with_password(administrator)
    signed, code = new_key(browser)
    response = browser.post(ENROL, {"key": signed, "code": f"{code[:3]} {code[3:]}"})
    assert response.status_code == 200
    assert len(response.context["codes"]) == 10
    assert logged_in(browser)
    assert browser.get("/konto/brugere").status_code == 200
    again = browser.get(PAPER).content.decode()
    assert not any(code in again for code in response.context["codes"])
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert not stored & {code.replace("-", "") for code in response.context["codes"]}


def test_looking_at_the_page_enrols_nothing() -> None:
    browser = with_password(member(Role.ADMINISTRATOR))
    assert "data:image/svg+xml" in browser.get(ENROL).content.decode()
    assert not TOTPDevice.objects.exists()


def test_a_wrong_first_code_keeps_the_key_on_the_page() -> None:
    browser = with_password(member(Role.ADMINISTRATOR))
    signed, code = new_key(browser)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    response = browser.post(ENROL, {"key": signed, "code": wrong})
    assert response.context["form"].errors == {
        "code": ["Koden passer ikke. Vent på den næste kode i din app, og prøv igen."]
    }
    assert not TOTPDevice.objects.exists()
    assert not logged_in(browser)
    assert browser.post(ENROL, {"key": signed, "code": code}).status_code == 200
    assert logged_in(browser)


def test_a_key_that_we_did_not_draw_for_this_person_is_refused() -> None:
    other, _ = new_key(with_password(member(Role.ADMINISTRATOR)))
    browser = with_password(member(Role.ADMINISTRATOR))
    for key in (other, "3132333435363738393031323334353637383930", ""):
        assert browser.post(ENROL, {"key": key, "code": "123456"})["Location"] == ENROL
    assert not TOTPDevice.objects.exists()


def test_a_password_alone_does_not_replace_the_telephone() -> None:
    administrator = member(Role.ADMINISTRATOR)
    device = second_factor(administrator)
    browser = with_password(administrator)
    assert browser.get(ENROL)["Location"] == CODE
    assert browser.post(ENROL, {"key": "x", "code": "123456"})["Location"] == CODE
    assert TOTPDevice.objects.get() == device


def test_a_code_is_let_in_once() -> None:
    administrator = member(Role.ADMINISTRATOR)
    code = code_now(second_factor(administrator))
    first, second = with_password(administrator), with_password(administrator)
    assert first.post(CODE, {"code": code})["Location"] == "/konto/brugere"
    assert logged_in(first)
    response = second.post(CODE, {"code": code})
    assert response.status_code == 200
    assert "code" in response.context["form"].errors
    assert not logged_in(second)
    assert AuditEntry.objects.get(action="user.log_in").detail == {"second_factor": True}


def test_the_code_that_enrolled_does_not_log_in_again() -> None:
    administrator = member(Role.ADMINISTRATOR)
    browser = with_password(administrator)
    signed, code = new_key(browser)
    browser.post(ENROL, {"key": signed, "code": code})
    second = with_password(administrator)
    second.post(CODE, {"code": code})
    assert not logged_in(second)


def test_a_recovery_code_works_once_however_it_is_typed() -> None:
    administrator = member(Role.ADMINISTRATOR)
    second_factor(administrator)
    code = services.make_recovery_codes(user=administrator)[0]
    first, second = with_password(administrator), with_password(administrator)
    assert first.post(f"{CODE}?noedkode=1", {"code": code.upper().replace("-", " ")}).status_code == 302
    assert logged_in(first)
    second.post(f"{CODE}?noedkode=1", {"code": code})
    assert not logged_in(second)
    assert StaticToken.objects.count() == 9
    entry = AuditEntry.objects.get(action="second_factor.recovery_used")
    assert code.replace("-", "") not in str(entry.detail)


def test_somebody_elses_recovery_code_is_refused() -> None:
    owner, thief = member(Role.ADMINISTRATOR), member(Role.ADMINISTRATOR)
    for person in (owner, thief):
        second_factor(person)
    code = services.make_recovery_codes(user=owner)[0]
    services.make_recovery_codes(user=thief)
    browser = with_password(thief)
    browser.post(f"{CODE}?noedkode=1", {"code": code})
    assert not logged_in(browser)


def test_guessing_codes_is_slowed() -> None:
    administrator = member(Role.ADMINISTRATOR)
    device = second_factor(administrator)
    browser = with_password(administrator)
    right = int(code_now(device))
    for number in range(5):
        browser.post(CODE, {"code": f"{(right + 7 + number) % 10**6:06d}"})
    response = browser.post(CODE, {"code": code_now(device)})
    assert (response.status_code, response["Retry-After"]) == (429, "1")
    assert not logged_in(browser)


def test_the_password_is_forgotten_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    administrator = member(Role.ADMINISTRATOR)
    device = second_factor(administrator)
    browser = with_password(administrator)
    later = clock.now() + timedelta(seconds=session.SECONDS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.post(CODE, {"code": code_now(device)})["Location"] == LOGIN
    assert not logged_in(browser)


def test_a_stranger_has_no_code_page(client: Client) -> None:
    assert client.get(CODE)["Location"] == LOGIN
    assert client.get(ENROL)["Location"] == LOGIN
    assert client.get(PAPER)["Location"] == f"{LOGIN}?next={PAPER}"


def test_who_enrolled_by_choice_is_asked_for_the_code_as_well() -> None:
    doctor = member(Role.DOCTOR)
    second_factor(doctor)
    browser = with_password(doctor)
    assert not logged_in(browser)
    assert browser.get(CODE).status_code == 200


def test_an_organisation_can_ask_its_clinicians_for_it() -> None:
    practice = OrganisationFactory.create(doctors_need_second_factor=True)
    unit = OrganisationFactory.create(parent=practice)
    for user in (member(Role.DOCTOR, practice), member(Role.SECRETARY, unit)):
        assert not logged_in(with_password(user))
    assert logged_in(with_password(member(Role.DOCTOR)))


def test_a_session_from_before_the_demand_is_asked_too(log_in: Callable[[User], Client]) -> None:
    doctor = member(Role.DOCTOR)
    browser = log_in(doctor)
    assert browser.get("/konto/profil").status_code == 200
    doctor.memberships.get().organisation.__class__.objects.update(doctors_need_second_factor=True)
    assert browser.get("/konto/profil")["Location"] == f"{ENROL}?next=/konto/profil"
    assert browser.get("/portal/")["Location"] == f"{ENROL}?next=/portal/"


def test_a_reset_ends_what_the_session_had_shown(log_in: Callable[[User], Client]) -> None:
    administrator = member(Role.ADMINISTRATOR)
    browser = log_in(administrator)
    services.reset_second_factor(user=administrator, actor=None)
    assert browser.get("/konto/brugere")["Location"].startswith(ENROL)


def test_only_who_has_the_choice_does_without_it_again(log_in: Callable[[User], Client]) -> None:
    administrator = member(Role.ADMINISTRATOR)
    log_in(administrator).post("/konto/totrin/fra")
    assert TOTPDevice.objects.filter(user=administrator).exists()
    doctor = member(Role.DOCTOR)
    second_factor(doctor)
    browser = with_password(doctor)
    # The password alone does not switch it off.
    browser.post("/konto/totrin/fra")
    assert TOTPDevice.objects.filter(user=doctor).exists()
    browser.post(CODE, {"code": code_now(TOTPDevice.objects.get(user=doctor))})
    browser.post("/konto/totrin/fra")
    assert not TOTPDevice.objects.filter(user=doctor).exists()


def test_new_recovery_codes_end_the_old(log_in: Callable[[User], Client]) -> None:
    administrator = member(Role.ADMINISTRATOR)
    browser = log_in(administrator)
    old = browser.post(PAPER).context["codes"]
    new = browser.post(PAPER).context["codes"]
    assert not set(old) & set(new)
    assert all(re.fullmatch(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}", code) for code in new)
    second = with_password(administrator)
    second.post(f"{CODE}?noedkode=1", {"code": old[0]})
    assert not logged_in(second)
