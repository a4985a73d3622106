"""What the waiting room's page reads: today's meetings and who waits there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from booking import access
from booking.access import Host
from booking.enums import Outcome
from booking.models import Meeting
from booking.rules.instant import is_instant
from rooms import queries as rooms_queries
from rooms.enums import RoomState
from vdx.accounts import queries as accounts_queries
from vdx.lib import clock

if TYPE_CHECKING:
    from vdx.accounts.models import User


@dataclass(frozen=True)
class DeskMeeting:
    """A meeting as the waiting room's page shows it: of today, and not over. ``doctor`` is empty for the own ones."""

    uuid: UUID
    room_id: int
    room: UUID
    organisation_id: int
    start: datetime
    end: datetime
    subject: str
    instant: bool
    doctor: str
    own: bool
    delay_minutes: int | None


def desk(user: User, *, now: datetime) -> list[DeskMeeting]:
    """Today's meetings that are not over, and others whose room is open, by start: those that the person may host.

    The number of queries does not depend on the number of meetings.
    """
    found = list(_desk_rows(user, now).select_related("room", "organized_by").order_by("start_time", "end_time", "pk"))
    names = _names({meeting.organisation_id for meeting in found if not access.own_meeting(user, meeting)})
    return [
        DeskMeeting(
            uuid=meeting.uuid,
            room_id=meeting.room_id,
            room=meeting.room.uuid,
            organisation_id=meeting.organisation_id,
            start=meeting.start_time,
            end=meeting.end_time,
            subject=meeting.subject,
            instant=is_instant(meeting.start_time, meeting.created_time),
            doctor="" if access.own_meeting(user, meeting) else _name_of(meeting, names),
            own=access.own_meeting(user, meeting),
            delay_minutes=meeting.room.delay_minutes,
        )
        for meeting in found
    ]


def desk_waiting(user: User, *, now: datetime) -> int:
    """How many wait there just now. Two queries."""
    rooms = list(_desk_rows(user, now).values_list("room_id", flat=True))
    return sum(rooms_queries.waiting_counts(rooms).values()) if rooms else 0


def rest_of_day(user: User, host: Host, *, now: datetime) -> list[int]:
    """The rooms of a doctor's meetings from now on today, also of those that run late. One query."""
    rows = _desk_rows(user, now).filter(organized_by__email__iexact=host.user.email, organisation=host.organisation)
    return list(rows.order_by("pk").values_list("room_id", flat=True))


def delays(user: User, hosts: Collection[Host], *, now: datetime) -> dict[str, int]:
    """How late each doctor is said to be, by the host's key; who is not is left out. One query."""
    said = (
        _desk_rows(user, now)
        .filter(room__delay_minutes__isnull=False)
        .order_by("-room__delayed_at")
        .values_list("organized_by__email", "organisation_id", "room__delay_minutes")
    )
    newest: dict[tuple[str, int], int] = {}
    for email, organisation_id, minutes in said:
        newest.setdefault((email.casefold(), organisation_id), minutes or 0)
    found = {host.key: newest.get((host.user.email.casefold(), host.organisation.pk), 0) for host in hosts}
    return {key: minutes for key, minutes in found.items() if minutes}


def _desk_rows(user: User, now: datetime) -> QuerySet[Meeting]:
    first, after = clock.day_bounds(clock.local_date(now))
    today = Q(start_time__gte=first, start_time__lt=after)
    is_open = Q(room__opens_at__lte=now)
    return (
        access.meetings_of(user)
        .filter(today | is_open)
        .filter(Q(room__closes_at__gt=now) | Q(room__closes_at__isnull=True))
        .exclude(room__state=RoomState.CLOSED)
        .exclude(outcome=Outcome.CANCELLED)
    )


def _names(organisations: Collection[int]) -> dict[str, str]:
    if not organisations:
        return {}
    return {known.email.casefold(): known.name for known in accounts_queries.clinicians(organisations)}


def _name_of(meeting: Meeting, names: dict[str, str]) -> str:
    email = meeting.organized_by.email
    return names.get(email.casefold(), email)
