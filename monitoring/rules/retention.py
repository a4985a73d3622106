"""How long monitoring keeps what it has. docs/data.md says why."""

from __future__ import annotations

from datetime import datetime, timedelta

RAW_SAMPLES = timedelta(days=14)
# Who came and went, and how well it worked: as long as the bookkeeping of the fees they give. The counts stay.
DETAILS = timedelta(days=5 * 365)
# A test of somebody's device: after the test, and after the meeting that it was made for.
DEVICE_TESTS = timedelta(days=14)
# The probe's own calls: as long as they help to find out what went wrong.
PROBE_CALLS = timedelta(hours=1)
# Each of its runs; what the days came to stays.
PROBE_RUNS = timedelta(days=90)
# One that comes later than this is left out: of its day others might be gone, and it would be counted short.
PROBE_RUNS_TAKEN = PROBE_RUNS - timedelta(days=2)


def samples_before(now: datetime) -> datetime:
    """Raw samples of an earlier moment are deleted."""
    return now - RAW_SAMPLES


def details_before(now: datetime) -> datetime:
    """Devices, stays and quality of calls recorded at an earlier moment are deleted."""
    return now - DETAILS


def device_tests_before(now: datetime) -> datetime:
    """Device tests made before this, for meetings that were over before this, are deleted."""
    return now - DEVICE_TESTS


def probe_calls_before(now: datetime) -> datetime:
    """The probe's own calls of an earlier moment are deleted, with everything that was written of them."""
    return now - PROBE_CALLS


def probe_runs_before(now: datetime) -> datetime:
    """Runs of the probe of an earlier moment are deleted."""
    return now - PROBE_RUNS


def probe_runs_taken_from(now: datetime) -> datetime:
    """Runs of the probe of an earlier moment are not taken in any more."""
    return now - PROBE_RUNS_TAKEN
