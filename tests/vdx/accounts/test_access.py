"""What a person may see and do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, member, second_factor
from vdx.accounts import access
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import Organisation
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def tree() -> dict[str, Organisation]:
    """region > practice > unit, and another practice."""
    region = OrganisationFactory.create(code="region", kind=OrganisationKind.REGION)
    practice = OrganisationFactory.create(code="practice", parent=region)
    unit = OrganisationFactory.create(code="unit", parent=practice)
    other = OrganisationFactory.create(code="other", parent=region)
    return {"region": region, "practice": practice, "unit": unit, "other": other}


@pytest.mark.parametrize(
    ("role", "visible", "administered"),
    [
        (Role.MEDCOM, None, {"region", "practice", "unit", "other"}),
        (Role.ADMINISTRATOR, {"practice", "unit"}, {"practice", "unit"}),
        (Role.DOCTOR, {"practice", "unit"}, set()),
        (Role.SECRETARY, {"practice", "unit"}, set()),
        (Role.RESEARCHER, set(), set()),
    ],
)
def test_how_far_a_role_at_the_practice_reaches(
    tree: dict[str, Organisation], role: Role, visible: set[str] | None, administered: set[str]
) -> None:
    user = member(role, tree["practice"])
    assert access.visible_ids(user) == (None if visible is None else {tree[name].pk for name in visible})
    assert access.administered_ids(user) == {tree[name].pk for name in administered}
    assert access.is_medcom(user) is (role == Role.MEDCOM)


@pytest.mark.parametrize("role", list(Role))
def test_only_clinicians_of_the_organisation_itself_host(tree: dict[str, Organisation], role: Role) -> None:
    user = member(role, tree["practice"])
    assert access.may_host(user, tree["practice"].pk) is (role in {Role.DOCTOR, Role.SECRETARY})
    assert not access.may_host(user, tree["unit"].pk)
    assert not access.may_host(user, tree["region"].pk)


def test_an_ended_role_and_a_closed_account_open_nothing(tree: dict[str, Organisation]) -> None:
    ended, closed = member(Role.MEDCOM, tree["practice"]), member(Role.MEDCOM, tree["practice"])
    MembershipFactory.create(user=ended, organisation=tree["practice"])
    MembershipFactory.create(user=closed, organisation=tree["practice"])
    ended.memberships.update(ended_at=clock.now())
    closed.is_active = False
    closed.save()
    for user in (ended, closed, UserFactory.create(), AnonymousUser()):
        assert not access.is_medcom(user)
        assert access.visible_ids(user) == set()
        assert access.administered_ids(user) == set()
        assert not access.may_host(user, tree["practice"].pk)
        assert list(access.organisations_of(user, list(Role))) == []


def test_who_owes_the_second_factor_hosts_nothing(tree: dict[str, Organisation]) -> None:
    user = member(Role.DOCTOR, tree["practice"])
    user.is_verified = lambda: False
    assert access.may_host(user, tree["practice"].pk)
    Organisation.objects.filter(pk=tree["region"].pk).update(doctors_need_second_factor=True)
    assert not access.may_host(user, tree["practice"].pk)
    user.is_verified = lambda: True
    assert access.may_host(user, tree["practice"].pk)


@pytest.mark.parametrize(
    ("role", "required"),
    [
        (Role.MEDCOM, True),
        (Role.ADMINISTRATOR, True),
        (Role.RESEARCHER, True),
        (Role.DOCTOR, False),
        (Role.SECRETARY, False),
    ],
)
def test_the_second_factor_by_role(tree: dict[str, Organisation], role: Role, required: bool) -> None:
    user = member(role, tree["practice"])
    assert access.second_factor_required(user) is required
    assert access.second_factor_compulsory(user) is required
    second_factor(user)
    assert access.second_factor_required(user)
    assert access.second_factor_compulsory(user) is required


def test_the_second_factor_by_organisation(tree: dict[str, Organisation]) -> None:
    tree["practice"].doctors_need_second_factor = True
    tree["practice"].save()
    assert access.second_factor_required(member(Role.DOCTOR, tree["practice"]))
    assert access.second_factor_required(member(Role.SECRETARY, tree["unit"]))
    assert not access.second_factor_required(member(Role.DOCTOR, tree["other"]))
    assert not access.second_factor_required(AnonymousUser())


def test_a_browser_keeps_the_last_ten_people_and_no_email() -> None:
    emails = [f"person{number}@example.dk" for number in range(12)]
    cookie = ""
    for email in emails:
        cookie = access.browser_cookie(cookie, email)
    assert [bool(access.known_browser(cookie, email)) for email in emails] == [False] * 2 + [True] * 10
    assert access.known_browser(cookie, "PERSON11@example.dk ") == cookie.split(".")[0]
    assert "person" not in cookie
    assert access.browser_cookie(cookie, emails[-1]) == cookie
    assert access.known_browser("", emails[0]) == ""
    # What was made up is not built upon.
    assert access.browser_cookie("mine." + "0" * 32, emails[0]).split(".")[0] != "mine"
