"""How sound and picture travel, behind one interface.

An engine is told which devices take part and gives each what its browser needs; ``media.services.engine`` chooses the
one that ``VDX_MEDIA_ENGINE`` names. What crosses this seam is a frozen dataclass. To add an engine: a module in
``media/engines/``, a line in ``media/services.py``, the setting's pattern in ``vdx/settings.py``, a module under
``static/js/call/engines/``, a section of docs/protocol.md, and a line in ``tests/media/test_engine_contract.py``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypedDict
from uuid import UUID


class RTCIceServer(TypedDict, total=False):
    """What a browser's RTCPeerConnection takes (W3C WebRTC 1.0, section 4.2.4)."""

    urls: list[str]
    username: str
    credential: str


@dataclass(frozen=True)
class Device:
    """A seat that takes part in a room."""

    room: UUID
    seat: str


@dataclass(frozen=True)
class IceServer:
    """A STUN or TURN server; TURN comes with credentials."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = ""

    def for_browser(self) -> RTCIceServer:
        """As the browser takes it."""
        server: RTCIceServer = {"urls": list(self.urls)}
        if self.username:
            server["username"], server["credential"] = self.username, self.credential
        return server


@dataclass(frozen=True)
class Ticket:
    """What a device's browser needs to take part. The servers are good until ``expires_at``; None: for ever."""

    engine: str
    ice_servers: tuple[IceServer, ...]
    expires_at: datetime | None


class Engine(Protocol):
    """What every engine does. No state that another web process would need is kept in it."""

    @property
    def name(self) -> str:
        """The word on the wire."""

    async def join(self, device: Device, *, now: datetime) -> Ticket:
        """Take a device in. Again for the same device: a fresh ticket, and nothing else changes."""

    async def signal(self, sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
        """A browser's word to another. True: pass it on unread. False: the engine took or refused it."""

    def events(self, device: Device) -> AsyncIterator[Mapping[str, Any]]:
        """What the engine itself says to the device's browser, for as long as the device takes part.

        An engine that connects browsers to itself offers connections here; each call connects the device anew and
        ends the iteration of the one before. An engine that only passes signals on has nothing to say, and ends.
        """

    async def leave(self, device: Device) -> None:
        """The device's connection has gone. Unknown or gone already: nothing."""
