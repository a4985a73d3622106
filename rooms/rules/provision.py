"""How far a room is made ready, in the VDX-API's words (contract, sections 6.4 and 11.1).

A room of the hub's own needs nobody to make it: it is ready as soon as its window opens, and taken down when it has
closed. What an outside provisioner has said of a room stands as it was said.
"""

from __future__ import annotations

from datetime import datetime, timedelta

AWAITS = "AWAITS_PROVISION"
READY = "PROVISIONED_OK"
TAKEN_DOWN = "DEPROVISION_OK"
# A room for the pool is ready a moment after it was made.
POOL_READY_AFTER = timedelta(seconds=2)
# A reservation that nobody has used is forgotten.
RESERVED_FOR = timedelta(hours=24)


def over_when_made(*, closes: datetime | None, created: datetime) -> bool:
    """Whether the window lay in the past already when the room was made. Record systems book such meetings."""
    return closes is not None and closes <= created


def status(
    *,
    stored: str,
    outside: bool,
    closed: bool,
    opens: datetime | None,
    closes: datetime | None,
    created: datetime,
    now: datetime,
) -> str:
    """The room's status now. A room that never was open goes on waiting, so that a wrong date can be put right."""
    if outside or stored not in {AWAITS, READY}:
        return stored
    if closed or (closes is not None and closes <= now):
        return AWAITS if over_when_made(closes=closes, created=created) else TAKEN_DOWN
    if stored == READY:
        return READY
    ready = created + POOL_READY_AFTER if opens is None else opens
    return READY if ready <= now else AWAITS
