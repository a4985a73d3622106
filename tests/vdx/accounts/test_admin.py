"""MedCom's administration of people and organisations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from tests.factories.accounts import TOTP_KEY, OrganisationFactory, member, second_factor
from vdx.accounts import services
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Membership, OneTimeLink, Organisation, RegionPeriod, User

pytestmark = pytest.mark.django_db

Login = Callable[[User], Client]
PAGES = ["organisation", "user", "membership", "auditentry"]
NO_PERIODS = {
    "region_periods-TOTAL_FORMS": "0",
    "region_periods-INITIAL_FORMS": "0",
}
NO_ROLES = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def browser(log_in: Login, medcom: User) -> Client:
    """MedCom's browser."""
    return log_in(medcom)


@pytest.mark.parametrize("page", PAGES)
def test_each_look_is_written_down(browser: Client, medcom: User, page: str) -> None:
    services.audit(action="x", target_type="y")
    row = {
        "organisation": Organisation.objects.first(),
        "user": medcom,
        "membership": medcom.memberships.get(),
        "auditentry": AuditEntry.objects.first(),
    }[page]
    AuditEntry.objects.exclude(pk=row.pk if page == "auditentry" else None).delete()
    assert browser.get(f"/admin/accounts/{page}/").status_code == 200
    assert browser.get(f"/admin/accounts/{page}/{row.pk}/change/").status_code == 200
    label = row._meta.label
    assert list(
        AuditEntry.objects.filter(actor=medcom, action__startswith="admin.")
        .order_by("id")
        .values_list("action", "target_type", "target_id")
    ) == [("admin.list", label, ""), ("admin.view", label, str(row.pk))]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DOCTOR, Role.RESEARCHER])
def test_strangers_stay_outside(log_in: Login, page: str, role: Role) -> None:
    address = f"/admin/accounts/{page}/"
    for browser in (log_in(member(role)), Client()):
        response = browser.get(address, follow=True)
        assert response.templates[0].name == "accounts/login.html"
        assert not AuditEntry.objects.filter(action__startswith="admin.").exists()


def test_medcom_without_the_code_stays_outside(medcom: User) -> None:
    browser = Client()
    browser.force_login(medcom)
    assert browser.get("/admin/")["Location"] == "/konto/totrin?next=/admin/"
    second_factor(medcom)
    assert browser.get("/admin/")["Location"] == "/konto/kode?next=/admin/"


def test_keys_and_unused_tables_are_not_shown() -> None:
    assert not any(admin.site.is_registered(model) for model in (TOTPDevice, StaticDevice, Group, OneTimeLink))


def test_no_page_holds_a_key_or_a_password(browser: Client, medcom: User) -> None:
    medcom.refresh_from_db()
    page = browser.get(f"/admin/accounts/user/{medcom.pk}/change/").content.decode()
    assert medcom.email in page
    assert medcom.password not in page
    assert TOTP_KEY not in page


