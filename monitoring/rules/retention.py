"""How long monitoring keeps what it has. docs/data.md says why."""

from __future__ import annotations

from datetime import datetime, timedelta

RAW_SAMPLES = timedelta(days=14)
# Who came and went, and how well it worked: as long as the bookkeeping of the fees they give. The counts stay.
DETAILS = timedelta(days=5 * 365)
# A test of somebody's device: after the test, and after the meeting that it was made for.
DEVICE_TESTS = timedelta(days=14)


def samples_before(now: datetime) -> datetime:
    """Raw samples of an earlier moment are deleted."""
    return now - RAW_SAMPLES


def details_before(now: datetime) -> datetime:
    """Devices, stays and quality of calls recorded at an earlier moment are deleted."""
    return now - DETAILS


def device_tests_before(now: datetime) -> datetime:
    """Device tests made before this, for meetings that were over before this, are deleted."""
    return now - DEVICE_TESTS
