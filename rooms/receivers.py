"""What rooms does when it has told a fact: the room's sockets, in whatever process, hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from rooms import groups, queries, services, tasks
from rooms.live import events
from rooms.signals import (
    call_refused,
    handover_asked,
    host_moved_on,
    host_unseated,
    participant_admitted,
    participant_muted,
    participant_refused,
    participant_removed,
    ring_asked,
    room_changed,
    room_closed,
    room_rung,
    room_use_ended,
    sentence_told,
    telephone_asked,
)
from vdx.accounts.signals import membership_ended, user_deactivated
from vdx.lib import clock

if TYPE_CHECKING:
    from vdx.accounts.models import User


@receiver(participant_admitted, dispatch_uid="rooms.push_admitted")
def push_admitted(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """The seat's own connection takes it from here."""
    _push(room_uuid, events.admitted(seat_key, direct=queries.direct_possible(room_uuid, clock.now())))


@receiver(participant_refused, dispatch_uid="rooms.push_refused")
def push_refused(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """The seat's own connection says so and closes."""
    _push(room_uuid, events.refused(seat_key))


@receiver(participant_removed, dispatch_uid="rooms.push_removed")
def push_removed(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """The same, told in other words: its connection knows that it took part."""
    _push(room_uuid, events.refused(seat_key))


@receiver(participant_muted, dispatch_uid="rooms.push_muted")
def push_muted(*, room_uuid: UUID, seat_key: str, by_seat_key: str, **kwargs: Any) -> None:
    """The seat's own page switches its microphone off."""
    _push(room_uuid, events.muted(seat_key, by=by_seat_key))


@receiver(handover_asked, dispatch_uid="rooms.push_handover_asked")
def push_handover_asked(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """The seat's own page asks whether that is right."""
    _push(room_uuid, events.handover_asked(seat_key))


@receiver(call_refused, dispatch_uid="rooms.push_no_place")
def push_no_place(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """Who waits hears what to do, and so do those who are in."""
    _push(room_uuid, events.no_place(seat_key))


@receiver(telephone_asked, dispatch_uid="rooms.push_telephone_asked")
def push_telephone_asked(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """The seat's own connection tells the others, now and whenever it says that it is there."""
    _push(room_uuid, events.telephone_asked(seat_key))


@receiver(host_unseated, dispatch_uid="rooms.push_unseated")
def push_unseated(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """The seat's own connection says so and closes."""
    _push(room_uuid, events.unseated(seat_key))


@receiver(host_moved_on, dispatch_uid="rooms.push_moved_on")
def push_moved_on(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """The seat's own page says that its person is somewhere else now."""
    _push(room_uuid, events.moved_on(seat_key))


@receiver(ring_asked, dispatch_uid="rooms.push_ring_asked")
def push_ring_asked(*, room_uuid: UUID, seat_key: str, is_asked: bool, **kwargs: Any) -> None:
    """Hosts keep the seat on their lists while its page sleeps."""
    _push(room_uuid, events.ring_asked(seat_key, rings=is_asked))


@receiver(room_rung, dispatch_uid="rooms.push_rung")
def push_rung(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """The seat's own page rings, where it is open."""
    _push_called(room_uuid, [seat_key])


@receiver(sentence_told, dispatch_uid="rooms.push_told")
def push_told(*, room_uuid: UUID, seat_keys: list[str], **kwargs: Any) -> None:
    """The seats' own pages show it."""
    _push_called(room_uuid, seat_keys)


@receiver(user_deactivated, dispatch_uid="rooms.end_desks_deactivated")
@receiver(membership_ended, dispatch_uid="rooms.end_desks_former_member")
def end_desks(*, user_id: int, **kwargs: Any) -> None:
    """A desk that may not be what it was is closed; a page that still may comes anew."""
    _push_desk(user_id)


@receiver(user_logged_out, dispatch_uid="rooms.end_desks_logged_out")
def end_desks_logged_out(*, user: User | None, **kwargs: Any) -> None:
    """The same."""
    if user is not None:
        _push_desk(user.pk)


@receiver(user_deactivated, dispatch_uid="rooms.unseat_deactivated")
@receiver(membership_ended, dispatch_uid="rooms.unseat_former_member")
def unseat_host(*, user_id: int, **kwargs: Any) -> None:
    """Whoever has lost the right to host stops being host in the rooms where that is so."""
    services.unseat_host(user_id=user_id, now=clock.now())


@receiver(room_use_ended, dispatch_uid="rooms.unseat_former_users")
def unseat_former_users(*, user_ids: list[int], **kwargs: Any) -> None:
    """The same where a fixed room was taken from them."""
    for user_id in user_ids:
        services.unseat_host(user_id=user_id, now=clock.now())


@receiver(user_logged_out, dispatch_uid="rooms.unseat_logged_out")
def unseat_logged_out(*, user: User | None, **kwargs: Any) -> None:
    """A login that has logged out is host nowhere, in whatever window its rooms still stand open."""
    if user is not None:
        services.unseat_host(user_id=user.pk, now=clock.now(), logged_out=True)


@receiver(room_rung, dispatch_uid="rooms.push_ring")
def push_ring(*, room_uuid: UUID, seat_key: str, **kwargs: Any) -> None:
    """A browser whose page sleeps is woken by its push service."""
    tasks.push.delay(str(room_uuid), seat_key)


@receiver(room_closed, dispatch_uid="rooms.push_closed")
def push_closed(*, room_uuid: UUID, reason: str, **kwargs: Any) -> None:
    """Everybody goes."""
    _push(room_uuid, events.closed(reason))


@receiver(room_changed, dispatch_uid="rooms.push_room")
def push_room(*, room_uuid: UUID, **kwargs: Any) -> None:
    """State and times as they are now; a room that has gone meanwhile was told as closed."""
    facts = queries.room_facts_of(room_uuid)
    if facts is None:
        return
    _push(room_uuid, events.room(facts))


def _push_called(room_uuid: UUID, seat_keys: list[str]) -> None:
    for seat_key, called in queries.called_of(seat_keys).items():
        _push(room_uuid, events.called(seat_key, called))


def _push_desk(user_id: int) -> None:
    async_to_sync(get_channel_layer().group_send)(groups.desk_group(user_id), {"type": "desk.over"})


def _push(room_uuid: UUID, event: groups.Event) -> None:
    async_to_sync(get_channel_layer().group_send)(groups.room_group(room_uuid), groups.message(event, room_uuid))
