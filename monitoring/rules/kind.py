"""What a call counts as, by the definitions of the pilot's evaluation report (MedCom 2020)."""

from __future__ import annotations

from enum import StrEnum


class CallKind(StrEnum):
    """What a call counts as."""

    CONSULTATION = "consultation"
    CONFERENCE = "conference"


def kind_of(*, booked: bool, device_count: int, seconds_together: int) -> CallKind | None:
    """A consultation is booked and has exactly two devices in all; a conference is booked with more, or not booked.

    None where no two devices were connected at the same time: nothing was held, so nothing is counted.
    """
    if device_count < 2 or seconds_together < 1:
        return None
    if booked and device_count == 2:
        return CallKind.CONSULTATION
    return CallKind.CONFERENCE
