"""Who may use a fixed room: by name, by group, and as long as they work there."""

from __future__ import annotations

from typing import Any

import pytest

from rooms import hosts
from rooms.enums import DeviceKind, SeatRole, SeatState
from rooms.errors import GroupElsewhere, GroupNameTaken, NotAColleague
from rooms.models import Seat
from rooms.models_fixed import FixedRoom, RoomGroup
from rooms.services import fixed
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, member
from tests.factories.fixed import FixedRoomFactory, RoomGroupFactory
from vdx.accounts import services as accounts
from vdx.accounts.enums import Role
from vdx.accounts.models import Organisation, User
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice() -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def room(practice: Organisation) -> FixedRoom:
    return FixedRoomFactory(organisation=practice)


def may(user: User, room: FixedRoom) -> bool:
    return hosts.usable_rooms(user).filter(pk=room.pk).exists()


def in_call(room: FixedRoom, user: User) -> Seat:
    call, _ = fixed.enter_as_host(fixed_room_id=room.pk, user=user, device_kind=DeviceKind.BROWSER, now=clock.now())
    return Seat.objects.get(room=call, user=user)


def test_somebody_named_may_until_they_are_taken_away(room: FixedRoom, practice: Organisation) -> None:
    user = member(organisation=practice)
    assert not may(user, room)
    fixed.add_person(fixed_room_id=room.pk, user=user, actor=None)
    assert may(user, room)
    fixed.remove_person(fixed_room_id=room.pk, user_id=user.pk, actor=None)
    assert not may(user, room)


def test_a_group_may_and_whoever_joins_it_later(room: FixedRoom, practice: Organisation) -> None:
    group = RoomGroupFactory(organisation=practice)
    fixed.add_group(fixed_room_id=room.pk, group_id=group.pk, actor=None)
    user = member(organisation=practice)
    fixed.add_to_group(group_id=group.pk, user=user, actor=None)
    assert may(user, room)
    fixed.remove_from_group(group_id=group.pk, user_id=user.pk, actor=None)
    assert not may(user, room)


def test_a_colleague_in_a_unit_below_may_be_named(room: FixedRoom, practice: Organisation) -> None:
    user = member(organisation=OrganisationFactory(parent=practice), role=Role.SECRETARY)
    fixed.add_person(fixed_room_id=room.pk, user=user, actor=None)
    assert may(user, room)


def test_nobody_from_elsewhere_and_no_researcher_is_named(room: FixedRoom, practice: Organisation) -> None:
    region = OrganisationFactory()
    Organisation.objects.filter(pk=practice.pk).update(parent=region)
    closed = member(organisation=practice)
    accounts.deactivate(user=closed, actor=None, now=clock.now())
    strangers = [
        member(),
        member(organisation=region, role=Role.ADMINISTRATOR),
        UserFactory(),
        member(organisation=practice, role=Role.RESEARCHER),
        User.objects.get(pk=closed.pk),
    ]
    for user in strangers:
        with pytest.raises(NotAColleague):
            fixed.add_person(fixed_room_id=room.pk, user=user, actor=None)
    group = RoomGroupFactory(organisation=practice)
    with pytest.raises(NotAColleague):
        fixed.add_to_group(group_id=group.pk, user=member(), actor=None)


def test_whoever_has_stopped_working_there_may_no_longer(room: FixedRoom, practice: Organisation) -> None:
    user = member(organisation=practice)
    fixed.add_person(fixed_room_id=room.pk, user=user, actor=None)
    MembershipFactory(user=user)
    accounts.end_membership(membership=user.memberships.get(organisation=practice), actor=None, now=clock.now())
    assert not may(user, room)


def test_a_group_of_another_place_is_refused(room: FixedRoom) -> None:
    with pytest.raises(GroupElsewhere):
        fixed.add_group(fixed_room_id=room.pk, group_id=RoomGroupFactory().pk, actor=None)


def test_two_groups_of_a_place_have_two_names(practice: Organisation) -> None:
    RoomGroupFactory(organisation=practice, name="Onkologi")
    with pytest.raises(GroupNameTaken):
        RoomGroupFactory(organisation=practice, name="onkologi")
    RoomGroupFactory(name="Onkologi")


@pytest.mark.parametrize("way", ["person", "group", "from_group", "group_deleted", "membership"])
def test_whoever_loses_the_room_is_host_no_longer_in_the_call_that_is_on(
    way: str, practice: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    user = member(organisation=practice)
    group = RoomGroupFactory(organisation=practice, users=[user])
    named = way in {"person", "membership"}
    room = FixedRoomFactory(organisation=practice, users=[user] if named else [])
    if not named:
        fixed.add_group(fixed_room_id=room.pk, group_id=group.pk, actor=None)
    seat = in_call(room, user)

    with django_capture_on_commit_callbacks(execute=True):
        match way:
            case "person":
                fixed.remove_person(fixed_room_id=room.pk, user_id=user.pk, actor=None)
            case "group":
                fixed.remove_group(fixed_room_id=room.pk, group_id=group.pk, actor=None)
            case "from_group":
                fixed.remove_from_group(group_id=group.pk, user_id=user.pk, actor=None)
            case "group_deleted":
                fixed.delete_group(group_id=group.pk, actor=None)
            case "membership":
                accounts.end_membership(membership=user.memberships.get(), actor=None, now=clock.now())

    seat.refresh_from_db()
    assert (seat.role, seat.state) == (SeatRole.HOST, SeatState.LEFT)
    assert RoomGroup.objects.filter(pk=group.pk).exists() is (way != "group_deleted")


def test_whoever_has_it_in_another_way_stays(practice: Organisation, django_capture_on_commit_callbacks: Any) -> None:
    user = member(organisation=practice)
    group = RoomGroupFactory(organisation=practice, users=[user])
    room = FixedRoomFactory(organisation=practice, users=[user])
    fixed.add_group(fixed_room_id=room.pk, group_id=group.pk, actor=None)
    seat = in_call(room, user)
    with django_capture_on_commit_callbacks(execute=True):
        fixed.remove_person(fixed_room_id=room.pk, user_id=user.pk, actor=None)
    seat.refresh_from_db()
    assert seat.state == SeatState.ADMITTED
