"""The administrators' pages: people at and below their organisation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    member,
    second_factor,
)
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, Membership, OneTimeLink, Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PEOPLE, INVITE = "/konto/brugere", "/konto/brugere/inviter"
Login = Callable[[User], Client]


def names(browser: Client, **query: object) -> list[str]:
    return [person.name for person in browser.get(PEOPLE, query).context["page"]]


# Looking


def test_the_list_ends_at_the_organisation(
    log_in: Login, administrator: User, practice: Organisation, medcom: User
) -> None:
    unit = OrganisationFactory.create(parent=practice)
    member(Role.DOCTOR, practice, name="Berg")
    member(Role.SECRETARY, unit, name="Carl")
    member(Role.DOCTOR, practice.parent, name="Above")
    member(Role.DOCTOR, name="Elsewhere")
    browser = log_in(administrator)
    assert names(browser) == ["Ada", "Berg", "Carl"]
    assert names(log_in(medcom)) == ["Above", "Ada", "Berg", "Carl", "Elsewhere", "Mette"]
    entry = AuditEntry.objects.filter(action="user.list", actor=administrator).get()
    assert entry.detail == {"filters": [], "page": 1}


def test_the_list_shows_roles_within_reach_only(log_in: Login, administrator: User, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice, name="Berg")
    MembershipFactory.create(user=doctor, organisation=OrganisationFactory.create(name="Et andet sted"))
    browser = log_in(administrator)
    assert "Et andet sted" not in browser.get(PEOPLE).content.decode()
    assert "Et andet sted" not in browser.get(f"{PEOPLE}/{doctor.pk}").content.decode()


def test_the_list_is_filtered(log_in: Login, administrator: User, practice: Organisation) -> None:
    unit = OrganisationFactory.create(parent=practice)
    member(Role.DOCTOR, practice, name="Berg", email="anita@example.dk")
    member(Role.SECRETARY, unit, name="Carl")
    member(Role.DOCTOR, practice, name="Dora", is_active=False)
    browser = log_in(administrator)
    assert names(browser, q="anita") == ["Berg"]
    assert names(browser, q="CAR") == ["Carl"]
    assert names(browser, role="secretary") == ["Carl"]
    assert names(browser, organisation=unit.pk) == ["Carl"]
    assert names(browser, closed="on") == ["Dora"]
    assert names(browser, q="ingen") == []
    # What was searched for is about people, so only that it was is written down.
    assert not any("anita" in str(entry.detail) for entry in AuditEntry.objects.all())
    entries = AuditEntry.objects.filter(action="user.list").order_by("at")
    assert next(entry.detail["filters"] for entry in entries) == ["q"]


def test_an_organisation_out_of_reach_is_no_filter(log_in: Login, administrator: User) -> None:
    member(Role.DOCTOR, other := OrganisationFactory.create(), name="Elsewhere")
    assert "Elsewhere" not in names(log_in(administrator), organisation=other.pk)


@pytest.mark.parametrize("page", [PEOPLE, "{person}"])
def test_the_number_of_queries_does_not_grow(
    log_in: Login,
    administrator: User,
    practice: Organisation,
    page: str,
) -> None:
    doctor = member(Role.DOCTOR, practice)
    browser = log_in(administrator)
    address = page.format(person=f"{PEOPLE}/{doctor.pk}")
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for _ in range(2):
        MembershipFactory.create(user=doctor, organisation=OrganisationFactory.create(parent=practice))
        member(Role.SECRETARY, practice)
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(few)


def test_a_look_at_a_person_is_written_down(log_in: Login, administrator: User, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    log_in(administrator).get(f"{PEOPLE}/{doctor.pk}")
    entry = AuditEntry.objects.get(action="user.view")
    assert (entry.actor, entry.target_type, entry.target_id) == (administrator, "accounts.User", str(doctor.pk))


# Strangers


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY, Role.RESEARCHER])
def test_others_than_administrators_have_no_such_pages(log_in: Login, practice: Organisation, role: Role) -> None:
    stranger, doctor = member(role, practice), member(Role.DOCTOR, practice)
    browser = log_in(stranger)
    for address in (PEOPLE, INVITE, f"{PEOPLE}/{doctor.pk}"):
        assert browser.get(address).status_code == 403
    for action in ("luk", "aabn", "totrin", "link", "rolle"):
        assert browser.post(f"{PEOPLE}/{doctor.pk}/{action}").status_code == 403
    doctor.refresh_from_db()
    assert doctor.is_active


def test_without_a_login_there_is_only_the_login_page(client: Client, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    for address in (PEOPLE, INVITE, f"{PEOPLE}/{doctor.pk}"):
        assert client.get(address)["Location"] == f"/konto/log-ind?next={address}"
    assert client.post(f"{PEOPLE}/{doctor.pk}/luk")["Location"] == "/konto/log-ind"


def test_somebody_out_of_reach_looks_like_nobody(log_in: Login, administrator: User, practice: Organisation) -> None:
    stranger = member(Role.DOCTOR)
    former = MembershipFactory.create(organisation=practice)
    Membership.objects.filter(pk=former.pk).update(ended_at=former.created_at)
    own = member(Role.DOCTOR, practice)
    browser = log_in(administrator)
    for number in (stranger.pk, former.user_id, 999_999):
        assert browser.get(f"{PEOPLE}/{number}").status_code == 404
        for action in ("luk", "aabn", "totrin", "link", "rolle"):
            data = {"delivery": "show", "organisation": practice.pk, "role": "doctor"}
            assert browser.post(f"{PEOPLE}/{number}/{action}", data).status_code == 404
    # A role of somebody else's under an address of somebody within reach.
    theirs = stranger.memberships.get()
    for action in ("fjern", "skift"):
        address = f"{PEOPLE}/{own.pk}/rolle/{theirs.pk}/{action}"
        assert browser.post(address, {"role": "secretary"}).status_code == 404
    stranger.refresh_from_db()
    assert stranger.is_active
    assert stranger.memberships.active().count() == 1
    assert not OneTimeLink.objects.exists()


def test_an_administrator_above_is_out_of_reach(log_in: Login, administrator: User, practice: Organisation) -> None:
    above = member(Role.ADMINISTRATOR, practice.parent)
    assert log_in(administrator).get(f"{PEOPLE}/{above.pk}").status_code == 404


def test_an_account_that_works_elsewhere_too_is_not_taken_over(
    log_in: Login, administrator: User, practice: Organisation
) -> None:
    """Who could open it could act as that person in the other place."""
    doctor = member(Role.DOCTOR, practice)
    MembershipFactory.create(user=doctor)
    second_factor(doctor)
    browser = log_in(administrator)
    assert browser.get(f"{PEOPLE}/{doctor.pk}").context["may_manage"] is False
    for action in ("luk", "totrin", "link"):
        assert browser.post(f"{PEOPLE}/{doctor.pk}/{action}", {"delivery": "show"}).status_code == 403
    doctor.refresh_from_db()
    assert doctor.is_active
    assert not OneTimeLink.objects.exists()
    # The role at the practice is the practice's business all the same.
    own = doctor.memberships.get(organisation=practice)
    assert browser.post(f"{PEOPLE}/{doctor.pk}/rolle/{own.pk}/fjern")["Location"] == PEOPLE
    assert doctor.memberships.active().count() == 1


def test_medcoms_people_are_out_of_every_administrators_reach(log_in: Login, medcom: User) -> None:
    root = medcom.memberships.get().organisation
    administrator = member(Role.ADMINISTRATOR, root)
    browser = log_in(administrator)
    assert browser.post(f"{PEOPLE}/{medcom.pk}/luk").status_code == 403
    assert browser.post(f"{PEOPLE}/{medcom.pk}/link", {"delivery": "show"}).status_code == 403
    row = medcom.memberships.get()
    assert browser.post(f"{PEOPLE}/{medcom.pk}/rolle/{row.pk}/fjern").status_code == 404


# Roles


def test_a_role_is_given_changed_and_taken(log_in: Login, administrator: User, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    browser, address = log_in(administrator), f"{PEOPLE}/{doctor.pk}"

    def roles() -> list[str]:
        return sorted(doctor.memberships.active().values_list("role", flat=True))

    browser.post(f"{address}/rolle", {"organisation": practice.pk, "role": "secretary"})
    assert roles() == ["doctor", "secretary"]
    first = doctor.memberships.get(role="doctor")
    browser.post(f"{address}/rolle/{first.pk}/skift", {"role": "administrator"})
    assert roles() == ["administrator", "secretary"]
    second = doctor.memberships.get(role="secretary")
    browser.post(f"{address}/rolle/{second.pk}/fjern")
    assert roles() == ["administrator"]
    # Ended, not deleted.
    assert doctor.memberships.count() == 3
    assert list(
        AuditEntry.objects.filter(action__startswith="membership").order_by("id").values_list("action", flat=True)
    ) == ["membership.add", "membership.end", "membership.add", "membership.end"]


def test_a_role_twice_is_refused_kindly(log_in: Login, administrator: User, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    browser = log_in(administrator)
    data = {"organisation": practice.pk, "role": "doctor"}
    response = browser.post(f"{PEOPLE}/{doctor.pk}/rolle", data, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Personen har allerede den rolle her."]


def test_an_administrator_cannot_raise_anybody_beyond_their_reach(
    log_in: Login, administrator: User, practice: Organisation
) -> None:
    doctor = member(Role.DOCTOR, practice)
    browser, address = log_in(administrator), f"{PEOPLE}/{doctor.pk}"
    row = doctor.memberships.get()
    assert browser.post(f"{address}/rolle/{row.pk}/skift", {"role": "medcom"}).status_code == 400
    assert browser.post(f"{address}/rolle", {"organisation": practice.pk, "role": "researcher"}).status_code == 400
    assert (
        browser.post(f"{address}/rolle", {"organisation": practice.parent_id, "role": "administrator"}).status_code
        == 400
    )
    assert list(doctor.memberships.values_list("role", flat=True)) == ["doctor"]


# The account


def test_closing_ends_the_session_at_once(log_in: Login, administrator: User, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    doctors, browser = log_in(doctor), log_in(administrator)
    assert doctors.get("/konto/profil").status_code == 200
    browser.post(f"{PEOPLE}/{doctor.pk}/luk")
    assert doctors.get("/konto/profil").status_code == 302
    fresh = Client()
    assert fresh.post("/konto/log-ind", {"email": doctor.email, "password": PASSWORD}).status_code == 200
    browser.post(f"{PEOPLE}/{doctor.pk}/aabn")
    cache.clear()
    assert fresh.post("/konto/log-ind", {"email": doctor.email, "password": PASSWORD}).status_code == 302
    assert sorted(AuditEntry.objects.filter(action__contains="activate").values_list("action", flat=True)) == [
        "user.deactivate",
        "user.reactivate",
    ]


def test_nobody_closes_their_own_access(log_in: Login, administrator: User) -> None:
    log_in(administrator).post(f"{PEOPLE}/{administrator.pk}/luk")
    administrator.refresh_from_db()
    assert administrator.is_active


def test_the_last_person_at_medcom_stays(log_in: Login, medcom: User) -> None:
    browser = log_in(medcom)
    row = medcom.memberships.get()
    response = browser.post(f"{PEOPLE}/{medcom.pk}/rolle/{row.pk}/fjern", follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Det er den sidste MedCom-medarbejder. Giv rollen til en anden først."
    ]
    row.refresh_from_db()
    assert row.ended_at is None


def test_the_second_factor_is_reset(log_in: Login, administrator: User, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    second_factor(doctor)
    browser = log_in(administrator)
    browser.post(f"{PEOPLE}/{doctor.pk}/totrin")
    assert browser.get(f"{PEOPLE}/{doctor.pk}").context["person"].has_second_factor is False
    assert AuditEntry.objects.get(action="second_factor.reset").actor == administrator


def test_a_new_link_ends_the_earlier_one(log_in: Login, administrator: User, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    browser, address = log_in(administrator), f"{PEOPLE}/{doctor.pk}/link"
    first = browser.post(address, {"delivery": "show"}).context["url"]
    second = browser.post(address, {"delivery": "show"}).context["url"]
    guest = Client()
    assert guest.get(f"/konto/link/{first.rsplit('/', 1)[1]}").status_code == 410
    assert guest.get(f"/konto/link/{second.rsplit('/', 1)[1]}").status_code == 200
    # A change of language asks for the page again: the link is not shown a second time.
    assert browser.get(address)["Location"] == f"{PEOPLE}/{doctor.pk}"


def test_writing_is_by_post_only(log_in: Login, administrator: User, practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    browser = log_in(administrator)
    for action in ("luk", "aabn", "totrin", "rolle"):
        assert browser.get(f"{PEOPLE}/{doctor.pk}/{action}").status_code == 405
    assert UserFactory._meta.model.objects.get(pk=doctor.pk).is_active
