"""Booking a meeting: what is made, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from booking import services
from booking.enums import GuestMicrophone
from booking.errors import (
    AdditionalInformationTwice,
    CprRefused,
    ExternalIdTaken,
    GuestPinRangeUnusable,
    HostPinRangeUnusable,
    UuidTaken,
    YearOutOfRange,
)
from booking.models import Meeting, SchedulingTemplate
from rooms.enums import RoomState
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.booking import book_meeting
from vdx.accounts.models import AuditEntry, MeetingUser
from vdx.lib import clock, ids

pytestmark = [pytest.mark.django_db, pytest.mark.service]

CPR = "010203-1234"


def test_gives_every_meeting_a_room_of_its_own_with_the_national_window():
    start = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)

    first, second = book_meeting(start=start), book_meeting(start=start)

    assert first.room_id != second.room_id
    assert first.short_id != second.short_id
    assert (first.room.uuid, first.room.state) == (first.uuid, RoomState.PLANNED)
    assert (first.room.starts_at, first.room.ends_at) == (first.start_time, first.end_time)
    assert first.room.opens_at == start - timedelta(minutes=15)
    assert first.room.closes_at == start + timedelta(minutes=30)
    assert first.room.max_participants == 6
    assert (first.room.guest_pin, first.room.host_pin) == (None, None)


def test_a_code_that_is_taken_is_drawn_again(monkeypatch):
    taken = book_meeting().short_id
    drawn = iter([taken, taken, "0123456789ab"])
    monkeypatch.setattr(ids, "short_id", lambda: next(drawn))
    assert book_meeting().short_id == "0123456789ab"


def test_an_address_that_is_taken_is_drawn_again(monkeypatch):
    first = book_meeting().room
    numbers = iter([int(first.uri_without_domain) - 1000, 41])
    monkeypatch.setattr("booking.services.make.secrets.randbelow", lambda most: next(numbers))
    assert book_meeting().room.uri_without_domain == "1041"


@pytest.mark.parametrize("doctors", [1, 3])
def test_the_number_of_queries_does_not_depend_on_that_of_doctors(doctors, django_assert_max_num_queries):
    practice = OrganisationFactory.create()
    doctor, *_ = [member(organisation=practice) for _ in range(doctors)]
    book_meeting(doctor=doctor)
    # Ten that read or write, and the savepoints around them.
    with django_assert_max_num_queries(16):
        book_meeting(doctor=doctor)


def test_shows_the_patient_the_organisers_name_and_telephone():
    practice = OrganisationFactory.create(phone="00 00 00 01")
    doctor = member(organisation=practice, name="Lise Holm", phone="00 00 00 02")

    meeting = book_meeting(doctor=doctor)

    assert (meeting.room.host_label, meeting.room.host_phone) == ("Lise Holm", "00 00 00 02")


def test_an_organiser_whom_the_hub_does_not_know_is_shown_by_the_practices_telephone_alone():
    practice = OrganisationFactory.create(phone="00 00 00 01")
    secretary = member(organisation=practice)

    meeting = services.book(
        organisation=practice,
        organiser_email="no e-mail at all",
        creator_email=secretary.email,
        subject="",
        start=clock.now(),
        end=clock.now(),
        actor=secretary,
        now=clock.now(),
    )

    assert (meeting.room.host_label, meeting.room.host_phone) == ("", "00 00 00 01")
    assert meeting.organized_by.email == "no e-mail at all"
    assert meeting.created_by.email == secretary.email


def test_takes_past_times_and_an_end_before_the_start():
    start = datetime(2019, 6, 1, 8, 0, tzinfo=UTC)

    meeting = book_meeting(start=start, end=start - timedelta(hours=1))

    assert (meeting.start_time, meeting.end_time) == (start, start - timedelta(hours=1))


def test_keeps_whole_seconds():
    start = datetime(2026, 11, 23, 9, 15, 1, 999_999, tzinfo=UTC)

    meeting = book_meeting(start=start)

    assert Meeting.objects.get(pk=meeting.pk).start_time == start.replace(microsecond=0)


def test_takes_what_a_record_system_sends():
    uuid = uuid4()

    meeting = book_meeting(
        uuid=uuid,
        subject="Kontrol",
        description="Beskrivelse",
        project_code="P1",
        external_id="ekstern-1",
        labels=["a", "a", "b"],
        additional_information=[("k1", "v1"), ("k2", "v2")],
        guest_microphone=GuestMicrophone.MUTED,
        guest_pin=1234,
        host_pin=5678,
        max_participants=9,
        end_meeting_on_end_time=True,
        layout={"vmr_quality": "sd"},
    )

    kept = Meeting.objects.get(uuid=uuid)
    assert kept.pk == meeting.pk
    assert (kept.subject, kept.description, kept.project_code) == ("Kontrol", "Beskrivelse", "P1")
    assert (kept.external_id, kept.guest_microphone) == ("ekstern-1", "muted")
    assert sorted(kept.labels.values_list("label", flat=True)) == ["a", "a", "b"]
    assert dict(kept.additional_information.values_list("key", "value")) == {"k1": "v1", "k2": "v2"}
    assert (kept.room.guest_pin, kept.room.host_pin) == (1234, 5678)
    assert (kept.room.max_participants, kept.room.vmr_quality) == (9, "sd")
    assert kept.room.closes_at == kept.end_time


def test_refuses_an_external_id_that_the_organisation_has_used_as_code_21():
    first = book_meeting(external_id="x")

    with pytest.raises(ExternalIdTaken) as refusal:
        book_meeting(organisation=first.organisation, external_id="x")

    assert (refusal.value.vdx_api, refusal.value.code) == (21, "external_id_taken")
    assert book_meeting(external_id="x").pk != first.pk


def test_refuses_a_uuid_that_is_in_use_as_code_24():
    first = book_meeting()

    with pytest.raises(UuidTaken) as refusal:
        book_meeting(uuid=first.uuid)

    assert (refusal.value.vdx_api, refusal.value.code) == (24, "uuid_taken")


@pytest.mark.parametrize("year", [1, 9999])
def test_refuses_times_at_the_ends_of_the_calendar_as_code_25(year):
    with pytest.raises(YearOutOfRange) as refusal:
        book_meeting(start=datetime(year, 6, 1, tzinfo=UTC), end=datetime(year, 6, 1, tzinfo=UTC))

    assert (refusal.value.vdx_api, refusal.value.code) == (25, "year_out_of_range")


def test_refuses_a_key_twice_as_code_35_and_leaves_nothing_behind():
    with pytest.raises(AdditionalInformationTwice) as refusal:
        book_meeting(additional_information=[("k", "1"), ("k", "2")])

    assert (refusal.value.vdx_api, refusal.value.code) == (35, "additional_information_twice")
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ({"subject": f"Kontrol {CPR}"}, "subject"),
        ({"description": CPR}, "description"),
        ({"project_code": CPR}, "project_code"),
        ({"external_id": CPR}, "external_id"),
        ({"labels": ["ok", CPR]}, "labels"),
        ({"additional_information": [("cpr", CPR)]}, "additional_information"),
    ],
)
def test_refuses_a_cpr_number_in_any_free_text(where, field):
    with pytest.raises(CprRefused) as refusal:
        book_meeting(**where)

    assert refusal.value.field == field
    assert CPR not in str(refusal.value.message)
    assert not Meeting.objects.exists()


def test_draws_pins_from_the_templates_ranges_when_it_asks_for_them():
    SchedulingTemplate.objects.update(
        guest_pin_required=True,
        guest_pin_range_low=2000,
        guest_pin_range_high=2001,
        host_pin_required=True,
        host_pin_range_low=3000,
        host_pin_range_high=3001,
    )

    drawn = [book_meeting().room for _ in range(6)]

    assert {room.guest_pin for room in drawn} <= {2000, 2001}
    assert {room.host_pin for room in drawn} <= {3000, 3001}


def test_draws_a_guest_pin_of_four_digits_where_only_the_booking_asks_for_it():
    pin = book_meeting(guest_pin_required=True).room.guest_pin

    assert pin is not None
    assert 1000 <= pin <= 9999


def test_refuses_a_template_whose_pin_range_is_empty():
    SchedulingTemplate.objects.update(guest_pin_required=True, guest_pin_range_low=2000, guest_pin_range_high=2000)
    with pytest.raises(GuestPinRangeUnusable):
        book_meeting()

    SchedulingTemplate.objects.update(guest_pin_required=False, host_pin_required=True)
    with pytest.raises(HostPinRangeUnusable):
        book_meeting()


def test_writes_down_who_booked_and_nothing_that_was_written():
    meeting = book_meeting(subject="Hemmeligt emne", guest_pin=1234)

    entry = AuditEntry.objects.get(action="meeting.booked")
    assert (entry.target_type, entry.target_id) == ("booking.Meeting", str(meeting.pk))
    assert entry.actor.email == meeting.created_by.email
    trail = " ".join(str(list(vars(row).values())) for row in AuditEntry.objects.all())
    assert "Hemmeligt" not in trail
    assert "1234'" not in trail
    assert meeting.short_id not in trail


def test_a_straks_meeting_begins_now_and_lasts_as_long_as_usual():
    now = datetime(2026, 11, 23, 9, 7, 31, 5, tzinfo=UTC)
    doctor = member(usual_minutes=20)
    practice = doctor.memberships.get().organisation

    meeting = services.book_instant(organisation=practice, organiser=doctor, actor=doctor, now=now)

    assert meeting.start_time == now.replace(microsecond=0)
    assert meeting.end_time == meeting.start_time + timedelta(minutes=20)
    assert meeting.room.opens_at <= now


@pytest.mark.parametrize("emails", [("a@nord.dk", "B@nord.dk"), ("B@nord.dk", "a@nord.dk")])
def test_people_who_are_new_are_made_in_one_order(emails):
    """Two who name each other for the first time at the same moment would else wait for each other (PostgreSQL)."""
    organisation = OrganisationFactory.create()
    start = clock.now() + timedelta(days=1)
    creator, organiser = emails
    meeting = services.book(
        organisation=organisation, organiser_email=organiser, creator_email=creator, subject="", start=start, end=start,
        actor=None, now=clock.now(),
    )  # fmt: skip
    assert (meeting.created_by.email, meeting.organized_by.email) == emails
    made = MeetingUser.objects.filter(organisation=organisation).order_by("pk")
    assert list(made.values_list("email", flat=True)) == ["a@nord.dk", "B@nord.dk"]
