"""Asking a host about a call, and forgetting that it was asked."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from booking import queries as booking_queries
from rooms import queries as rooms_queries
from rooms.enums import SeatRole
from surveys.enums import InvitationState
from surveys.models import PostcardCount, PostcardRequest
from surveys.queries.postcard import card_for
from surveys.rules.postcard import may_answer

# Rooms that one query is asked about: a database takes no list of any length.
_AT_ONCE = 1000


@transaction.atomic
def ask_hosts(*, room_uuid: UUID, today: date) -> None:
    """Note for each host who was a device of the call that there is a postcard to answer. Safe to do again.

    Nobody is asked about a test call, nor in a fixed room, where colleagues meet without a patient.
    """
    if booking_queries.is_test_call(room_uuid) or rooms_queries.is_fixed(room_uuid):
        return
    call = rooms_queries.call_facts(room_uuid)
    hosts = [device.seat_key for device in call.devices if device.role == SeatRole.HOST]
    edition = card_for(call.organisation_id, today=today).edition
    PostcardRequest.objects.bulk_create(
        [
            PostcardRequest(room_uuid=room_uuid, seat_key=seat_key, week=week_of(today), edition=edition)
            for seat_key in hosts
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def forget_asked(*, now: datetime) -> int:
    """Count and delete the flags that nobody can use any more: those of rooms closed too long ago, or gone.

    Says how many went.

    Not earlier, so that a flag that is gone lets nobody answer twice; not later, for who answered is nobody's business.
    """
    asked = list(PostcardRequest.objects.values_list("room_uuid", flat=True).distinct().order_by("room_uuid"))
    gone = 0
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        closings = rooms_queries.closings(some)
        over = [uuid for uuid in some if uuid not in closings or not may_answer(closed_at=closings[uuid], now=now)]
        gone += _count_and_delete(over)
    return gone


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _count_and_delete(room_uuids: list[UUID]) -> int:
    # Locked, so that two sweeps at once count none twice.
    flags = list(PostcardRequest.objects.select_for_update().filter(room_uuid__in=room_uuids))
    asked = Counter((flag.week, flag.edition) for flag in flags if flag.week)
    answered = Counter((flag.week, flag.edition) for flag in flags if flag.state == InvitationState.COMPLETE)
    declined = Counter((flag.week, flag.edition) for flag in flags if flag.state == InvitationState.DECLINED)
    for (week, edition), number in sorted(asked.items()):
        count, _made = PostcardCount.objects.get_or_create(week=week, edition=edition)
        PostcardCount.objects.filter(pk=count.pk).update(
            asked=F("asked") + number,
            answered=F("answered") + answered[week, edition],
            declined=F("declined") + declined[week, edition],
        )
    PostcardRequest.objects.filter(pk__in=[flag.pk for flag in flags]).delete()
    return len(flags)
