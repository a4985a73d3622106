"""How sound and picture travel, behind one interface.

An engine is told which devices take part and gives each what its browser needs. Two are at work in a hub: the direct
one, for two devices whose template allows it, and the server engine that ``VDX_MEDIA_ENGINE`` names, for all the rest;
``media.services`` chooses (docs/decisions/0009). What crosses this seam is a frozen dataclass. To add an engine: a
module in ``media/engines/``, a line in ``media/services.py``, the setting's pattern in ``vdx/settings.py``, a module
under ``static/js/call/engines/``, a section of docs/protocol.md, and a line in ``tests/media/test_engine_contract.py``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypedDict
from uuid import UUID

#: The seat key that means the media server itself; people's keys have twelve characters.
SERVER = "media"


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
    """What a device's browser needs to take part. The servers are good until ``expires_at``; None: for ever.

    ``ice_transport_policy``: ``all``, or ``relay`` for TURN alone. ``moved``: this join has put the room on the engine,
    so that those who are in it already must be told.
    """

    engine: str
    ice_servers: tuple[IceServer, ...]
    expires_at: datetime | None
    ice_transport_policy: str = "all"
    moved: bool = False


class Engine(Protocol):
    """What every engine does. No state that another web process would need is kept in it."""

    @property
    def name(self) -> str:
        """The word on the wire."""

    async def join(self, device: Device, *, now: datetime) -> Ticket:
        """Take a device in. Again for the same device: a fresh ticket, and nothing else changes.

        Raises :class:`media.errors.NoMediaServer` when no server answers, within a few seconds.
        """

    async def signal(self, sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
        """A browser's word to another, or to the engine's server (:data:`SERVER`).

        True: pass it on unread. False: the engine took or refused it.
        """

    def events(self, device: Device, *, epoch: int | None = None) -> AsyncIterator[Mapping[str, Any]]:
        """What the engine itself says to the device's browser, for as long as the device takes part.

        An engine that connects browsers to a server offers connections here; each call connects the device anew and
        ends the iteration of the one before. With ``epoch`` the browser says that its connections of that epoch live
        on: they are taken over undisturbed, or said to be ``lost`` where the server knows them no longer. When the
        caller stops iterating, they live on for half a minute, for whoever takes them over. The iteration ends by
        itself after :meth:`leave`, when another has taken over, or when the caller reads too slowly. An engine that
        only passes signals on has nothing to say, and ends at once.

        Raises :class:`media.errors.NoMediaServer`.
        """

    async def leave(self, device: Device) -> None:
        """The device has left: its connections end at once. Unknown or gone already: nothing."""

    async def end(self, room: UUID) -> None:
        """The room is over: everybody's connections end at once, also of those whose sockets are away."""

    async def close(self) -> None:
        """The process ends: let go of what the engine holds. Connections through a server may go on without us."""
