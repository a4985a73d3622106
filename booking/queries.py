"""Reads of booking: the day page, and the facts that the count needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Q

from booking import access
from booking.access import Host
from booking.delivery_lines import DeliveryLine, delivery_lines
from booking.enums import (
    CORRECTIONS,
    SHORT_OUTCOMES,
    Confidence,
    DeliveryState,
    DeliveryWay,
    MessageState,
    Outcome,
    OutcomeBy,
)
from booking.models import Delivery, Meeting, WebhookMessage
from booking.rules.defaults import next_free_quarter
from booking.rules.instant import is_instant
from booking.rules.message import message
from booking.rules.overlap import Span
from booking.rules.standing import Standing, standing
from booking.wording import cause_sentence
from rooms import queries as rooms_queries
from rooms.enums import RoomState
from vdx.accounts import queries as accounts_queries
from vdx.lib import clock, ids, probe

if TYPE_CHECKING:
    from vdx.accounts.models import User

# Languages that the patient's message is written in, the usual one first.
LANGUAGES = ("da", "en")


@dataclass(frozen=True)
class MeetingFacts:
    """What the count needs to know of a meeting."""

    meeting_uuid: UUID
    organisation_id: int
    created_time: datetime
    start_time: datetime
    end_time: datetime
    instant: bool
    is_test: bool


@dataclass(frozen=True)
class MeetingCard:
    """A meeting as the portal shows it.

    ``doctor`` is empty for the viewer's own.
    """

    uuid: UUID
    start: datetime
    end: datetime
    opens_at: datetime | None
    subject: str
    practice: str
    organisation_id: int
    doctor: str
    code: str
    code_parts: tuple[str, ...]
    link: str
    messages: dict[str, str]
    guest_pin: int | None
    instant: bool
    state: Standing
    waiting: int
    outcome: str
    outcome_word: str
    # In a sentence; empty where nothing was wrong, or nothing is known.
    cause: str
    # Whether the rule had little to go by, so that the doctor is asked.
    unsure: bool
    own: bool
    deliveries: tuple[DeliveryLine, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing can be done about it any more."""
        return self.state in {Standing.OVER, Standing.CANCELLED}

    @property
    def corrections(self) -> list[tuple[str, str]]:
        """What the doctor may say of how it went, word and label; nothing before it is over or if it was called off."""
        if self.state != Standing.OVER:
            return []
        return [(outcome.value, str(SHORT_OUTCOMES.get(outcome, outcome.label))) for outcome in CORRECTIONS]

    @property
    def may_enter(self) -> bool:
        """Whether the room is open."""
        return self.state in {Standing.OPEN, Standing.WAITING, Standing.LIVE}


@dataclass(frozen=True)
class Day:
    """One day of the portal."""

    day: date
    meetings: list[MeetingCard]
    chosen: Host | None

    @property
    def waiting(self) -> int:
        """How many patients wait, in all."""
        return sum(card.waiting for card in self.meetings)


@dataclass(frozen=True)
class Suggestion:
    """What the booking form suggests for a doctor."""

    start: datetime
    end: datetime


def meeting_facts(room_uuids: Collection[UUID]) -> dict[UUID, MeetingFacts]:
    """The meetings held in these rooms, by the room's uuid. Rooms without a meeting are left out. One query."""
    rows = Meeting.objects.filter(room__uuid__in=room_uuids).values_list(
        "room__uuid",
        "uuid",
        "organisation_id",
        "created_time",
        "start_time",
        "end_time",
        "is_test",
        "organisation__code",
    )
    return {
        # What the hub's own probe does counts for nothing, like a test call.
        room: MeetingFacts(
            uuid, organisation, created, start, end, is_instant(start, created), test or code == probe.ORGANISATION
        )
        for room, uuid, organisation, created, start, end, test, code in rows
    }


def said_outcome(room_uuid: UUID) -> Outcome | None:
    """How a person said that the room's meeting ended; None where nobody did. One query."""
    said = Meeting.objects.filter(room__uuid=room_uuid, outcome_by=OutcomeBy.PERSON)
    outcome = said.values_list("outcome", flat=True).first()
    return Outcome(outcome) if outcome else None


