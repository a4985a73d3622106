"""Which state may follow which. Every service that moves a room or a seat asks here."""

from __future__ import annotations

from collections.abc import Mapping

from rooms.enums import RoomState, SeatState

ROOM_MOVES: Mapping[RoomState, frozenset[RoomState]] = {
    RoomState.PLANNED: frozenset({RoomState.OPEN, RoomState.CLOSED}),
    RoomState.OPEN: frozenset({RoomState.CLOSED}),
    # Closed is for good.
    RoomState.CLOSED: frozenset(),
}

GUEST_MOVES: Mapping[SeatState, frozenset[SeatState]] = {
    SeatState.WAITING: frozenset({SeatState.ADMITTED, SeatState.REFUSED, SeatState.LEFT}),
    # Refused: removed from the call by a host.
    SeatState.ADMITTED: frozenset({SeatState.LEFT, SeatState.REFUSED}),
    # Who was refused or has left may knock again.
    SeatState.REFUSED: frozenset({SeatState.WAITING}),
    SeatState.LEFT: frozenset({SeatState.WAITING}),
}

# A host lets in and is not let in. A waiting guest who shows to be a host becomes one.
HOST_MOVES: Mapping[SeatState, frozenset[SeatState]] = {
    SeatState.WAITING: frozenset({SeatState.ADMITTED}),
    SeatState.ADMITTED: frozenset({SeatState.LEFT}),
    SeatState.REFUSED: frozenset({SeatState.ADMITTED}),
    SeatState.LEFT: frozenset({SeatState.ADMITTED}),
}

# A seat in one of these has a place in the room; one in another has to knock.
SEATED = frozenset({SeatState.WAITING, SeatState.ADMITTED})


def room_may_move(*, old: RoomState, new: RoomState) -> bool:
    """Whether a room may go from one state to the other."""
    return new in ROOM_MOVES[old]


def seat_may_move(*, old: SeatState, new: SeatState, is_host: bool) -> bool:
    """Whether a seat may go from one state to the other."""
    return new in (HOST_MOVES if is_host else GUEST_MOVES)[old]
