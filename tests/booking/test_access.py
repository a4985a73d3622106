"""Whose meetings a person has, and for whom a person may book."""

from __future__ import annotations

from uuid import uuid4

import pytest

from booking import access
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.lib import clock
from vdx.lib.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def practice():
    return OrganisationFactory.create()


@pytest.fixture
def doctor(practice):
    return member(organisation=practice, email="Lise.Holm@example.dk", name="Lise Holm")


@pytest.fixture
def meeting(doctor):
    return book_meeting(doctor=doctor)


def has(user, meeting):
    return meeting in access.meetings_of(user)


def test_a_doctor_has_the_own_meetings_whoever_booked_them(practice, doctor):
    secretary = member(Role.SECRETARY, practice)

    assert has(doctor, book_meeting(doctor=doctor, creator=secretary))


def test_capitals_in_the_e_mail_make_no_difference(practice, doctor):
    namesake = member(organisation=practice, email="other@example.dk")
    namesake.email = "LISE.holm@EXAMPLE.dk"
    meeting = book_meeting(doctor=namesake, organisation=practice)

    assert has(doctor, meeting)


def test_a_secretary_has_everybodys_in_the_practice(practice, meeting):
    assert has(member(Role.SECRETARY, practice), meeting)


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.ADMINISTRATOR, Role.RESEARCHER, Role.MEDCOM])
def test_a_colleague_with_another_role_has_none_of_them(practice, meeting, role):
    assert not has(member(role, practice), meeting)


@pytest.mark.parametrize("role", list(Role))
def test_a_stranger_has_none_of_them(meeting, role):
    assert not has(member(role), meeting)


def test_an_administrator_above_has_none_of_them(practice, doctor):
    region = OrganisationFactory.create()
    practice.parent = region
    practice.save()

    assert not has(member(Role.ADMINISTRATOR, region), book_meeting(doctor=doctor))
    assert not has(member(Role.SECRETARY, region), book_meeting(doctor=doctor))


def test_who_has_left_the_practice_has_them_no_longer(doctor, meeting):
    doctor.memberships.update(ended_at=clock.now())

    assert not has(doctor, meeting)


def test_the_same_doctor_in_another_practice_has_only_the_meetings_there(doctor, meeting):
    elsewhere = OrganisationFactory.create()
    MembershipFactory.create(user=doctor, organisation=elsewhere)
    doctor.memberships.filter(organisation=meeting.organisation).update(ended_at=clock.now())

    assert not has(doctor, meeting)
    assert has(doctor, book_meeting(doctor=doctor, organisation=elsewhere))


def test_somebody_elses_meeting_and_none_at_all_look_alike(meeting):
    stranger = member()
    for uuid in (meeting.uuid, uuid4()):
        with pytest.raises(NotFound) as refusal:
            access.meeting(stranger, uuid)
        assert (refusal.value.code, refusal.value.status) == ("not_found", 404)


def test_a_doctor_books_for_nobody_else(practice, doctor):
    member(organisation=practice)

    assert [(host.user, host.organisation) for host in access.hosts(doctor)] == [(doctor, practice)]


def test_a_secretary_books_for_the_practices_doctors(practice, doctor):
    other = member(organisation=practice, name="Anna Berg")
    secretary = member(Role.SECRETARY, practice)
    left = member(organisation=practice)
    left.memberships.update(ended_at=clock.now())
    closed = member(organisation=practice)
    closed.is_active = False
    closed.save()
    member()

    assert [host.user for host in access.hosts(secretary)] == [other, doctor]


def test_who_is_doctor_and_secretary_stands_first(practice):
    member(organisation=practice, name="Anna Berg")
    both = member(Role.SECRETARY, practice, name="Ole Vang")
    MembershipFactory.create(user=both, organisation=practice, role=Role.DOCTOR)

    assert [host.user.name for host in access.hosts(both)] == ["Ole Vang", "Anna Berg"]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RESEARCHER, Role.MEDCOM])
def test_nobody_else_books(practice, doctor, role):
    assert access.hosts(member(role, practice)) == []
