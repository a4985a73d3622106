"""What is said on the socket of the test page (docs/protocol.md, "The test page's socket")."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from rooms.protocol.names import MEDIA, MESSAGE_BYTES, VERSION, ProtocolError, Wire


@dataclass(frozen=True)
class Hello:
    """The page speaks first."""


@dataclass(frozen=True)
class Word:
    """A word of one of the page's two ends to the media server."""

    seat: str
    data: Wire


def parse(text: str, seats: Collection[str]) -> Hello | Word:
    """One message. Raises :class:`ProtocolError`."""
    if len(text.encode("utf-8", "surrogatepass")) > MESSAGE_BYTES:
        raise ProtocolError("invalid")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolError("invalid") from None
    match message:
        case {"type": "hello", "version": version}:
            if version != VERSION or isinstance(version, bool):
                raise ProtocolError("version")
            return Hello()
        case {"type": "signal", "from": str(seat), "data": dict(data)} if seat in seats:
            return Word(seat, data)
        case {"type": "signal" | "hello"}:
            raise ProtocolError("invalid")
        case {"type": str()}:
            raise ProtocolError("unknown_message")
    raise ProtocolError("invalid")


def welcome(*, seats: tuple[str, str], engine: Wire, seconds: int) -> Wire:
    """The test may begin: who sends, who listens, and for how long the socket lives."""
    return {"type": "welcome", "version": VERSION, "seats": list(seats), "engine": engine, "seconds": seconds}


def signal(*, seat: str, data: Wire) -> Wire:
    """The media server says to one of the two ends."""
    return {"type": "signal", "to": seat, "from": MEDIA, "instance": None, "data": data}
