"""Sockets come in by our own host name, from our own pages, or not at all."""

from __future__ import annotations

import pytest
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from channels.testing import WebsocketCommunicator

from vdx.asgi import SocketDoor, application

pytestmark = pytest.mark.django_db(transaction=True)

OURS = "http://localhost:8000"


class Echo(AsyncJsonWebsocketConsumer):
    """Says whose address it was given."""

    async def connect(self) -> None:
        await self.accept()
        await self.send_json(self.scope["client_address"])


async def is_let_in(path: str, *headers: tuple[bytes, bytes]) -> bool:
    socket = WebsocketCommunicator(application, path, headers=list(headers))
    connected, _ = await socket.connect()
    await socket.disconnect()
    return connected


async def test_a_socket_that_leads_nowhere_is_refused_quietly() -> None:
    assert not await is_let_in("/nowhere", (b"host", b"localhost:8000"), (b"origin", OURS.encode()))


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (b"localhost:8000", b"https://evil.example"),
        (b"localhost:8000", b"http://localhost:8001"),
        (b"localhost:8000", b""),
        (b"evil.example", OURS.encode()),
        (b"", OURS.encode()),
    ],
)
async def test_strangers_are_refused_before_anything_is_looked_up(host: bytes, origin: bytes) -> None:
    headers = [(name, value) for name, value in ((b"host", host), (b"origin", origin)) if value]
    assert not await is_let_in("/m/7k3m9p2qx4rt/ws", *headers)


@pytest.mark.parametrize(
    ("trusted", "address"), [([], "203.0.113.5"), (["203.0.113.0/24"], "198.51.100.7")], ids=["direct", "by a proxy"]
)
async def test_the_clients_address_is_found_as_for_pages(settings, trusted: list[str], address: str) -> None:
    settings.VDX_TRUSTED_PROXIES = trusted
    door = ProtocolTypeRouter({"websocket": SocketDoor(Echo.as_asgi())})
    socket = WebsocketCommunicator(
        door, "/", headers=[(b"host", b"localhost:8000"), (b"x-forwarded-for", b"198.51.100.7")]
    )
    socket.scope["client"] = ("203.0.113.5", 50000)
    assert (await socket.connect())[0]
    assert await socket.receive_json_from() == address
    await socket.disconnect()
