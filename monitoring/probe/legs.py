"""What one run of the probe tells: its legs in their order, and how each went."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

# In the order in which they are tried; after one that fails, the rest is not tried.
LEGS = ("token", "booking", "link", "socket", "ice", "dtls", "media", "delivery", "end")
# Parts of the hub as its page of health names them.
PARTS = frozenset({"database", "cache", "channel_layer", "worker", "media"})
# What a run failed by is a word, also where the hub or a media server has sent it.
_WORD = re.compile(r"[A-Za-z0-9_-]{0,40}")


@dataclass(frozen=True)
class Run:
    """One run. ``slot`` is the beginning of the interval that it speaks for, in seconds since 1970 (UTC).

    ``legs`` are the milliseconds of each leg that came through; ``failed`` is the one that did not, with a word for
    the ``reason``, and with what the hub's own page of health said was ``missing`` just then.
    """

    key: UUID
    slot: int
    interval: int
    started_at: datetime
    legs: Mapping[str, int]
    failed: str = ""
    reason: str = ""
    missing: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether every leg came through."""
        return not self.failed

    def as_line(self) -> dict[str, Any]:
        """What is written to the file."""
        return {
            "key": str(self.key),
            "slot": self.slot,
            "interval": self.interval,
            "started": self.started_at.astimezone(UTC).isoformat(),
            "legs": dict(self.legs),
            "failed": self.failed,
            "reason": self.reason,
            "missing": list(self.missing),
        }


def run_of(line: Any) -> Run:
    """The run that stands in a line. Raises ``ValueError`` for what is none: half a line, or somebody else's."""
    try:
        legs = {str(name): int(taken) for name, taken in line["legs"].items()}
        run = Run(
            key=UUID(line["key"]),
            slot=int(line["slot"]),
            interval=int(line["interval"]),
            started_at=datetime.fromisoformat(line["started"]),
            legs=legs,
            failed=str(line["failed"]),
            reason=_word(line["reason"]),
            missing=tuple(sorted(PARTS.intersection(line["missing"]))),
        )
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError("no run of the probe") from error
    known = set(run.legs) <= set(LEGS) and run.failed in {"", *LEGS} and all(0 <= ms < 1 << 31 for ms in legs.values())
    if not known or not 1 <= run.interval <= 86_400 or run.started_at.utcoffset() is None or not 0 < run.slot < 1 << 40:
        raise ValueError("no run of the probe")
    if run.succeeded and len(run.legs) != len(LEGS):
        raise ValueError("a run that says nothing of some legs")
    return run


def _word(reason: Any) -> str:
    return reason if isinstance(reason, str) and _WORD.fullmatch(reason) else "unreadable"


def slot_of(moment: float, interval: int) -> int:
    """The beginning of the interval in which a moment lies, both in seconds since 1970."""
    return int(moment) // interval * interval
