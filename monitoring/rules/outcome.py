"""How a meeting ended, as far as the room alone can tell."""

from __future__ import annotations

from booking.enums import Outcome


def judge(*, seconds_together: int, host_came: bool, guests_came: bool, cancelled: bool) -> Outcome | None:
    """The outcome of a meeting whose room is closed, or None where the room cannot tell.

    ``guests_came``: somebody knocked, whether let in or not. A cancelled meeting has its outcome from who cancelled
    it. Where both came and never met (one had gone before the other was there, or nothing worked) it would be a
    guess who failed whom, so nothing is said.
    """
    if cancelled:
        return None
    if seconds_together >= 1:
        return Outcome.CARRIED_OUT
    if host_came:
        return None if guests_came else Outcome.NO_SHOW_PATIENT
    return Outcome.NO_SHOW_DOCTOR if guests_came else Outcome.NEVER_OPENED
