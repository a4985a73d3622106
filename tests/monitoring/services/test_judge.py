"""From what was told and measured to outcome and cause on the record and the meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from booking import services as booking
from booking.enums import Outcome
from booking.models import Meeting
from monitoring import services
from monitoring.models import CallRecord, DeviceTest, MonthMark, Trouble
from rooms import services as rooms
from rooms.enums import CloseReason
from tests.factories.accounts import MembershipFactory
from tests.factories.monitoring import booked_meeting, guest_came, held_call, host_came, kept_alive
from vdx.accounts.models import AuditEntry, User
from vdx.lib import clock

pytestmark = pytest.mark.django_db

START = clock.now() - timedelta(minutes=5)
END = START + timedelta(minutes=2)
MEASURES = {"packetsReceived": 500, "framesDecoded": 100}


@pytest.fixture
def doctor() -> User:
    return MembershipFactory().user


def both_came(doctor: User) -> tuple[Meeting, str, str, int]:
    """The meeting, the two seats' keys, and the host's seat."""
    meeting = booked_meeting(doctor, start=START)
    host, _token, visit = host_came(meeting, doctor, at=START)
    guest, _token, other = guest_came(meeting, at=START, let_in_by=host)
    kept_alive([visit, other], until=END)
    return meeting, host.key, guest.key, host.pk


def judged(meeting: Meeting) -> CallRecord:
    services.record_call(room_uuid=meeting.uuid, is_final=True, now=END)
    meeting.refresh_from_db()
    return CallRecord.objects.get(room_uuid=meeting.uuid)


def close(meeting: Meeting, seat: int) -> None:
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=END, by_seat=seat)


def tell(meeting: Meeting, seat: str | None, what: str, side: str = "guest", detail: str = "") -> Trouble | None:
    return services.add_trouble(
        room_uuid=meeting.uuid, seat_key=seat, side=side, what=what, detail=detail, now=clock.now()
    )


def measure(meeting: Meeting, *seats: str, **measures: object) -> None:
    """The whole call, a sample every five seconds."""
    for seat in seats:
        for at in range(5, 121, 5):
            services.add_sample(
                room_uuid=meeting.uuid,
                seat_key=seat,
                measures=MEASURES | measures,
                now=min(START + timedelta(seconds=at), END),
            )


def test_both_got_everything(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest)
    close(meeting, seat)

    record = judged(meeting)
    assert (record.outcome, record.cause, record.is_poor) == ("carried_out", "none", False)
    assert (meeting.outcome, meeting.cause, meeting.outcome_by) == ("carried_out", "none", "rule")


def test_no_picture_either_way_is_sound_alone(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest, framesDecoded=0)
    close(meeting, seat)

    assert judged(meeting).outcome == "sound_only"


def test_a_refused_microphone_and_nothing_heard(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, guest)
    measure(meeting, host, packetsReceived=0, framesDecoded=0)
    tell(meeting, guest, "microphone_refused")
    close(meeting, seat)

    record = judged(meeting)
    assert (record.outcome, record.cause, record.confidence) == ("technical_failure", "patient_permission", "high")
    assert record.evidence == ["patient_microphone_refused"]


def test_what_comes_late_is_judged_with_the_rest(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest, packetsReceived=0, framesDecoded=0)
    close(meeting, seat)
    assert judged(meeting).cause == "unknown"

    tell(meeting, host, "socket_lost", side="host", detail="40")

    meeting.refresh_from_db()
    assert meeting.cause == "doctor_network"


def test_a_room_that_was_never_opened(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.EXPIRED, now=END)

    record = judged(meeting)
    assert (record.outcome, record.cause) == ("never_opened", "human_never_opened")


def test_moved_to_the_telephone(doctor: User) -> None:
    meeting, _host, guest, seat = both_came(doctor)
    tell(meeting, guest, "server_refused")
    assert rooms.move_to_telephone(room_id=meeting.room_id, by_seat=seat, now=END)
    assert not rooms.move_to_telephone(room_id=meeting.room_id, by_seat=seat, now=END)

    record = judged(meeting)
    assert (record.outcome, record.cause) == ("moved_to_telephone", "media_server")


def test_a_persons_word_stands(doctor: User) -> None:
    meeting, _token = held_call(doctor, start=START, minutes=2)
    judged(meeting)
    for _ in range(2):
        booking.correct_outcome(meeting_id=meeting.pk, outcome=Outcome.TECHNICAL_FAILURE, user=doctor, now=END)
    services.judge_again(room_uuid=meeting.uuid, now=END)
    booking.record_outcome(room_uuid=meeting.uuid, outcome=Outcome.CARRIED_OUT, now=END)

    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.outcome_by) == ("technical_failure", "person")
    [entry] = AuditEntry.objects.filter(action="meeting.outcome_corrected")
    assert entry.detail == {"outcome": "technical_failure", "before": "carried_out"}


@pytest.mark.django_db(transaction=True)
def test_a_persons_word_counts_in_the_record_and_marks_its_month(doctor: User) -> None:
    meeting, _token = held_call(doctor, start=START, minutes=2)
    assert judged(meeting).outcome == "carried_out"
    MonthMark.objects.all().delete()

    for _ in range(2):
        booking.correct_outcome(meeting_id=meeting.pk, outcome=Outcome.TECHNICAL_FAILURE, user=doctor, now=END)

    assert CallRecord.objects.get(room_uuid=meeting.uuid).outcome == "technical_failure"
    assert MonthMark.objects.filter(organisation=meeting.organisation_id).count() == 1
    services.judge_again(room_uuid=meeting.uuid, now=END)
    assert CallRecord.objects.get(room_uuid=meeting.uuid).outcome == "technical_failure"


def test_a_person_who_speaks_before_the_judgement_is_heard_by_it(doctor: User) -> None:
    meeting, _token = held_call(doctor, start=START, minutes=2)
    booking.correct_outcome(meeting_id=meeting.pk, outcome=Outcome.SOUND_ONLY, user=doctor, now=END)

    assert judged(meeting).outcome == "sound_only"


def test_troubles_go_after_fourteen_days_and_the_judgement_stays(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest, packetsReceived=0, framesDecoded=0)
    tell(meeting, guest, "offline")
    tell(meeting, guest, "socket_lost", detail="40")
    close(meeting, seat)
    judged(meeting)

    services.forget_samples(now=clock.now() + timedelta(days=15))

    assert not Trouble.objects.exists()
    assert CallRecord.objects.get(room_uuid=meeting.uuid).cause == "patient_network"


def test_browsers_that_measured_nothing_have_not_talked(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    tell(meeting, host, "server_refused", side="host")
    tell(meeting, guest, "server_refused")
    close(meeting, seat)

    record = judged(meeting)
    assert (record.outcome, record.cause, record.confidence) == ("technical_failure", "media_server", "high")


def test_a_call_that_stood_still_and_was_given_up(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    for key, peer in ((host, guest), (guest, host)):
        for at in range(5, 41, 5):
            moment = START + timedelta(seconds=at)
            services.add_sample(room_uuid=meeting.uuid, seat_key=key, measures=MEASURES | {"peer": peer}, now=moment)
    close(meeting, seat)

    assert judged(meeting).outcome == "technical_failure"


def test_an_interpreter_who_hears_does_not_make_up_for_a_patient_who_does_not(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    host, _token, visit = host_came(meeting, doctor, at=START)
    patient, _token, first = guest_came(meeting, at=START, let_in_by=host)
    interpreter, _token, second = guest_came(meeting, at=START, let_in_by=host)
    kept_alive([visit, first, second], until=END)
    measure(meeting, host.key, peer=interpreter.key)
    measure(meeting, interpreter.key, peer=host.key)
    measure(meeting, patient.key, peer=host.key, packetsReceived=0, framesDecoded=0)
    tell(meeting, patient.key, "ice_failed")
    close(meeting, host.pk)

    record = judged(meeting)
    assert (record.outcome, record.cause) == ("technical_failure", "firewall")


def test_a_page_that_reached_the_hub_late_has_reached_it(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest, packetsReceived=0, framesDecoded=0)
    services.add_trouble(
        room_uuid=meeting.uuid, seat_key=guest, side="guest", what="socket_never", detail="", now=START
    )
    close(meeting, seat)

    assert judged(meeting).cause == "unknown"


def test_what_is_said_hours_later_rewrites_nothing(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest)
    close(meeting, seat)
    judged(meeting)
    services.add_trouble(
        room_uuid=meeting.uuid,
        seat_key=guest,
        side="guest",
        what="camera_refused",
        detail="",
        now=END + timedelta(hours=2),
    )

    assert CallRecord.objects.get(room_uuid=meeting.uuid).cause == "none"


def test_that_something_works_is_kept_where_it_takes_something_back(doctor: User) -> None:
    meeting, _host, guest, _seat = both_came(doctor)

    assert tell(meeting, guest, "camera_works") is None
    assert tell(meeting, None, "camera_refused") is not None
    assert tell(meeting, guest, "microphone_works") is None
    assert tell(meeting, guest, "camera_works") is not None


def test_each_side_is_judged_by_its_own_test(doctor: User) -> None:
    def tested(made_at: datetime, **of: object) -> None:
        row = DeviceTest(key=uuid4(), code=uuid4().hex[:6], made_at=made_at, verdict="failed", **of)
        row.measures = {"camera": "missing"}
        row.save()

    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest, packetsReceived=0, framesDecoded=0)
    # The doctor's own, in the same room; a patient's after the call; the doctor's of last month.
    tested(START, room_uuid=meeting.uuid, by_user=doctor)
    tested(END + timedelta(minutes=1), room_uuid=meeting.uuid)
    close(meeting, seat)
    record = judged(meeting)
    assert (record.cause, record.evidence) == ("doctor_device", ["doctor_test_camera_missing"])

    DeviceTest.objects.filter(by_user=doctor).update(made_at=START - timedelta(days=15))
    services.judge_again(room_uuid=meeting.uuid, now=END)
    assert CallRecord.objects.get(room_uuid=meeting.uuid).cause == "unknown"


def test_a_test_that_was_poor_for_a_dead_microphone_says_nothing_of_the_network(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest, packetsReceived=0, framesDecoded=0)
    DeviceTest.objects.create(
        key=uuid4(), code="aaaaaa", made_at=START, verdict="poor", reason="microphone_silent",
        room_uuid=meeting.uuid, measures={"camera": "ok", "microphone": "silent"},
    )  # fmt: skip
    close(meeting, seat)

    record = judged(meeting)
    assert (record.cause, record.evidence) == ("patient_device", ["patient_test_microphone_silent"])


def test_a_poor_call_that_had_to_go_by_turn_over_tls(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, pair="host/host/udp")
    measure(meeting, guest, pair="relay/host/tls", jitterMs=900)
    close(meeting, seat)

    record = judged(meeting)
    assert (record.is_poor, record.cause, record.evidence) == (True, "firewall", ["patient_detour"])


def test_nothing_comes_from_behind_a_turn_server_that_was_reached(doctor: User) -> None:
    meeting, host, guest, seat = both_came(doctor)
    measure(meeting, host, guest, packetsReceived=0, framesDecoded=0)
    tell(meeting, guest, "ice_failed", detail="relay")
    close(meeting, seat)

    assert judged(meeting).cause == "media_server"
