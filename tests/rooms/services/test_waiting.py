"""What a host does for those who wait: ring, say a ready sentence, say how late it gets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rooms import queries, services
from rooms.enums import CloseReason, DeviceKind, ReadySentence, RoomState
from rooms.errors import BadDelay, HostOnly, RoomClosed, RungJustNow, SeatGone
from rooms.models import Room, Seat
from rooms.services.visits import connect
from rooms.signals import room_changed, room_rung, sentence_told
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member
from tests.factories.booking import book_meeting
from tests.factories.rooms import RoomFactory, SeatFactory, instance
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """What the facts said while the block ran."""
    heard = []

    def listen(sender, signal, **payload):
        heard.append(({room_rung: "rung", sentence_told: "told", room_changed: "changed"}[signal], payload))

    for fact in (room_rung, sentence_told, room_changed):
        fact.connect(listen, weak=False, dispatch_uid="test")
    yield heard
    for fact in (room_rung, sentence_told, room_changed):
        fact.disconnect(dispatch_uid="test")


@pytest.fixture
def room():
    return RoomFactory.create()


@pytest.fixture
def doctor(room):
    return MembershipFactory.create(organisation=room.organisation, user__name="Lise Holm").user


def host(room, doctor):
    return services.take_host_seat(room_id=room.pk, user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now())[0]


def test_ringing_is_written_down_and_told(room, doctor, told, django_capture_on_commit_callbacks):
    seat = SeatFactory.create(room=room)
    now = clock.now()
    with django_capture_on_commit_callbacks(execute=True):
        services.ring(room_id=room.pk, seat_key=seat.key, actor=doctor, now=now)
    seat.refresh_from_db()
    assert seat.rung_at == now
    assert [(kind, payload["seat_key"]) for kind, payload in told] == [("rung", seat.key)]
    assert AuditEntry.objects.filter(action="room.rung", actor=doctor).count() == 1


def test_twice_in_ten_seconds_rings_once(room, doctor):
    seat, now = SeatFactory.create(room=room), clock.now()
    services.ring(room_id=room.pk, seat_key=seat.key, actor=doctor, now=now)
    with pytest.raises(RungJustNow):
        services.ring(room_id=room.pk, seat_key=seat.key, actor=doctor, now=now + timedelta(seconds=9))
    services.ring(room_id=room.pk, seat_key=seat.key, actor=doctor, now=now + timedelta(seconds=10))


def test_a_host_in_the_room_rings_too(room, doctor):
    seat = SeatFactory.create(room=room)
    services.ring(room_id=room.pk, seat_key=seat.key, by_seat_id=host(room, doctor).pk, now=clock.now())
    assert Seat.objects.get(pk=seat.pk).rung_at is not None


@pytest.mark.parametrize("who", ["stranger", "guest", "nobody"])
def test_nobody_else_does(room, who):
    seat, now = SeatFactory.create(room=room), clock.now()
    by = {
        "stranger": {"actor": member(Role.DOCTOR)},
        "guest": {"by_seat_id": SeatFactory.create(room=room, admitted=True).pk},
        "nobody": {},
    }[who]
    with pytest.raises(HostOnly):
        services.ring(room_id=room.pk, seat_key=seat.key, now=now, **by)
    with pytest.raises(HostOnly):
        services.say(room_id=room.pk, seat_key=None, sentence=ReadySentence.SOON, now=now, **by)
    with pytest.raises(HostOnly):
        services.delay(room_ids=[room.pk], minutes=5, now=now, **by)


def test_who_does_not_wait_there_is_not_rung_at(room, doctor):
    inside, elsewhere = SeatFactory.create(room=room, admitted=True), SeatFactory.create()
    for seat in (inside, elsewhere):
        with pytest.raises(SeatGone):
            services.ring(room_id=room.pk, seat_key=seat.key, actor=doctor, now=clock.now())
        with pytest.raises(SeatGone):
            services.say(room_id=room.pk, seat_key=seat.key, sentence=ReadySentence.SOON, actor=doctor, now=clock.now())


def test_a_sentence_reaches_one_or_all_who_wait(room, doctor, told, django_capture_on_commit_callbacks):
    first, second = SeatFactory.create(room=room), SeatFactory.create(room=room)
    inside = SeatFactory.create(room=room, admitted=True)
    now = clock.now()
    with django_capture_on_commit_callbacks(execute=True):
        services.say(room_id=room.pk, seat_key=first.key, sentence=ReadySentence.NEXT, actor=doctor, now=now)
        count = services.say(room_id=room.pk, seat_key=None, sentence=ReadySentence.LATE, actor=doctor, now=now)
    assert count == 2
    assert [payload["seat_keys"] for _, payload in told] == [[first.key], [first.key, second.key]]
    words = {seat.key: seat.told for seat in Seat.objects.filter(room=room)}
    assert words == {first.key: "late", second.key: "late", inside.key: ""}


def test_a_closed_room_has_nobody_to_talk_to(room, doctor):
    seat, now = SeatFactory.create(room=room), clock.now()
    services.close_room(room_id=room.pk, reason=CloseReason.CANCELLED, now=now)
    with pytest.raises(RoomClosed):
        services.ring(room_id=room.pk, seat_key=seat.key, actor=doctor, now=now)
    with pytest.raises(RoomClosed):
        services.say(room_id=room.pk, seat_key=None, sentence=ReadySentence.SOON, actor=doctor, now=now)


def test_a_delay_is_said_in_all_rooms_that_are_not_closed(room, doctor):
    later = RoomFactory.create(organisation=room.organisation)
    closed = RoomFactory.create(organisation=room.organisation)
    now = clock.now()
    services.close_room(room_id=closed.pk, reason=CloseReason.CANCELLED, now=now)
    rooms = [room.pk, later.pk, closed.pk, 0]
    assert services.delay(room_ids=rooms, minutes=15, actor=doctor, now=now) == 2
    assert [Room.objects.get(pk=pk).delay_minutes for pk in rooms[:3]] == [15, 15, None]
    assert services.delay(room_ids=rooms, minutes=0, actor=doctor, now=now) == 2
    assert not Room.objects.filter(delay_minutes__isnull=False).exists()


@pytest.mark.parametrize("minutes", [-5, 61])
def test_nobody_is_late_by_less_than_nothing_or_more_than_an_hour(room, doctor, minutes):
    with pytest.raises(BadDelay):
        services.delay(room_ids=[room.pk], minutes=minutes, actor=doctor, now=clock.now())


def test_one_foreign_room_among_them_and_nothing_is_said(room, doctor):
    foreign = RoomFactory.create(organisation=OrganisationFactory.create())
    with pytest.raises(HostOnly):
        services.delay(room_ids=[room.pk, foreign.pk], minutes=5, actor=doctor, now=clock.now())
    assert not Room.objects.filter(delay_minutes__isnull=False).exists()


# --- Where the doctor is ---


@pytest.fixture
def meetings():
    """Two meetings of one doctor that are on now."""
    now = clock.now()
    doctor = member(Role.DOCTOR)
    return doctor, *(book_meeting(doctor=doctor, start=now + timedelta(minutes=n)) for n in (1, 5))


def standing_of_who_waits(meeting):
    seat = SeatFactory.create(room=meeting.room)
    visit = connect(seat_id=seat.pk, instance=instance(), resumed=False, now=clock.now())
    return visit.pk


def test_a_doctor_in_another_call_is_busy_until_it_is_left(meetings, django_assert_num_queries):
    doctor, here, there = meetings
    visit = standing_of_who_waits(here)
    assert queries.standing(visit, clock.now()).doctor_elsewhere is False

    seat, _ = services.take_host_seat(
        room_id=there.room_id, user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    # Not connected yet: it takes a page that lives.
    assert queries.standing(visit, clock.now()).doctor_elsewhere is False
    connect(seat_id=seat.pk, instance=instance(), resumed=False, now=clock.now())
    with django_assert_num_queries(1):
        assert queries.standing(visit, clock.now()).doctor_elsewhere is True

    services.leave_other_rooms(user_id=doctor.pk, room_id=here.room_id, now=clock.now())
    assert queries.standing(visit, clock.now()).doctor_elsewhere is False


def test_a_colleague_in_another_call_says_nothing_of_the_doctor(meetings):
    _doctor, here, there = meetings
    visit = standing_of_who_waits(here)
    colleague = MembershipFactory.create(organisation=here.organisation).user
    seat, _ = services.take_host_seat(
        room_id=there.room_id, user=colleague, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    connect(seat_id=seat.pk, instance=instance(), resumed=False, now=clock.now())
    assert queries.standing(visit, clock.now()).doctor_elsewhere is False


# --- From the desk into a room ---


def test_from_the_desk_into_a_room_and_out_of_the_other(meetings):
    doctor, here, there = meetings
    other, _ = services.take_host_seat(
        room_id=there.room_id, user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    connect(seat_id=other.pk, instance=instance(), resumed=False, now=clock.now())
    assert queries.hosting(doctor.pk, clock.now()) == {there.room.uuid}
    guest = SeatFactory.create(room=here.room)

    services.enter_and_admit(
        room_id=here.room_id, seat_key=guest.key, user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    assert services.leave_other_rooms(user_id=doctor.pk, room_id=here.room_id, now=clock.now()) == 1

    guest.refresh_from_db()
    other.refresh_from_db()
    assert (guest.state, other.state) == ("admitted", "left")
    assert queries.hosting(doctor.pk, clock.now()) == set()
    assert Room.objects.get(pk=there.room_id).state == RoomState.OPEN
    assert services.leave_other_rooms(user_id=doctor.pk, room_id=here.room_id, now=clock.now()) == 0


def test_who_has_gone_meanwhile_leaves_no_host_behind(meetings):
    doctor, here, _ = meetings
    with pytest.raises(SeatGone):
        services.enter_and_admit(
            room_id=here.room_id, seat_key="gone", user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now()
        )
    assert not Seat.objects.filter(room=here.room).exists()
