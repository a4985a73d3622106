"""What a room knows of one participant: its two legs, what it sends, and the sections in which it gets the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any

from media.engines.relay.feedback import Listener, Sender
from media.engines.relay.leg import Leg, Side
from media.engines.relay.sdp import Kind, Section
from media.engines.relay.streams import Copy, Stream


@dataclass(slots=True)
class Slot:
    """One section of a listening leg: whose what it carries. ``agreed`` when the browser has answered to it."""

    section: Section
    seat: str = ""
    agreed: bool = False
    copy: Copy | None = None
    stream: Stream | None = None


@dataclass(slots=True, eq=False)
class Participant:
    """One connection of a seat. A seat that connects anew has a greater epoch.

    ``wants``: what it wants of others, by their seats; of a seat that is not named, everything; since ``wants_at``,
    and ``wants_next`` a little later. ``wanted``: what it was last told, at ``wanted_at``, that anybody wants of it.
    Times are of the monotonic clock. ``is_open``: its legs can be offered.
    """

    seat: str
    epoch: int
    publish: Leg | None = None
    subscribe: Leg | None = None
    is_open: bool = False
    sender: Sender | None = None
    listener: Listener | None = None
    streams: dict[Kind, Stream] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    offered: list[Section] = field(default_factory=list)
    wants: dict[str, frozenset[Kind]] = field(default_factory=dict)
    wants_at: float = -inf
    wants_next: dict[str, frozenset[Kind]] | None = None
    wanted: list[Kind] | None = None
    wanted_at: float = -inf
    told: dict[Side, dict[str, Any]] = field(default_factory=dict)
    legless_since: float | None = None

    def leg(self, side: Side) -> Leg | None:
        return self.publish if side == "publish" else self.subscribe

    def wants_of(self, seat: str, kind: Kind) -> bool:
        wants = self.wants.get(seat)
        return wants is None or kind in wants
