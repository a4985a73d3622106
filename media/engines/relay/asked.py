"""What web processes ask of a worker, read from lines of the wire. All raise :class:`wire.BadMessage`."""

from __future__ import annotations

from media.engines.relay import wire
from media.engines.relay.leg import Side
from media.engines.relay.sdp import KINDS, Kind


def side(message: wire.Message) -> Side:
    """Which of a participant's two legs is meant."""
    name = message.get("leg")
    if name == "publish":
        return "publish"
    if name == "subscribe":
        return "subscribe"
    raise wire.BadMessage("leg")


def wants(message: wire.Message, *, most: int) -> dict[str, frozenset[Kind]]:
    """What is wanted of whom, of ``most`` seats; kinds that are unknown are passed over."""
    sources = message.get("sources")
    if not isinstance(sources, dict) or len(sources) > most:
        raise wire.BadMessage("sources")
    found: dict[str, frozenset[Kind]] = {}
    for seat, kinds in sources.items():
        if not isinstance(kinds, list):
            raise wire.BadMessage("sources")
        found[seat] = frozenset(kind for kind in KINDS if kind in kinds)
    return found
