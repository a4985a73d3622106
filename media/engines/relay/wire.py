"""What web processes and relay workers say to each other: one JSON object a line, over a local socket.

The worker speaks first: ``{"event": "hello", "version": 1, "boot": …, "nonce": …}``. The other side answers with
``{"do": "hello", "proof": HMAC-SHA256(secret, nonce)}`` and may then say:

=============  ==================================================================================================
``join``       ``room seat epoch resume``: take this participant in, or connect it anew when ``epoch`` is greater;
               with ``resume`` only take over what lives on under this epoch, and say ``lost`` where nothing does
``answer``     ``room seat epoch leg revision sdp``: the browser's answer to an offer
``want``       ``room seat epoch sources``: what it wants of the others: ``{seat: ["microphone", …]}``
``leave``      ``room seat epoch``
``release``    ``room seat epoch``: this web process speaks for it no longer; it stays half a minute for another one
``close``      ``room``: everybody leaves
=============  ==================================================================================================

The worker says ``offer`` (``leg revision sdp tracks``), ``up`` (``leg``), ``lost`` (``leg reason``), ``away``
(``who away``: another participant's connections were lost, or are back), ``wanted`` (``sources``: what anybody wants
of this one), ``poor`` (this one's line does not carry pictures) and ``failed`` (``code``), each with ``room seat
epoch``; and, to everybody who is connected, ``load`` (``rooms participants packets``) every two seconds and
``stopping``. What carries an epoch that is no longer the participant's own is passed over in silence: it comes late.

Epochs are whole numbers that only grow, as long as a seat lives; the web side draws them from the clock.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

VERSION = 1
#: A line holds at most one description.
MOST_OCTETS = 200_000

Message = dict[str, Any]


class BadMessage(ValueError):
    """A line that is no message, or lacks a member. Says which, and quotes nothing."""


def dump(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def load(line: bytes) -> Message:
    """Read one line. Raises :class:`BadMessage`."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise BadMessage("no JSON") from None
    if not isinstance(message, dict):
        raise BadMessage("no object")
    return message


def text(message: Message, name: str, most: int = 200) -> str:
    """A member that must be a text of 1 to ``most`` characters."""
    value = message.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise BadMessage(name)
    return value


def number(message: Message, name: str) -> int:
    """A member that must be a whole number, not below zero."""
    value = message.get(name)
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise BadMessage(name)
    return value


def prove(secret: str, nonce: str) -> str:
    """The proof that one knows the secret that web processes and workers share."""
    return hmac.new(secret.encode(), nonce.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker listens: a path of this machine, or a host and a port."""

    path: str = ""
    host: str = ""
    port: int = 0


def place(url: str) -> Place:
    """Read ``unix:///PATH`` or ``tcp://HOST:PORT``. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path:
        return Place(path=parts.path)
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return Place(host=parts.hostname, port=parts.port)
    raise ValueError("a relay's address is unix:///PATH or tcp://HOST:PORT")
