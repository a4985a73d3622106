"""How a meeting ended, from what was seen: every meeting ends with an outcome."""

from __future__ import annotations

from dataclasses import dataclass

from booking.enums import Cause, Outcome

# Without any measurement (room systems, telephones) a call of so many seconds is believed to have been one. A browser
# has measured by then.
UNMEASURED = 10
# Of the time with sound, at least this share with a picture each way; else it was sound alone.
PICTURE = 0.1
# Seconds after the booked start from which somebody is late.
LATE = 300
# What speaks of technology rather than of people.
TECHNICAL = frozenset(set(Cause) - {Cause.HUMAN_NEVER_OPENED, Cause.HUMAN_TOO_LATE, Cause.UNKNOWN, Cause.NONE})


@dataclass(frozen=True)
class Heard:
    """What one side got of the other: seconds with sound or picture, and seconds with a picture."""

    media: float = 0
    picture: float = 0


@dataclass(frozen=True)
class Seen:
    """What was seen of a meeting whose room is closed.

    ``guests_came``: somebody knocked, whether let in or not. ``together``: seconds in which two devices took part.
    ``at_once``: seconds in which a host and a guest were connected, let in or not. ``measured``: anybody reported
    how it went. ``doctor`` and ``patient``: what each got, None where that side had no device in the call.
    ``doctor_late`` and ``patient_late``: seconds after the booked start. ``doctor_first``: the doctor had gone before
    the patient came.
    """

    cancelled: bool = False
    moved: bool = False
    host_came: bool = False
    guests_came: bool = False
    together: float = 0
    at_once: float = 0
    refused: bool = False
    measured: bool = False
    doctor: Heard | None = None
    patient: Heard | None = None
    doctor_late: float = 0
    patient_late: float = 0
    doctor_first: bool = False


def flowed(seen: Seen) -> bool:
    """Whether there was a conversation: each side got something of the other, or long enough where nobody measured."""
    if not seen.measured:
        return seen.together >= UNMEASURED
    sides = [side for side in (seen.doctor, seen.patient) if side is not None]
    return seen.together >= 1 and bool(sides) and all(side.media > 0 for side in sides)


def judge(seen: Seen, cause: Cause) -> Outcome | None:
    """The outcome. None for a cancelled meeting: who cancelled it has said so. ``cause`` is the fault found, if any.

    Both came and never talked: technology, where there is evidence of it or both were there at once; else whoever was
    not there when the other was.
    """
    if seen.cancelled:
        return None
    if seen.moved:
        return Outcome.MOVED_TO_TELEPHONE
    if flowed(seen):
        return Outcome.SOUND_ONLY if _sound_alone(seen) else Outcome.CARRIED_OUT
    if seen.host_came and seen.guests_came:
        return _never_talked(seen, cause)
    if cause in TECHNICAL and (seen.host_came or seen.guests_came):
        # The other side tried, and was stopped at the door.
        return Outcome.TECHNICAL_FAILURE
    if seen.host_came:
        return Outcome.NO_SHOW_PATIENT
    return Outcome.NO_SHOW_DOCTOR if seen.guests_came else Outcome.NEVER_OPENED


def _sound_alone(seen: Seen) -> bool:
    sides = [side for side in (seen.doctor, seen.patient) if side is not None]
    return seen.measured and any(side.picture < side.media * PICTURE for side in sides)


def _never_talked(seen: Seen, cause: Cause) -> Outcome:
    if seen.refused and seen.together < 1:
        # Whoever knocked was not the patient.
        return Outcome.NO_SHOW_PATIENT
    if cause in TECHNICAL or seen.together >= 1 or seen.at_once >= 1:
        return Outcome.TECHNICAL_FAILURE
    if seen.doctor_first:
        return Outcome.NO_SHOW_PATIENT if seen.patient_late >= LATE else Outcome.NO_SHOW_DOCTOR
    return Outcome.NO_SHOW_DOCTOR if seen.doctor_late >= LATE else Outcome.NO_SHOW_PATIENT
