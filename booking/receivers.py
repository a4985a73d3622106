"""What booking does when others tell a fact."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from booking import services, tasks
from booking.enums import WebhookKind
from booking.signals import delivery_requested, meeting_concluded, webhook_queued
from rooms.signals import call_ended, call_started, participant_waiting, room_extended, room_opened


def follow_extended_room(room_uuid: UUID, **kwargs: Any) -> None:
    """A room that was extended, from inside or outside, takes its meeting's end along."""
    services.follow_room(room_uuid=room_uuid)


room_extended.connect(follow_extended_room, dispatch_uid="booking.follow_extended_room", weak=False)


def send_requested_link(way: str, **kwargs: Any) -> None:
    """Do not wait for the sweep. The task gets no address, not even a sealed one."""
    tasks.deliver.apply_async((way,), expires=tasks.OF_USE_SECONDS)


def post_queued_message(target_id: int, **kwargs: Any) -> None:
    """Do not wait for the sweep."""
    tasks.post_webhooks.apply_async((target_id,), expires=tasks.OF_USE_SECONDS)


delivery_requested.connect(send_requested_link, dispatch_uid="booking.send_requested_link", weak=False)
webhook_queued.connect(post_queued_message, dispatch_uid="booking.post_queued_message", weak=False)


@room_opened.within
def write_down_opened(room_uuid: UUID) -> None:
    """For the record systems."""
    services.note_room(room_uuid, WebhookKind.OPENED)


@participant_waiting.within
def write_down_waiting(room_uuid: UUID, seat_key: str) -> None:
    """For the record systems, which need not know which device it is."""
    services.note_room(room_uuid, WebhookKind.WAITING)


@call_started.within
def write_down_call_started(room_uuid: UUID) -> None:
    """For the record systems."""
    services.note_room(room_uuid, WebhookKind.CALL_STARTED)


@call_ended.within
def write_down_call_ended(room_uuid: UUID, is_final: bool) -> None:
    """For the record systems."""
    services.note_room(room_uuid, WebhookKind.CALL_ENDED)


@meeting_concluded.within
def write_down_outcome(meeting_uuid: UUID, outcome: str, **kwargs: Any) -> None:
    """For the record systems."""
    services.note_outcome(meeting_uuid, outcome)
