"""How a meeting ended, from what was seen: every meeting ends with an outcome."""

from __future__ import annotations

from dataclasses import dataclass

from booking.enums import Cause, Outcome
from rooms.enums import Trouble

# Room systems and telephones measure nothing: so many seconds with one are believed to have been a conversation.
UNMEASURED = 10
# With so many seconds of the other's sound or picture it was one, and with this share of the time together.
CONVERSATION, SHARE = 30, 0.5
# A shorter one was one too where the other was heard or seen to its end, give or take two samples.
SHORT, TO_THE_END = 10, 10
# What keeps a person at the door. Without camera or microphone anybody may still come in.
STOPS = frozenset({Trouble.TOO_OLD_BROWSER.value, Trouble.INSECURE.value, Trouble.SOCKET_NEVER.value})
# Of the time with sound, at least this share with a picture each way; else it was sound alone.
PICTURE = 0.1
# Seconds after the booked start from which somebody is late.
LATE = 300
# What speaks of technology rather than of people.
TECHNICAL = frozenset(set(Cause) - {Cause.HUMAN_NEVER_OPENED, Cause.HUMAN_TOO_LATE, Cause.UNKNOWN, Cause.NONE})


@dataclass(frozen=True)
class Heard:
    """What one side got of the other: seconds with sound or picture, and seconds with a picture.

    ``nothing_at_the_end``: seconds at the end, while both were there, in which nothing came; None where not known.
    ``measures``: False for devices that cannot tell, room systems and telephones.
    """

    media: float = 0
    picture: float = 0
    nothing_at_the_end: float | None = None
    measures: bool = True


@dataclass(frozen=True)
class Seen:
    """What was seen of a meeting whose room is closed.

    ``guests_came``: somebody knocked, whether let in or not. ``together``: seconds in which two devices took part.
    ``at_once``: seconds in which a host and a guest were connected, let in or not. ``stopped``: the side that did not
    come was kept at the door by its browser or its line. ``doctor`` and ``patient``: what each got, None where that
    side had no device in the call. ``doctor_late`` and ``patient_late``: seconds after the booked start.
    ``doctor_first``: the doctor came before the patient. ``patient_left_first``: while the doctor was still there.
    """

    cancelled: bool = False
    moved: bool = False
    host_came: bool = False
    guests_came: bool = False
    together: float = 0
    at_once: float = 0
    refused: bool = False
    stopped: bool = False
    doctor: Heard | None = None
    patient: Heard | None = None
    doctor_late: float = 0
    patient_late: float = 0
    doctor_first: bool = False
    patient_left_first: bool = False


def flowed(seen: Seen) -> bool:
    """Whether there was a conversation: each side got enough of the other."""
    sides = [side for side in (seen.doctor, seen.patient) if side is not None]
    return seen.together >= 1 and bool(sides) and all(_enough(side, seen.together) for side in sides)


def _enough(side: Heard, together: float) -> bool:
    if not side.measures:
        return together >= UNMEASURED
    rest = side.nothing_at_the_end
    if side.media <= 0 or (rest is not None and rest > max(TO_THE_END, together / 2)):
        # Half of it stood still, and nothing came after: they gave up.
        return False
    to_the_end = rest is not None and rest <= TO_THE_END and side.media >= SHORT
    return to_the_end or side.media >= CONVERSATION or side.media >= together * SHARE


def judge(seen: Seen, cause: Cause) -> Outcome | None:
    """The outcome. None for a cancelled meeting: who cancelled it has said so. ``cause`` is the fault found, if any.

    Both came and never talked: technology, where there is evidence of it or both took part; else whoever was not
    there when the other was, or was not let in.
    """
    if seen.cancelled:
        return None
    if seen.moved:
        return Outcome.MOVED_TO_TELEPHONE
    if flowed(seen):
        return Outcome.SOUND_ONLY if _sound_alone(seen) else Outcome.CARRIED_OUT
    if seen.host_came and seen.guests_came:
        return _never_talked(seen, cause)
    if seen.stopped and cause in TECHNICAL and (seen.host_came or seen.guests_came):
        # The other side tried, and was stopped at the door.
        return Outcome.TECHNICAL_FAILURE
    if seen.host_came:
        return Outcome.NO_SHOW_PATIENT
    return Outcome.NO_SHOW_DOCTOR if seen.guests_came else Outcome.NEVER_OPENED


def _sound_alone(seen: Seen) -> bool:
    sides = [side for side in (seen.doctor, seen.patient) if side is not None]
    return any(side.measures and side.picture < side.media * PICTURE for side in sides)


def _never_talked(seen: Seen, cause: Cause) -> Outcome:
    if seen.refused and seen.together < 1:
        # Whoever knocked was not the patient.
        return Outcome.NO_SHOW_PATIENT
    if cause in TECHNICAL or seen.together >= 1:
        return Outcome.TECHNICAL_FAILURE
    if seen.at_once >= 1:
        # Left waiting, or gone before the doctor let them in.
        late = seen.doctor_first and seen.patient_late >= LATE
        return Outcome.NO_SHOW_PATIENT if seen.patient_left_first or late else Outcome.NO_SHOW_DOCTOR
    if seen.doctor_first:
        return Outcome.NO_SHOW_PATIENT if seen.patient_late >= LATE else Outcome.NO_SHOW_DOCTOR
    return Outcome.NO_SHOW_DOCTOR if seen.doctor_late >= LATE else Outcome.NO_SHOW_PATIENT
