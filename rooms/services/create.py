"""Making a room, and taking it away again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from rooms.enums import CloseReason, DirectMedia, Quality, RoomState, View, VmrType
from rooms.models import Room
from rooms.rules import window
from rooms.services.locks import locked, write_down
from rooms.signals import room_closed
from vdx.lib import ids

if TYPE_CHECKING:
    from vdx.accounts.models import MeetingUser, Organisation, User

DOOR = frozenset({"host_pin", "guest_pin", "call_type"})


@dataclass(frozen=True)
class RoomSettings:
    """What a room copies from its template, by the names of ``rooms.layout.RoomLayout``."""

    vmr_available_before: int = 15
    open_after_minutes: int = 15
    max_participants: int = 0
    end_meeting_on_end_time: bool = False
    ivr_theme: str | None = None
    custom_portal_guest: str | None = None
    custom_portal_host: str | None = None
    return_url: str | None = None
    vmr_type: str = VmrType.CONFERENCE
    host_view: str = View.ONE_MAIN_SEVEN_PIPS
    guest_view: str = View.ONE_MAIN_SEVEN_PIPS
    vmr_quality: str = Quality.HD
    enable_overlay_text: bool = True
    guests_can_present: bool = True
    force_presenter_into_main: bool = True
    force_encryption: bool = False
    mute_all_guests: bool = False
    direct_media: str = DirectMedia.BEST_EFFORT
    call_type: str | None = None


@dataclass(frozen=True)
class RoomAddress:
    """Where room systems dial: ``without_domain`` is unique in its domain as long as the room is used."""

    with_domain: str
    without_domain: str | None
    domain: str | None


@transaction.atomic(savepoint=False)
def create_room(
    *,
    uuid: UUID,
    organisation: Organisation,
    settings: RoomSettings,
    starts_at: datetime | None,
    ends_at: datetime | None,
    host_label: str,
    host_phone: str,
    host_pin: int | None,
    guest_pin: int | None,
    created_by: MeetingUser | None,
    now: datetime,
    actor: User | None = None,
    address: RoomAddress | None = None,
    is_pool: bool = False,
) -> Room:
    """Make a room. With a start it gets a window and a short link; without, it lies ready and nobody can reach it.

    Times may be past. Raises ``IntegrityError`` where another room has the uuid or the address, or once in 2^60 the
    code: whoever chose them can say so better, or try again in a savepoint.
    """
    room = Room(
        uuid=uuid,
        organisation=organisation,
        uri_with_domain=address.with_domain if address else "",
        uri_without_domain=address.without_domain if address else None,
        uri_domain=address.domain if address else None,
        outside_provisioner=organisation.outside_provisioner,
        is_pool=is_pool,
        starts_at=starts_at,
        ends_at=ends_at,
        host_label=host_label,
        host_phone=host_phone,
        host_pin=host_pin,
        guest_pin=guest_pin,
        created_by=created_by,
        created_time=now,
        **asdict(settings),
    )
    place_window(room)
    draw_code(room)
    room.save(force_insert=True)
    write_down("room.created", room, actor=actor)
    return room


@transaction.atomic
def rename_host(*, room_id: int, host_label: str, host_phone: str, actor: User | None = None) -> Room:
    """Change the doctor's name and telephone as a waiting patient reads them."""
    room = locked(room_id)
    room.host_label, room.host_phone = host_label, host_phone
    room.save(update_fields=["host_label", "host_phone"])
    write_down("room.host_renamed", room, actor=actor)
    return room


@transaction.atomic
def set_guest_pin(*, room_id: int, guest_pin: int | None, actor: User | None = None) -> Room:
    """Ask guests who knock for this pin from now on, or for none. Whoever has a seat keeps it."""
    room = locked(room_id)
    room.guest_pin = guest_pin
    room.save(update_fields=["guest_pin"])
    write_down("room.guest_pin_changed", room, actor=actor)
    return room


@transaction.atomic
def change_door(
    *, room_id: int, changes: Mapping[str, int | str | None], editor: MeetingUser | None, now: datetime
) -> Room:
    """Change ``host_pin``, ``guest_pin`` or ``call_type``, whichever are named, and note who changed the room.

    Whoever has a seat keeps it.
    """
    if not set(changes) <= DOOR:
        raise TypeError(f"the door of a room is {sorted(DOOR)}")
    room = locked(room_id)
    for name, value in changes.items():
        setattr(room, name, value)
    room.updated_by, room.updated_time = editor, now
    room.save(update_fields=[*sorted(changes), "updated_by", "updated_time"])
    if changes:
        write_down("room.door_changed", room, fields=sorted(changes))
    return room


@transaction.atomic
def delete_room(*, room_id: int, actor: User | None = None) -> None:
    """Take a room away with its seats: uuid, code and address are free again. Who waits in it is told it is closed."""
    room = locked(room_id)
    was_closed = room.state == RoomState.CLOSED
    write_down("room.deleted", room, actor=actor)
    room.delete()
    if not was_closed:
        room_closed.tell(room_uuid=room.uuid, reason=CloseReason.CANCELLED.value)


def place_window(room: Room) -> None:
    """Work out when the room opens and closes from its times and settings; nothing is saved."""
    room.opens_at = window.opens_at(starts_at=room.starts_at, before_minutes=room.vmr_available_before)
    room.closes_at = window.closes_at(
        ends_at=room.ends_at, after_minutes=room.open_after_minutes, ends_on_time=room.end_meeting_on_end_time
    )


def draw_code(room: Room) -> None:
    """Give a room with a start its short id, if it has none yet; nothing is saved."""
    if room.starts_at is not None and room.short_id is None:
        room.short_id = ids.short_id()
