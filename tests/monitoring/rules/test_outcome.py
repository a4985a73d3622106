from __future__ import annotations

from typing import Any

import pytest

from booking.enums import Cause, Outcome
from monitoring.rules.outcome import Heard, Seen, judge

BOTH: dict[str, Any] = {"host_came": True, "guests_came": True}
TALKED = Heard(media=300, picture=295)
NOTHING = Heard()
UNMEASURED = Heard(measures=False)


@pytest.mark.parametrize(
    ("seen", "cause", "outcome"),
    [
        (Seen(**BOTH, together=60, doctor=TALKED, patient=TALKED), Cause.NONE, Outcome.CARRIED_OUT),
        # Room systems measure nothing; what a browser beside them got counts.
        (Seen(**BOTH, together=60, doctor=UNMEASURED, patient=UNMEASURED), Cause.NONE, Outcome.CARRIED_OUT),
        (Seen(**BOTH, together=60, doctor=TALKED, patient=UNMEASURED), Cause.NONE, Outcome.CARRIED_OUT),
        (Seen(**BOTH, together=5, doctor=UNMEASURED, patient=UNMEASURED), Cause.NONE, Outcome.TECHNICAL_FAILURE),
        (Seen(**BOTH, together=60, doctor=NOTHING, patient=UNMEASURED), Cause.UNKNOWN, Outcome.TECHNICAL_FAILURE),
        # Browsers that measured nothing got nothing: no media server answered.
        (Seen(**BOTH, together=60, doctor=NOTHING, patient=NOTHING), Cause.MEDIA_SERVER, Outcome.TECHNICAL_FAILURE),
        # Twenty seconds: frozen after the first, or well and hung up.
        (
            Seen(**BOTH, together=20, doctor=Heard(5, 5, 15), patient=Heard(5, 5, 15)),
            Cause.UNKNOWN,
            Outcome.TECHNICAL_FAILURE,
        ),
        (Seen(**BOTH, together=20, doctor=Heard(15, 15, 3), patient=Heard(15, 15, 3)), Cause.NONE, Outcome.CARRIED_OUT),
        # Two minutes of talk, and then eight in which nothing came.
        (
            Seen(**BOTH, together=600, doctor=Heard(120, 120, 480), patient=Heard(120, 120, 480)),
            Cause.UNKNOWN,
            Outcome.TECHNICAL_FAILURE,
        ),
        # A long cut in the middle, and it went on to the end.
        (
            Seen(**BOTH, together=60, doctor=Heard(20, 20, 4), patient=Heard(20, 20, 4)),
            Cause.DOCTOR_NETWORK,
            Outcome.CARRIED_OUT,
        ),
        (Seen(**BOTH, together=600, doctor=TALKED, patient=Heard(5, 5, 2)), Cause.UNKNOWN, Outcome.TECHNICAL_FAILURE),
        # A second together in which nothing came is no consultation.
        (Seen(**BOTH, together=1, at_once=20), Cause.UNKNOWN, Outcome.TECHNICAL_FAILURE),
        (
            Seen(**BOTH, together=60, doctor=NOTHING, patient=NOTHING),
            Cause.FIREWALL,
            Outcome.TECHNICAL_FAILURE,
        ),
        # The doctor neither heard nor saw anybody.
        (
            Seen(**BOTH, together=60, doctor=NOTHING, patient=TALKED),
            Cause.PATIENT_PERMISSION,
            Outcome.TECHNICAL_FAILURE,
        ),
        (
            Seen(**BOTH, together=60, doctor=Heard(300, 0), patient=TALKED),
            Cause.PATIENT_DEVICE,
            Outcome.SOUND_ONLY,
        ),
        (
            Seen(**BOTH, together=60, doctor=Heard(300, 60), patient=TALKED),
            Cause.PATIENT_NETWORK,
            Outcome.CARRIED_OUT,
        ),
        # Colleagues, both as hosts.
        (Seen(host_came=True, together=60, doctor=TALKED), Cause.NONE, Outcome.CARRIED_OUT),
        (Seen(**BOTH, together=60, moved=True), Cause.UNKNOWN, Outcome.MOVED_TO_TELEPHONE),
        (Seen(host_came=True), Cause.HUMAN_NEVER_OPENED, Outcome.NO_SHOW_PATIENT),
        # Was at the door, and could not get in.
        (Seen(host_came=True, stopped=True), Cause.PATIENT_DEVICE, Outcome.TECHNICAL_FAILURE),
        # Said something at the door, and could have come in.
        (Seen(host_came=True), Cause.PATIENT_PERMISSION, Outcome.NO_SHOW_PATIENT),
        (Seen(guests_came=True), Cause.DOCTOR_DEVICE, Outcome.NO_SHOW_DOCTOR),
        (Seen(guests_came=True), Cause.HUMAN_NEVER_OPENED, Outcome.NO_SHOW_DOCTOR),
        (Seen(), Cause.HUMAN_NEVER_OPENED, Outcome.NEVER_OPENED),
        (Seen(), Cause.PATIENT_DEVICE, Outcome.NEVER_OPENED),
        # Both came, one after the other.
        (Seen(**BOTH, doctor_late=1200), Cause.HUMAN_TOO_LATE, Outcome.NO_SHOW_DOCTOR),
        (Seen(**BOTH, doctor_late=60), Cause.HUMAN_TOO_LATE, Outcome.NO_SHOW_PATIENT),
        (Seen(**BOTH, doctor_first=True, patient_late=1200), Cause.HUMAN_TOO_LATE, Outcome.NO_SHOW_PATIENT),
        (Seen(**BOTH, doctor_first=True, patient_late=60), Cause.HUMAN_TOO_LATE, Outcome.NO_SHOW_DOCTOR),
        (Seen(**BOTH, doctor_late=1200), Cause.MEDIA_SERVER, Outcome.TECHNICAL_FAILURE),
        # Both were there at once, and nobody was let in: who left first, or came as the other went.
        (Seen(**BOTH, at_once=600), Cause.UNKNOWN, Outcome.NO_SHOW_DOCTOR),
        (Seen(**BOTH, at_once=30, patient_left_first=True), Cause.UNKNOWN, Outcome.NO_SHOW_PATIENT),
        (Seen(**BOTH, at_once=3, doctor_first=True, patient_late=1200), Cause.UNKNOWN, Outcome.NO_SHOW_PATIENT),
        (Seen(**BOTH, at_once=30), Cause.MEDIA_SERVER, Outcome.TECHNICAL_FAILURE),
        # Whoever knocked was turned away: not the patient.
        (Seen(**BOTH, at_once=30, refused=True), Cause.UNKNOWN, Outcome.NO_SHOW_PATIENT),
        # Who cancelled has said so.
        (Seen(cancelled=True), Cause.NONE, None),
        (Seen(**BOTH, together=60, cancelled=True), Cause.NONE, None),
    ],
)
def test_outcome(seen: Seen, cause: Cause, outcome: Outcome | None) -> None:
    assert judge(seen, cause) == outcome
