"""Asking a host about a call, and forgetting that it was asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking import queries as booking_queries
from rooms import queries as rooms_queries
from rooms.enums import SeatRole
from surveys.models import PostcardRequest
from surveys.rules.postcard import may_answer

# Rooms that one query is asked about: a database takes no list of any length.
_AT_ONCE = 1000


@transaction.atomic
def ask_hosts(*, room_uuid: UUID) -> None:
    """Note for each host who was a device of the call that there is a postcard to answer. Safe to do again.

    Nobody is asked about a test call.
    """
    if booking_queries.is_test_call(room_uuid):
        return
    hosts = [device.seat_key for device in rooms_queries.call_facts(room_uuid).devices if device.role == SeatRole.HOST]
    PostcardRequest.objects.bulk_create(
        [PostcardRequest(room_uuid=room_uuid, seat_key=seat_key) for seat_key in hosts],
        ignore_conflicts=True,
    )


@transaction.atomic
def forget_asked(*, now: datetime) -> int:
    """Delete the flags that nobody can use any more: those of rooms closed too long ago, or gone. Says how many went.

    Not earlier, so that a flag that is gone lets nobody answer twice; not later, for who answered is nobody's business.
    """
    asked = list(PostcardRequest.objects.values_list("room_uuid", flat=True).distinct().order_by("room_uuid"))
    gone = 0
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        closings = rooms_queries.closings(some)
        over = [uuid for uuid in some if uuid not in closings or not may_answer(closed_at=closings[uuid], now=now)]
        gone += PostcardRequest.objects.filter(room_uuid__in=over).delete()[0]
    return gone