def test_an_organisation_with_its_regions_by_date(browser: Client, medcom: User) -> None:
    north = OrganisationFactory.create(code="nord", kind=OrganisationKind.REGION)
    south = OrganisationFactory.create(code="syd", kind=OrganisationKind.REGION)
    data = {
        "code": "laegehus/1",
        "name": "Lægehuset",
        "kind": "general",
        "parent": south.pk,
        "pilot_from": "2026-01-01",
        "region_periods-TOTAL_FORMS": "1",
        "region_periods-INITIAL_FORMS": "0",
        "region_periods-0-region": north.pk,
        "region_periods-0-valid_until": "2026-03-31",
    }
    response = browser.post("/admin/accounts/organisation/add/", data)
    assert response.status_code == 302, response.context["errors"]
    practice = Organisation.objects.get(code="laegehus/1")
    assert (practice.parent, practice.pilot_from) == (south, date(2026, 1, 1))
    period = practice.region_periods.get()
    assert (period.region, period.valid_from, period.valid_until) == (north, None, date(2026, 3, 31))
    address = f"/admin/accounts/organisation/{practice.pk}/change/"
    kept = {"region_periods-INITIAL_FORMS": "1", "region_periods-0-id": period.pk}
    kept |= {"region_periods-0-organisation": practice.pk}
    browser.post(address, {**data, **kept, "name": "Nyt navn", "region_periods-0-valid_until": "2026-04-30"})
    practice.refresh_from_db()
    period.refresh_from_db()
    assert (practice.name, period.valid_until) == ("Nyt navn", date(2026, 4, 30))
    browser.post(address, {**data, **kept, "name": "Nyt navn", "region_periods-0-DELETE": "on"})
    assert not RegionPeriod.objects.exists()
    trail = AuditEntry.objects.filter(organisation=practice, actor=medcom).order_by("id")
    assert [(entry.action, entry.detail.get("fields")) for entry in trail] == [
        ("organisation.create", None),
        ("region_period.set", None),
        ("organisation.change", ["name"]),
        ("region_period.set", None),
        ("organisation.change", []),
        ("region_period.drop", None),
    ]
    assert not LogEntry.objects.exists()


def test_an_organisation_below_itself_is_refused_where_it_can_be_put_right(browser: Client) -> None:
    above = OrganisationFactory.create()
    below = OrganisationFactory.create(parent=above)
    data = {"code": above.code, "name": above.name, "kind": "general", "parent": below.pk, **NO_PERIODS}
    response = browser.post(f"/admin/accounts/organisation/{above.pk}/change/", data)
    assert response.context["adminform"].form.errors == {"parent": ["En organisation kan ikke høre under sig selv."]}


def test_a_user_is_made_and_corrected_by_services(browser: Client, medcom: User) -> None:
    data = {"email": "Ny@Example.DK", "name": "Ny", "language": "en", "usual_minutes": "10", "phone": "", **NO_ROLES}
    assert browser.post("/admin/accounts/user/add/", data).status_code == 302
    user = User.objects.get(email="ny@example.dk")
    assert (user.name, user.language, user.usual_minutes, user.has_usable_password()) == ("Ny", "en", 10, False)
    browser.post(f"/admin/accounts/user/{user.pk}/change/", {**data, "email": "NYERE@example.dk"})
    user.refresh_from_db()
    assert user.email == "nyere@example.dk"
    trail = AuditEntry.objects.filter(target_id=str(user.pk), target_type="accounts.User", actor=medcom)
    assert [(entry.action, entry.detail) for entry in trail.exclude(action="admin.view").order_by("id")] == [
        ("user.create", {}),
        ("user.change", {"fields": ["language", "usual_minutes"]}),
        ("user.change", {"fields": ["email"]}),
    ]


def test_an_email_that_is_taken_is_said_beside_the_field(browser: Client) -> None:
    member(email="taget@example.dk")
    data = {"email": "TAGET@example.dk", "name": "Ny", "language": "da", "usual_minutes": "10", **NO_ROLES}
    response = browser.post("/admin/accounts/user/add/", data)
    assert response.status_code == 200
    assert "E-mailen er i brug." in str(response.context["errors"])


def test_actions_on_people_call_services(browser: Client, medcom: User) -> None:
    doctor = member()
    second_factor(doctor)
    address = "/admin/accounts/user/"
    for action in ("reset_second_factor", "send_link", "deactivate"):
        browser.post(address, {"action": action, "_selected_action": [doctor.pk]})
    doctor.refresh_from_db()
    assert not doctor.is_active
    assert not TOTPDevice.objects.filter(user=doctor).exists()
    assert OneTimeLink.objects.get().secret_digest is None
    browser.post(address, {"action": "reactivate", "_selected_action": [doctor.pk]})
    doctor.refresh_from_db()
    assert doctor.is_active
    # One's own access: refused, and said.
    response = browser.post(address, {"action": "deactivate", "_selected_action": [medcom.pk]}, follow=True)
    assert "Du kan ikke lukke din egen adgang" in response.content.decode()
    medcom.refresh_from_db()
    assert medcom.is_active


