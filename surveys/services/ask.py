"""Asking a host about a call, and forgetting that it was asked."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from rooms import queries as rooms_queries
from rooms.enums import SeatRole
from surveys.models import PostcardRequest
from surveys.rules.postcard import asked_before


@transaction.atomic
def ask_hosts(*, room_uuid: UUID, today: date) -> None:
    """Note for each host who was a device of the call that there is a postcard to answer. Safe to do again."""
    hosts = [device.seat_key for device in rooms_queries.call_facts(room_uuid).devices if device.role == SeatRole.HOST]
    PostcardRequest.objects.bulk_create(
        [PostcardRequest(room_uuid=room_uuid, seat_key=seat_key, date=today) for seat_key in hosts],
        ignore_conflicts=True,
    )


@transaction.atomic
def forget_asked(*, today: date) -> int:
    """Delete the flags that nobody can use any more. Says how many went."""
    gone, _ = PostcardRequest.objects.filter(date__lt=asked_before(today)).delete()
    return gone
