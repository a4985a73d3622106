"""Who may come to a room that its host has locked."""

from __future__ import annotations

from rooms.enums import SeatState


def lets_knock(*, is_locked: bool, state: SeatState | None) -> bool:
    """Whether somebody may knock: ``state`` is their seat's, None for one without.

    A locked room keeps strangers out, and whoever was refused or removed. Who waits, takes part or has gone by their
    own wish comes back as ever.
    """
    return not is_locked or state not in (None, SeatState.REFUSED)
