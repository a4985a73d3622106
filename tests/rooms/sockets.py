"""Browsers' pages over real sockets, in one process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator

from rooms import services
from rooms.enums import DeviceKind
from rooms.models import Room
from tests.factories.accounts import MembershipFactory
from vdx.asgi import application
from vdx.lib import clock

ORIGIN = b"http://localhost:8000"


class Page:
    """A browser's page: its socket, and what it has been told."""

    def __init__(self, room: Room, token: str, *, instance: str = "", origin: bytes = ORIGIN, code: str = "") -> None:
        self.instance = instance or uuid4().hex
        self.token = token
        self.socket = WebsocketCommunicator(
            application,
            f"/m/{code or room.short_id}/ws",
            headers=[(b"origin", origin), (b"host", b"localhost"), (b"cookie", f"vdx_seat={token}".encode())],
            subprotocols=["vdx.1"],
        )

    async def open(self) -> bool:
        accepted, _ = await self.socket.connect(timeout=5)
        return bool(accepted)

    async def hello(self, name: str | None = None, *, resumed: bool = False) -> dict[str, Any]:
        assert await self.open()
        await self.say("hello", version=1, instance=self.instance, name=name, resumed=resumed)
        return await self.until("welcome")

    async def say(self, kind: str, /, **members: Any) -> None:
        await self.socket.send_json_to({"type": kind, **members})

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = await self.socket.receive_json_from(timeout=5)
        return message

    async def until(self, kind: str, where: Callable[[dict[str, Any]], bool] = lambda message: True) -> dict[str, Any]:
        """The next message of a kind; others are passed over."""
        while True:
            message = await self.hear()
            if message["type"] == kind and where(message):
                return message

    async def closed_with(self) -> int:
        while True:
            output = await self.socket.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                return int(output["code"])

    async def hears_nothing(self) -> bool:
        return bool(await self.socket.receive_nothing(timeout=0.2))

    async def go(self) -> None:
        """The socket breaks."""
        with contextlib.suppress(asyncio.CancelledError):
            await self.socket.disconnect(timeout=5)


def host_of(room: Room) -> str:
    doctor = MembershipFactory(organisation=room.organisation, user__name="Lise Holm").user
    _, token = services.take_host_seat(room_id=room.pk, user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now())
    return token


def guest_of(room: Room) -> str:
    return services.knock(room_id=room.pk, token=None, device_kind=DeviceKind.BROWSER, now=clock.now())[1]


db = database_sync_to_async