def test_roles_are_given_changed_and_ended(browser: Client, medcom: User) -> None:
    doctor, practice = member(), OrganisationFactory.create()
    browser.post(
        "/admin/accounts/membership/add/", {"user": doctor.pk, "organisation": practice.pk, "role": "secretary"}
    )
    row = Membership.objects.get(user=doctor, organisation=practice)
    browser.post(f"/admin/accounts/membership/{row.pk}/change/", {"role": "administrator"})
    row.refresh_from_db()
    assert row.ended_at is not None
    assert row.role == "secretary"
    new = Membership.objects.active().get(user=doctor, organisation=practice)
    assert new.role == "administrator"
    # What has ended is history.
    assert browser.post(f"/admin/accounts/membership/{row.pk}/change/", {"role": "doctor"}).status_code == 403
    browser.post("/admin/accounts/membership/", {"action": "end", "_selected_action": [new.pk]})
    assert not Membership.objects.active().filter(user=doctor, organisation=practice).exists()
    mine = medcom.memberships.get()
    response = browser.post(
        "/admin/accounts/membership/", {"action": "end", "_selected_action": [mine.pk]}, follow=True
    )
    assert "Det er den sidste MedCom-medarbejder" in response.content.decode()
    mine.refresh_from_db()
    assert mine.ended_at is None


def test_the_trail_is_read_only(browser: Client) -> None:
    entry = services.audit(action="x", target_type="y")
    address = f"/admin/accounts/auditentry/{entry.pk}"
    assert browser.post(f"{address}/change/", {"action": "z"}).status_code == 403
    assert browser.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert browser.get("/admin/accounts/auditentry/add/").status_code == 403
    entry.refresh_from_db()
    assert entry.action == "x"


@pytest.mark.parametrize("page", ["organisation", "user", "membership"])
def test_nothing_is_deleted(browser: Client, medcom: User, page: str) -> None:
    row = {
        "organisation": OrganisationFactory.create(),
        "user": member(),
        "membership": member().memberships.get(),
    }[page]
    assert browser.post(f"/admin/accounts/{page}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def picture(kind: str) -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (4, 4), "red").save(kept, kind)
    return SimpleUploadedFile(f"syd.{kind.lower()}", kept.getvalue() + b"<script>behind</script>")


def test_a_logo_is_drawn_anew_named_without_a_link_and_removed(browser: Client, tmp_path: Path) -> None:
    region = OrganisationFactory.create(code="syd", kind=OrganisationKind.REGION)
    address = f"/admin/accounts/organisation/{region.pk}/change/"
    data = {"code": "syd", "name": region.name, "kind": "region"}
    data |= {"region_periods-TOTAL_FORMS": "0", "region_periods-INITIAL_FORMS": "0"}
    with override_settings(MEDIA_ROOT=tmp_path):
        refused = browser.post(address, {**data, "logo": picture("GIF")})
        assert "Vælg et billede" in refused.content.decode()
        assert browser.post(address, {**data, "logo": picture("JPEG")}).status_code == 302
        region.refresh_from_db()
        kept = Path(region.logo.path).read_bytes()
        assert (kept[:8], b"<script>" in kept) == (b"\x89PNG\r\n\x1a\n", False)
        page = browser.get(address).content.decode()
        assert region.logo.name in page
        assert f'{region.logo.name}"' not in page
        browser.post(address, {**data, "name": "Nyt navn"})
        region.refresh_from_db()
        assert (region.name, bool(region.logo)) == ("Nyt navn", True)
        browser.post(address, {**data, "logo-clear": "on"})
        region.refresh_from_db()
        assert not region.logo