def is_test_call(room_uuid: UUID) -> bool:
    """Whether the room's meeting is a test call, or the hub's own probe's, which no number counts. One query."""
    tests = Q(is_test=True) | Q(organisation__code=probe.ORGANISATION)
    return Meeting.objects.filter(tests, room__uuid=room_uuid).exists()


def day(user: User, day: date, *, chosen: Host | None, now: datetime) -> Day:
    """The meetings of a Danish day that the person may see, by start; only those of the chosen doctor if there is one.

    The number of queries does not depend on the number of meetings.
    """
    first, after = clock.day_bounds(day)
    rows = access.meetings_of(user).filter(start_time__gte=first, start_time__lt=after)
    if chosen is not None:
        rows = rows.filter(organized_by__email__iexact=chosen.user.email, organisation=chosen.organisation)
    found = list(rows.select_related("room", "organisation", "organized_by").order_by("start_time", "end_time", "pk"))
    return Day(day, cards(user, found, now=now), chosen)


def cards(user: User, meetings: Sequence[Meeting], *, now: datetime) -> list[MeetingCard]:
    """The meetings as the portal shows them. They must have room, organisation and organiser at hand."""
    rooms = [meeting.room_id for meeting in meetings if meeting.room.state != RoomState.CLOSED]
    waiting = rooms_queries.waiting_counts(rooms) if rooms else {}
    devices = rooms_queries.device_counts(rooms) if rooms else {}
    sent = delivery_lines([meeting.pk for meeting in meetings]) if meetings else {}
    strangers = {meeting.organisation_id for meeting in meetings if not access.own_meeting(user, meeting)}
    names = (
        {known.email.casefold(): known.name for known in accounts_queries.clinicians(strangers)} if strangers else {}
    )
    return [
        replace(
            _card(user, meeting, names, waiting.get(meeting.room_id, 0), devices.get(meeting.room_id, 0), now),
            deliveries=sent.get(meeting.pk, ()),
        )
        for meeting in meetings
    ]


def card_of_room(user: User, room_uuid: UUID, *, now: datetime) -> MeetingCard | None:
    """The card of the meeting held in this room; None where the user may not see one."""
    found = access.meetings_of(user).filter(room__uuid=room_uuid).select_related("room", "organisation", "organized_by")
    return next(iter(cards(user, list(found), now=now)), None)


def spans_of(hosts: Collection[Host], first: datetime, after: datetime) -> dict[str, list[Span]]:
    """When each doctor's time is taken between two moments, by the host's key. Cancelled and closed meetings are not
    in the way. One query."""
    if not hosts:
        return {}
    wanted = Q(pk__in=[])
    for host in hosts:
        wanted |= Q(organized_by__email__iexact=host.user.email)
    rows = (
        Meeting.objects.filter(wanted, start_time__lt=after, end_time__gt=first)
        .exclude(outcome=Outcome.CANCELLED)
        .exclude(room__state=RoomState.CLOSED)
        .values_list("organized_by__email", "start_time", "end_time")
    )
    by_email: dict[str, list[Span]] = {}
    for email, start, end in rows:
        by_email.setdefault(email.casefold(), []).append((start, end))
    return {host.key: by_email.get(host.user.email.casefold(), []) for host in hosts}


def other_spans(meeting: Meeting, first: datetime, after: datetime) -> list[Span]:
    """When the organiser's time is taken by other meetings between two moments. One query."""
    return list(
        Meeting.objects.filter(
            organized_by__email__iexact=meeting.organized_by.email, start_time__lt=after, end_time__gt=first
        )
        .exclude(pk=meeting.pk)
        .exclude(outcome=Outcome.CANCELLED)
        .exclude(room__state=RoomState.CLOSED)
        .values_list("start_time", "end_time")
    )


