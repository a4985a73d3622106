"""A room gives a call record: one, whole, and the same however often it is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from booking import services as booking
from booking.enums import Outcome
from booking.models import Meeting
from monitoring import services
from monitoring.models import CallRecord, DeviceRecord, DeviceStay
from rooms import services as rooms
from rooms.enums import CloseReason, DeviceKind, SeatRole
from tests.factories.accounts import member
from tests.factories.monitoring import all_was_well, booked_meeting, guest_came, held_call, host_came, kept_alive
from tests.support.database import failing_on
from vdx.accounts.models import User
from vdx.lib.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.service]

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


@pytest.fixture
def doctor() -> User:
    return member()


def record(meeting: Meeting) -> CallRecord:
    return CallRecord.objects.get(room_uuid=meeting.room.uuid)


def contents(call: CallRecord) -> tuple[object, ...]:
    stays = DeviceStay.objects.filter(device__call=call).order_by("joined_at", "left_at", "device__seat_key")
    return (
        {name: value for name, value in vars(call).items() if name not in {"_state", "recorded_at"}},
        sorted(call.devices.values_list("seat_key", "kind", "role")),
        list(stays.values_list("device__seat_key", "joined_at", "left_at")),
    )


def write(meeting: Meeting, *, final: bool = True) -> CallRecord:
    return services.record_call(room_uuid=meeting.room.uuid, is_final=final, now=minute(60))


def test_a_consultation_is_written_down_whole(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START, minutes=12)

    call = write(meeting)

    assert (call.booked, call.instant, call.is_final) == (True, False, True)
    assert call.meeting_uuid == meeting.uuid
    assert call.organisation == meeting.organisation
    assert (call.starts_at, call.started_at, call.ended_at) == (START, START, minute(12))
    assert (call.seconds_together, call.device_count, call.close_reason) == (720, 2, CloseReason.ENDED)
    assert sorted(call.devices.values_list("role", "kind")) == [("guest", "browser"), ("host", "browser")]
    assert DeviceStay.objects.filter(device__call=call, joined_at=START, left_at=minute(12)).count() == 2
    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.CARRIED_OUT


def missed(meeting: Meeting, seat: str, seconds: float) -> None:
    services.add_sample(
        room_uuid=meeting.room.uuid, seat_key=seat, measures={"withoutMediaSeconds": seconds}, now=minute(5)
    )


def test_the_seconds_without_media_are_those_of_the_device_that_missed_most(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START)
    elsewhere, _ = held_call(doctor, start=START)
    for seat, seconds in [("seat0000000a", 3.5), ("seat0000000b", 4.6), ("seat0000000b", 2.5)]:
        missed(meeting, seat, seconds)
    missed(elsewhere, "seat0000000a", 60)

    assert write(meeting).seconds_without_media == 7


def test_a_call_in_which_nothing_was_missed_has_no_seconds_without_media(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START)
    services.add_sample(room_uuid=meeting.room.uuid, seat_key="seat0000000a", measures={"rttMs": 30}, now=minute(5))

    assert write(meeting).seconds_without_media == 0


def test_writing_again_after_the_samples_are_forgotten_keeps_the_seconds(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START)
    missed(meeting, "seat0000000a", 12)
    write(meeting)
    services.forget_details(now=minute(60 * 24 * 366 * 6))

    assert write(meeting).seconds_without_media == 12


def test_writing_again_changes_nothing(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START)
    first = contents(write(meeting))

    again = contents(write(meeting))

    assert again == first
    assert CallRecord.objects.count() == 1
    assert DeviceRecord.objects.count() == 2
    assert DeviceStay.objects.count() == 2


def test_a_record_before_the_end_is_replaced_by_the_final_one(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    host, _, host_visit = host_came(meeting, doctor, at=START)
    guest, _, guest_visit = guest_came(meeting, at=minute(1), let_in_by=host)
    kept_alive([host_visit, guest_visit], until=minute(5))
    for seat in (host, guest):
        all_was_well(meeting, seat, seconds=480)

    before = write(meeting, final=False)

    assert (before.is_final, before.seconds_together) == (False, 240)
    meeting.refresh_from_db()
    assert meeting.outcome == ""

    kept_alive([host_visit, guest_visit], until=minute(9))
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=minute(9), by_seat=host.pk)
    after = write(meeting)

    assert after.pk == before.pk
    assert (after.is_final, after.seconds_together) == (True, 480)
    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.CARRIED_OUT


def test_a_late_message_does_not_undo_the_final_record(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START)
    final = contents(write(meeting))

    late = contents(write(meeting, final=False))

    assert late == final


def test_who_waited_and_was_not_let_in_is_no_device(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    host, _, host_visit = host_came(meeting, doctor, at=START)
    let_in = guest_came(meeting, at=START, let_in_by=host)
    waits = guest_came(meeting, at=minute(1))
    refused = guest_came(meeting, at=minute(2))
    rooms.refuse(room_id=meeting.room_id, seat_key=refused[0].key, by_seat_id=host.pk, now=minute(3))
    kept_alive([host_visit, let_in[2], waits[2]], until=minute(5))
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=minute(5), by_seat=host.pk)

    call = write(meeting)

    assert call.device_count == 2
    assert set(call.devices.values_list("seat_key", flat=True)) == {host.key, let_in[0].key}


def test_a_relative_is_a_third_device(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START, guests=2)

    assert write(meeting).device_count == 3


def test_a_device_that_came_back_is_one_with_two_stays(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    host, _, host_visit = host_came(meeting, doctor, at=START)
    guest, _, guest_visit = guest_came(meeting, at=START, let_in_by=host)
    kept_alive([guest_visit], until=minute(2))
    rooms.disconnect(visit_id=guest_visit, now=minute(2))
    back = rooms.connect(seat_id=guest.pk, instance=uuid4().hex, resumed=False, now=minute(4))
    kept_alive([host_visit, back.pk], until=minute(6))
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=minute(6), by_seat=host.pk)

    call = write(meeting)

    assert (call.device_count, call.seconds_together) == (2, 240)
    stays = DeviceStay.objects.filter(device__seat_key=guest.key).order_by("joined_at")
    assert list(stays.values_list("joined_at", "left_at")) == [(START, minute(2)), (minute(4), minute(6))]


def test_the_kind_of_each_device_is_kept(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    host, _, host_visit = host_came(meeting, doctor, at=START)
    _, _, guest_visit = guest_came(meeting, at=START, let_in_by=host, kind=DeviceKind.APP)
    kept_alive([host_visit, guest_visit], until=minute(1))

    call = write(meeting, final=False)

    assert set(call.devices.values_list("role", "kind")) == {
        (SeatRole.HOST, DeviceKind.BROWSER),
        (SeatRole.GUEST, DeviceKind.APP),
    }


@pytest.mark.parametrize(("seconds", "instant"), [(120, True), (121, False)])
def test_straks_by_how_soon_the_meeting_began(doctor: User, seconds: int, instant: bool) -> None:
    meeting, _ = held_call(doctor, start=START, made=START - timedelta(seconds=seconds))

    assert write(meeting).instant == instant


def close(meeting: Meeting, reason: CloseReason = CloseReason.EXPIRED) -> None:
    rooms.close_room(room_id=meeting.room_id, reason=reason, now=minute(30))


def test_nobody_came(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    close(meeting)

    call = write(meeting)

    assert (call.started_at, call.ended_at, call.device_count, call.seconds_together) == (None, None, 0, 0)
    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.NEVER_OPENED


def test_the_patient_did_not_come(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    host_came(meeting, doctor, at=START)
    close(meeting)
    write(meeting)

    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.NO_SHOW_PATIENT


def test_the_doctor_did_not_come(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    guest_came(meeting, at=START)
    close(meeting)

    call = write(meeting)

    assert call.device_count == 0
    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.NO_SHOW_DOCTOR


def test_a_cancelled_meeting_stays_cancelled(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    booking.cancel(meeting_id=meeting.pk, actor=doctor, now=minute(-30))

    call = write(meeting)

    assert (call.is_final, call.close_reason) == (True, CloseReason.CANCELLED)
    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.CANCELLED


def test_a_later_word_on_the_outcome_is_kept(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START)
    write(meeting)
    booking.record_outcome(room_uuid=meeting.room.uuid, outcome=Outcome.MOVED_TO_TELEPHONE, now=minute(20))

    write(meeting)

    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.MOVED_TO_TELEPHONE


def test_a_seat_whose_page_never_connected_is_no_device(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    rooms.take_host_seat(room_id=meeting.room_id, user=doctor, device_kind=DeviceKind.BROWSER, now=START)
    close(meeting)

    call = write(meeting)

    assert (call.device_count, call.devices.count()) == (0, 0)
    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.NEVER_OPENED


def test_a_room_without_a_meeting_is_not_booked(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START)
    room_uuid = meeting.room.uuid
    meeting.delete()

    call = services.record_call(room_uuid=room_uuid, is_final=True, now=minute(60))

    assert (call.booked, call.meeting_uuid, call.instant) == (False, None, False)
    assert (call.starts_at, call.seconds_together) == (START, 600)


def test_what_was_copied_outlives_the_meeting(doctor: User) -> None:
    meeting, _ = held_call(doctor, start=START)
    room_uuid, meeting_uuid = meeting.room.uuid, meeting.uuid
    before = contents(write(meeting))
    meeting.delete()

    after = services.record_call(room_uuid=room_uuid, is_final=True, now=minute(61))

    assert contents(after) == before
    assert after.meeting_uuid == meeting_uuid


def test_an_unknown_room_is_refused() -> None:
    with pytest.raises(NotFound):
        services.record_call(room_uuid=uuid4(), is_final=True, now=START)


def test_the_record_is_written_when_the_room_is_told_closed(doctor: User, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        meeting, _ = held_call(doctor, start=START)

    call = record(meeting)
    assert (call.is_final, call.seconds_together) == (True, 600)
    meeting.refresh_from_db()
    assert meeting.outcome == Outcome.CARRIED_OUT


def test_the_sweep_writes_what_a_lost_message_left_out(doctor: User) -> None:
    lost, _ = held_call(doctor, start=START)
    known, _ = held_call(doctor, start=START)
    write(known)
    still_open = booked_meeting(doctor, start=START)
    host_came(still_open, doctor, at=START)
    write(still_open, final=False)

    written = services.record_missing(since=minute(0), now=minute(60))

    assert written == 1
    assert record(lost).is_final
    assert not record(still_open).is_final
    assert services.record_missing(since=minute(0), now=minute(60)) == 0


def test_the_sweep_makes_an_unfinished_record_final(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    host, _, visit = host_came(meeting, doctor, at=START)
    write(meeting, final=False)
    kept_alive([visit], until=minute(5))
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=minute(5), by_seat=host.pk)

    assert services.record_missing(since=START, now=minute(60)) == 1
    assert record(meeting).is_final


def test_one_room_that_cannot_be_written_down_stops_no_other(doctor: User, caplog: pytest.LogCaptureFixture) -> None:
    stuck, other = held_call(doctor, start=START)[0], held_call(doctor, start=minute(20))[0]

    with failing_on('INSERT INTO "monitoring_callrecord"', stuck.room.uuid):
        assert services.record_missing(since=START, now=minute(60)) == 1

    assert f"room {stuck.room.uuid} could not" in caplog.text
    assert list(CallRecord.objects.values_list("room_uuid", flat=True)) == [other.room.uuid]
    assert services.record_missing(since=START, now=minute(60)) == 1


def test_the_sweep_looks_no_further_back_than_it_is_told(doctor: User) -> None:
    held_call(doctor, start=START)

    assert services.record_missing(since=minute(11), now=minute(60)) == 0
