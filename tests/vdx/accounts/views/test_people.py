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
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Membership, OneTimeLink, Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PEOPLE, INVITE = "/konto/brugere", "/konto/brugere/inviter"
Login = Callable[[User], Client]


@pytest.fixture
def practice() -> Organisation:
    """A practice in a region."""
    region = OrganisationFactory.create(code="region", name="Regionen", kind=OrganisationKind.REGION)
    return OrganisationFactory.create(code="praksis", name="Praksis", parent=region)


@pytest.fixture
def administrator(practice: Organisation) -> User:
    """Who looks after the practice."""
    return member(Role.ADMINISTRATOR, practice, name="Ada")


@pytest.fixture
def medcom() -> User:
    """Somebody at MedCom."""
    return member(Role.MEDCOM, OrganisationFactory.create(code="medcom", kind=""), name="Mette")


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


# Inviting


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