def suggestions(hosts: Collection[Host], day: date, *, now: datetime) -> dict[str, Suggestion]:
    """For each doctor the next free quarter of the day (from now on, or from eight in the morning) and usual length.

    A meeting booked in the portal ends at midnight at the latest.
    """
    first, _after = clock.day_bounds(day)
    earliest = max(now, clock.local(first).replace(hour=8) if first > now else now)
    busy = spans_of(hosts, earliest, earliest + timedelta(days=2))
    found = {}
    for host in hosts:
        start = next_free_quarter(earliest, host.user.usual_minutes, busy[host.key])
        midnight = clock.day_bounds(clock.local_date(start))[1]
        found[host.key] = Suggestion(start, min(start + timedelta(minutes=host.user.usual_minutes), midnight))
    return found


def short_link(meeting: Meeting) -> str:
    """The address that the patient opens."""
    return f"{settings.VDX_SHORT_LINK_BASE}{meeting.short_id}"


def _card(
    user: User, meeting: Meeting, names: dict[str, str], waiting: int, devices: int, now: datetime
) -> MeetingCard:
    room = meeting.room
    link = short_link(meeting)
    own = access.own_meeting(user, meeting)
    email = meeting.organized_by.email
    return MeetingCard(
        uuid=meeting.uuid,
        start=meeting.start_time,
        end=meeting.end_time,
        opens_at=room.opens_at,
        subject=meeting.subject,
        practice=meeting.organisation.name,
        organisation_id=meeting.organisation_id,
        doctor="" if own else names.get(email.casefold(), email),
        code=meeting.short_id,
        code_parts=tuple(ids.spoken_short_id(meeting.short_id).split("-")),
        link=link,
        messages={
            language: message(
                practice=meeting.organisation.name, start=meeting.start_time, link=link, language=language
            )
            for language in LANGUAGES
        },
        guest_pin=room.guest_pin,
        instant=is_instant(meeting.start_time, meeting.created_time),
        state=standing(
            now=now,
            cancelled=meeting.outcome == Outcome.CANCELLED,
            closed=room.state == RoomState.CLOSED,
            opens_at=room.opens_at,
            closes_at=room.closes_at,
            waiting=waiting,
            devices=devices,
        ),
        waiting=waiting,
        outcome=meeting.get_outcome_display(),
        outcome_word=meeting.outcome,
        cause=cause_sentence(meeting),
        unsure=meeting.outcome_by != OutcomeBy.PERSON and meeting.cause_confidence == Confidence.LOW,
        own=own,
    )


def waiting_to_go_out(now: datetime) -> dict[str, int]:
    """How many links are due to be sent, by way; ``webhook``: messages for record systems. Two queries."""
    due = Delivery.objects.filter(state=DeliveryState.QUEUED, due_at__lte=now).order_by()
    found = {str(way): 0 for way in DeliveryWay}
    found |= dict(due.values_list("way").annotate(count=Count("pk")))
    found[str(DeliveryWay.WEBHOOK)] = WebhookMessage.objects.filter(state=MessageState.QUEUED).count()
    return found


def delivery_results(since: datetime) -> dict[tuple[str, ...], float]:
    """How links that were ordered since a moment fared, by way and state; ``webhook``: messages. Two queries."""
    found: dict[tuple[str, ...], float] = {(str(way), str(state)): 0 for way in DeliveryWay for state in DeliveryState}
    links = Delivery.objects.filter(created_at__gte=since).order_by().values_list("way", "state")
    found |= {(way, state): number for way, state, number in links.annotate(number=Count("pk"))}
    messages = WebhookMessage.objects.filter(created_at__gte=since).order_by().values_list("state")
    found |= {(str(DeliveryWay.WEBHOOK), state): number for state, number in messages.annotate(number=Count("pk"))}
    return found


def pool_totals(now: datetime) -> dict[str, int]:
    """Rooms ``wished`` for and ``free``, over all pools. Two queries."""
    pools = apps.get_model("accounts", "Organisation").objects.filter(pool_size__gt=0)
    sizes = {pool.pk: pool.pool_size or 0 for pool in pools}
    return {"wished": sum(sizes.values()), "free": sum(rooms_queries.free_pool_counts(sizes, now).values())}
