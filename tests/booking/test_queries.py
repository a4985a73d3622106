"""What the day and the count read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from booking import access, queries, services
from booking.models import Delivery, WebhookMessage, WebhookTarget
from booking.queries import MeetingFacts
from rooms.models import Room
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)


def starts(user, day, chosen=None):
    return [card.start for card in queries.day(user, day, chosen=chosen, now=NOW).meetings]


def test_facts_of_meetings_by_room_in_one_query(django_assert_num_queries):
    created = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    planned = book_meeting(now=created, start=created + timedelta(minutes=3))
    straks = book_meeting(now=created, start=created + timedelta(minutes=2))

    with django_assert_num_queries(1):
        facts = queries.meeting_facts({planned.room.uuid, straks.room.uuid, uuid4()})

    assert facts == {
        meeting.room.uuid: MeetingFacts(
            meeting_uuid=meeting.uuid,
            organisation_id=meeting.organisation_id,
            created_time=created,
            start_time=meeting.start_time,
            end_time=meeting.end_time,
            instant=instant,
            is_test=False,
        )
        for meeting, instant in ((planned, False), (straks, True))
    }


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        # An ordinary day, and the two of 25 and 23 hours.
        (date(2026, 11, 23), datetime(2026, 11, 22, 23, 0), datetime(2026, 11, 23, 22, 59)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, 0), datetime(2026, 10, 25, 22, 59)),
        (date(2027, 3, 28), datetime(2027, 3, 27, 23, 0), datetime(2027, 3, 28, 21, 59)),
    ],
)
def test_a_day_reaches_from_danish_midnight_to_the_next(day, first, last):
    first, last = first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)
    doctor = member()
    for moment in (last, first, first - timedelta(minutes=1), last + timedelta(minutes=1)):
        book_meeting(doctor=doctor, start=moment)

    assert starts(doctor, day) == [first, last]


def test_a_secretary_sees_all_doctors_or_the_chosen_one():
    practice = OrganisationFactory.create()
    anna, ole = member(organisation=practice, name="Anna"), member(organisation=practice, name="Ole")
    secretary = member(Role.SECRETARY, practice)
    first, second = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    book_meeting(doctor=anna, start=first)
    book_meeting(doctor=ole, start=second)
    chosen = next(host for host in access.hosts(secretary) if host.user == ole)

    assert starts(secretary, date(2026, 11, 23)) == [first, second]
    assert starts(secretary, date(2026, 11, 23), chosen) == [second]
    assert starts(anna, date(2026, 11, 23)) == [first]


def test_a_card_names_the_doctor_only_to_others():
    practice = OrganisationFactory.create()
    doctor = member(organisation=practice, name="Anna Berg")
    secretary = member(Role.SECRETARY, practice)
    book_meeting(doctor=doctor, start=NOW)

    [own] = queries.day(doctor, date(2026, 11, 23), chosen=None, now=NOW).meetings
    [others] = queries.day(secretary, date(2026, 11, 23), chosen=None, now=NOW).meetings

    assert (own.doctor, own.own) == ("", True)
    assert (others.doctor, others.own) == ("Anna Berg", False)


def test_a_card_holds_link_code_and_both_messages(settings):
    settings.VDX_SHORT_LINK_BASE = "https://v.example.dk/"
    practice = OrganisationFactory.create(name="Lægehuset Nord")
    meeting = book_meeting(organisation=practice, start=datetime(2026, 11, 23, 9, 15, tzinfo=UTC), guest_pin=1234)

    [card] = queries.day(member(Role.SECRETARY, practice), date(2026, 11, 23), chosen=None, now=NOW).meetings

    assert card.link == f"https://v.example.dk/{meeting.short_id}"
    assert "".join(card.code_parts) == meeting.short_id
    assert {len(part) for part in card.code_parts} == {4}
    assert "Lægehuset Nord mandag den 23. november kl. 10.15" in card.messages["da"]
    assert "Monday 23 November" in card.messages["en"]
    assert all(text.endswith(card.link) for text in card.messages.values())
    assert card.guest_pin == 1234
    assert "1234" not in card.messages["da"].removesuffix(card.link)


@pytest.mark.parametrize("count", [1, 3])
def test_the_day_takes_as_many_queries_for_one_meeting_as_for_three(count, django_assert_num_queries):
    practice = OrganisationFactory.create()
    secretary = member(Role.SECRETARY, practice)
    for number in range(count):
        book_meeting(organisation=practice, start=NOW + timedelta(hours=number))

    # Meetings, waiting, devices, what was sent, names of the doctors.
    with django_assert_num_queries(5):
        assert len(queries.day(secretary, date(2026, 11, 23), chosen=None, now=NOW).meetings) == count


def test_suggests_the_next_free_quarter_and_the_usual_length():
    doctor = member(usual_minutes=20)
    book_meeting(doctor=doctor, start=datetime(2026, 11, 23, 8, 15, tzinfo=UTC), minutes=20)
    [host] = access.hosts(doctor)

    suggested = queries.suggestions([host], date(2026, 11, 23), now=NOW)[host.key]

    assert suggested.start == datetime(2026, 11, 23, 8, 45, tzinfo=UTC)
    assert suggested.end - suggested.start == timedelta(minutes=20)


def test_another_day_is_suggested_to_begin_at_eight_also_after_the_clock_was_changed():
    doctor = member()
    [host] = access.hosts(doctor)
    now = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)

    before = queries.suggestions([host], date(2026, 10, 24), now=now)[host.key].start
    after = queries.suggestions([host], date(2026, 10, 25), now=now)[host.key].start

    assert before == datetime(2026, 10, 24, 6, 0, tzinfo=UTC)
    assert after == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


def test_a_late_evening_is_suggested_to_end_at_midnight():
    doctor = member(usual_minutes=30)
    [host] = access.hosts(doctor)
    late = datetime(2026, 11, 23, 22, 40, tzinfo=UTC)

    suggested = queries.suggestions([host], date(2026, 11, 23), now=late)[host.key]

    assert (suggested.start, suggested.end) == (late + timedelta(minutes=5), late + timedelta(minutes=20))


def test_cancelled_and_closed_meetings_leave_the_time_free():
    doctor = member()
    [host] = access.hosts(doctor)
    start = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
    cancelled = book_meeting(doctor=doctor, start=start, now=NOW)
    services.cancel(meeting_id=cancelled.pk, actor=doctor, now=NOW)
    closed = book_meeting(doctor=doctor, start=start, now=NOW)
    Room.objects.filter(pk=closed.room_id).update(state="closed", closed_at=NOW)

    assert queries.suggestions([host], date(2026, 11, 23), now=NOW)[host.key].start == start


def test_how_the_days_links_and_messages_fared_is_counted_by_way(django_assert_num_queries):
    meeting = book_meeting(now=NOW)
    for way, state, age in (
        ("sms", "delivered", 1), ("sms", "delivered", 23), ("sms", "failed", 2), ("email", "sent", 3),
        ("email", "failed", 25),
    ):  # fmt: skip
        Delivery.objects.create(meeting=meeting, way=way, state=state, created_at=NOW - timedelta(hours=age))
    target = WebhookTarget.objects.create(organisation=meeting.organisation, url="https://a.example", secret="x")
    for state in ("delivered", "delivered", "queued"):
        WebhookMessage.objects.create(
            target=target, meeting_uuid=meeting.uuid, kind="meeting.created", body={}, state=state, created_at=NOW,
            give_up_at=NOW,
        )  # fmt: skip

    with django_assert_num_queries(2):
        found = queries.delivery_results(NOW - timedelta(hours=24))

    assert {key: number for key, number in found.items() if number} == {
        ("sms", "delivered"): 2, ("sms", "failed"): 1, ("email", "sent"): 1, ("webhook", "delivered"): 2,
        ("webhook", "queued"): 1,
    }  # fmt: skip
    assert found["email", "failed"] == 0
