"""When the fact of a call may be corrected by a person."""

from __future__ import annotations

from datetime import datetime, timedelta

# What pages kept back comes within the hour, and the hub writes the record anew with it.
SETTLED_AFTER = timedelta(hours=1)


def may_be_corrected(*, is_final: bool, recorded_at: datetime, now: datetime) -> bool:
    """Whether the hub is done with a record, so that it does not overwrite what a person says of it."""
    return is_final and now - recorded_at >= SETTLED_AFTER
