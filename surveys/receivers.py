"""What surveys does when others tell a fact."""

from __future__ import annotations

from uuid import UUID

from rooms.signals import call_ended, participant_admitted
from surveys import services
from vdx.lib import clock


@call_ended.within
def offer_postcard(room_uuid: UUID, is_final: bool) -> None:
    """The hosts of the call are asked about it."""
    services.ask_hosts(room_uuid=room_uuid, today=clock.local_date(clock.now()))


@participant_admitted.within
def ask_again(room_uuid: UUID, seat_key: str) -> None:
    """Whoever said no thanks before the call, or between two parts of it, is asked about the call there was."""
    services.ask_again(room_uuid=room_uuid, seat_key=seat_key, today=clock.local_date(clock.now()))


@call_ended.within
def invite_guests(room_uuid: UUID, is_final: bool) -> None:
    """Once the room is closed everybody else is, also who waited in vain."""
    if is_final:
        services.invite_guests(room_uuids=[room_uuid], today=clock.local_date(clock.now()))
