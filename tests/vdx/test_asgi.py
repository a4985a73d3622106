"""Sockets come in by our own host name, from our own pages, or not at all."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.accounts import UserFactory
from vdx.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)

OURS = "http://localhost:8000"


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


def test_a_socket_looks_up_no_login_it_has_no_use_for(client: Client) -> None:
    client.force_login(UserFactory())
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    headers = (b"host", b"localhost:8000"), (b"origin", OURS.encode()), (b"cookie", cookie)
    with CaptureQueriesContext(connection) as queries:
        async_to_sync(is_let_in)("/m/7k3m9p2qx4rt/ws", *headers)
    assert not [query for query in queries if "session" in query["sql"] or "accounts_user" in query["sql"]]
