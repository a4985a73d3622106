from __future__ import annotations

import pytest

from monitoring.rules.kind import CallKind, kind_of


@pytest.mark.parametrize(
    ("booked", "devices", "seconds", "kind"),
    [
        (True, 2, 600, CallKind.CONSULTATION),
        (True, 2, 1, CallKind.CONSULTATION),
        (True, 3, 600, CallKind.CONFERENCE),
        (False, 2, 600, CallKind.CONFERENCE),
        (False, 5, 600, CallKind.CONFERENCE),
        # Never two at the same time.
        (True, 2, 0, None),
        (True, 3, 0, None),
        (False, 2, 0, None),
        (True, 1, 0, None),
        (False, 1, 0, None),
        (True, 0, 0, None),
    ],
)
def test_kind_of_call(booked: bool, devices: int, seconds: int, kind: CallKind | None) -> None:
    assert kind_of(booked=booked, device_count=devices, seconds_together=seconds) == kind
