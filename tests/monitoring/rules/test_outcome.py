from __future__ import annotations

import pytest

from booking.enums import Outcome
from monitoring.rules.outcome import judge


@pytest.mark.parametrize(
    ("seconds", "host", "guests", "cancelled", "outcome"),
    [
        (60, True, True, False, Outcome.CARRIED_OUT),
        (0, True, False, False, Outcome.NO_SHOW_PATIENT),
        (0, False, True, False, Outcome.NO_SHOW_DOCTOR),
        (0, False, False, False, Outcome.NEVER_OPENED),
        # Both came and never met: the room cannot tell why.
        (0, True, True, False, None),
        # Who cancelled has said so.
        (0, False, False, True, None),
        (0, False, True, True, None),
        (60, True, True, True, None),
    ],
)
def test_outcome(seconds: int, host: bool, guests: bool, cancelled: bool, outcome: Outcome | None) -> None:
    assert judge(seconds_together=seconds, host_came=host, guests_came=guests, cancelled=cancelled) == outcome
