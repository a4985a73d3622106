"""What those who take part hand to each other in pieces: text, pictures and links (docs/protocol.md, "piece")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from rooms.protocol.names import ProtocolError, Wire

#: The longest line of text, in characters (UTF-16 units, as a page counts them), and how often it may be said anew.
LINE_LENGTH = 1000
REVISIONS = 100_000
#: The most pieces of one picture, and the most characters (base64) in each: no picture is over 2 MB.
PARTS = 64
PART_LENGTH = 45_000
LINK_LENGTH = 2000

_ID = re.compile(r"[0-9a-f]{16}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{4,}={0,2}")
# What an address may consist of (RFC 3986, 2.2 and 2.3); a page writes everything else in percent.
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


@dataclass(frozen=True)
class Piece:
    """One piece for one seat, or for all who take part where ``to`` is empty."""

    to: str
    id: str
    kind: str
    part: int
    parts: int
    data: Wire


@dataclass(frozen=True)
class Got:
    """To the seat that sent it: this piece has come."""

    to: str
    id: str
    part: int


def read_piece(raw: Wire) -> Piece:
    """``piece``. Raises :class:`ProtocolError`."""
    to, kind = raw.get("to"), raw.get("kind")
    reader = _DATA.get(kind) if isinstance(kind, str) else None
    data = raw.get("data")
    if reader is None or not isinstance(data, dict):
        raise ProtocolError("invalid")
    parts = _number(raw, "parts", 1, PARTS if kind == "picture" else 1)
    part = _number(raw, "part", 0, REVISIONS if kind == "text" else parts - 1)
    return Piece(
        to="" if to is None else _seat(to), id=_id(raw), kind=str(kind), part=part, parts=parts, data=reader(data)
    )


def read_got(raw: Wire) -> Got:
    """``got``. Raises :class:`ProtocolError`."""
    return Got(to=_seat(raw.get("to")), id=_id(raw), part=_number(raw, "part", 0, REVISIONS))


def _text(data: Wire) -> Wire:
    text, sent = data.get("text"), data.get("sent")
    if not isinstance(text, str) or not isinstance(sent, bool) or len(text.encode("utf-16-le")) > 2 * LINE_LENGTH:
        raise ProtocolError("invalid")
    return {"text": text, "sent": sent}


def _picture(data: Wire) -> Wire:
    if data.get("cancelled") is True:
        return {"cancelled": True}
    encoded = data.get("bytes")
    if not isinstance(encoded, str) or len(encoded) > PART_LENGTH or not _BASE64.fullmatch(encoded):
        raise ProtocolError("invalid")
    return {"bytes": encoded}


def _link(data: Wire) -> Wire:
    url = data.get("url")
    if not isinstance(url, str) or len(url) > LINK_LENGTH or not _ADDRESS.fullmatch(url):
        raise ProtocolError("invalid")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise ProtocolError("invalid") from None
    # With a name or password in front, an address shows another host than it leads to.
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        raise ProtocolError("invalid")
    return {"url": url}


_DATA: Mapping[str, Callable[[Wire], Wire]] = {"text": _text, "picture": _picture, "link": _link}


def _seat(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 12:
        raise ProtocolError("invalid")
    return value


def _id(raw: Wire) -> str:
    value = raw.get("id")
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ProtocolError("invalid")
    return value


def _number(raw: Wire, member: str, least: int, greatest: int) -> int:
    value = raw.get(member)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= greatest:
        raise ProtocolError("invalid")
    return value


def piece(*, sender: str, id: str, kind: str, part: int, parts: int, data: Wire) -> Wire:
    """A piece from another seat."""
    return {"type": "piece", "from": sender, "id": id, "kind": kind, "part": part, "parts": parts, "data": data}


def got(*, sender: str, id: str, part: int) -> Wire:
    """Another seat has got a piece of ours."""
    return {"type": "got", "from": sender, "id": id, "part": part}
