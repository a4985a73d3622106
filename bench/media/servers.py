"""How the generator gets its calls from either server: the same two peers a call, two connections each."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection, connect

from bench.media.peers import Connection, Load
from media.engines.relay import wire
from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses
from media.epochs import epochs

#: Calls that are set up at the same time.
AT_ONCE = 4
PATIENCE = 30.0


class Server(Protocol):
    """What the generator needs of a server."""

    async def start(self) -> None: ...
    async def call(self, number: int) -> None: ...
    async def stop(self) -> None: ...


class Peers:
    """What both servers share: where sockets are made, and what is measured."""

    def __init__(self, pump: Pump, addresses: Addresses, load: Load) -> None:
        self.pump = pump
        self.addresses = addresses
        self.load = load
        self.kept: list[Connection] = []

    def connection(self, *, leads: bool) -> Connection:
        made = Connection(self.pump, self.addresses, self.load.certificate, leads=leads)
        self.kept.append(made)
        return made


class RelayServer:
    """Our workers, spoken to as a web process does; with several, they get the calls in turn."""

    def __init__(self, peers: Peers, urls: Sequence[str], secret: str) -> None:
        self._peers = peers
        self._clients = [RelayClient(url, secret, self._event) for url in urls]
        self._seats: dict[tuple[str, str], asyncio.Queue[wire.Message]] = {}

    async def start(self) -> None:
        for client in self._clients:
            client.start()
            await asyncio.wait_for(client.connected.wait(), PATIENCE)

    def _event(self, message: wire.Message) -> None:
        queue = self._seats.get((message["room"], message["seat"]))
        if queue is not None:
            queue.put_nowait(message)

    async def call(self, number: int) -> None:
        room = f"bench{number}"
        client = self._clients[number % len(self._clients)]
        await asyncio.gather(self._peer(client, room, "a"), self._peer(client, room, "b"))

    async def _peer(self, client: RelayClient, room: str, seat: str) -> None:
        queue = self._seats[room, seat] = asyncio.Queue()
        epoch = epochs.next()
        client.join(room, seat, epoch)
        connections: dict[str, Connection] = {}
        connecting: dict[str, asyncio.Task[None]] = {}
        ready: set[str] = set()
        tracks: dict[str, Any] = {}
        while len(ready) < 2 or not tracks:
            message = await asyncio.wait_for(queue.get(), PATIENCE)
            if message["event"] == "up":
                ready.add(message["leg"])
            elif message["event"] == "offer":
                leg = message["leg"]
                connection = connections.setdefault(leg, self._peers.connection(leads=False))
                answer = await connection.answer_to(message["sdp"])
                members = {"leg": leg, "revision": message["revision"], "sdp": answer}
                client.say("answer", room, seat, epoch, **members)
                if leg not in connecting:
                    connecting[leg] = asyncio.create_task(connection.connect(message["sdp"]))
                if leg == "subscribe":
                    tracks = message["tracks"]
        await asyncio.gather(*connecting.values())
        self._peers.load.add_publisher(connections["publish"])
        self._peers.load.add_listener(connections["subscribe"])

    async def stop(self) -> None:
        for client in self._clients:
            await client.stop()


class JanusServer:
    """Janus' VideoRoom over its websocket: a room a call, a handle a connection."""

    def __init__(self, peers: Peers, url: str) -> None:
        self._peers = peers
        self._url = url
        self._socket: ClientConnection | None = None
        self._session = 0
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._up: dict[int, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        for _ in range(100):
            try:
                self._socket = await connect(self._url, subprotocols=["janus-protocol"], max_size=None)  # type: ignore[list-item]
                break
            except OSError:
                await asyncio.sleep(0.1)
        else:
            raise ConnectionError("Janus does not answer")
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_alive())]
        self._session = (await self._ask({"janus": "create"}))["data"]["id"]

    async def _listen(self) -> None:
        if self._socket is None:
            return
        async for text in self._socket:
            message = json.loads(text)
            if message.get("janus") == "webrtcup":
                self._up[message["sender"]].set()
            waiting = self._replies.get(message.get("transaction", ""))
            if waiting is not None and message["janus"] != "ack" and not waiting.done():
                waiting.set_result(message)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(20)
            await self._ask({"janus": "keepalive"}, wait=False)

    async def _ask(self, message: dict[str, Any], *, wait: bool = True) -> dict[str, Any]:
        if self._socket is None:
            raise ConnectionError("not started")
        transaction = secrets.token_hex(8)
        message["transaction"] = transaction
        if self._session:
            message["session_id"] = self._session
        reply = self._replies[transaction] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps(message))
        if not wait:
            return {}
        try:
            answer: dict[str, Any] = await asyncio.wait_for(reply, PATIENCE)
        finally:
            del self._replies[transaction]
        if answer["janus"] == "error" or answer.get("plugindata", {}).get("data", {}).get("error"):
            raise ConnectionError(f"Janus refused: {answer}")
        return answer

    async def _attach(self) -> int:
        handle = int((await self._ask({"janus": "attach", "plugin": "janus.plugin.videoroom"}))["data"]["id"])
        self._up[handle] = asyncio.Event()
        return handle

    async def _say(self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        message: dict[str, Any] = {"janus": "message", "handle_id": handle, "body": body}
        if jsep is not None:
            message["jsep"] = jsep
        return await self._ask(message)

    async def call(self, number: int) -> None:
        room = number + 1
        first = await self._attach()
        await self._say(
            first,
            {
                "request": "create",
                "room": room,
                "publishers": 2,
                "bitrate": 0,
                "audiocodec": "opus",
                "videocodec": "vp8",
                "transport_wide_cc_ext": False,
                "audiolevel_ext": True,
            },
        )
        second = await self._attach()
        feeds = await asyncio.gather(self._publish(first, room), self._publish(second, room))
        await asyncio.gather(self._subscribe(room, feeds[1]), self._subscribe(room, feeds[0]))

    async def _publish(self, handle: int, room: int) -> int:
        joined = await self._say(handle, {"request": "join", "ptype": "publisher", "room": room})
        connection = self._peers.connection(leads=True)
        answer = await self._say(handle, {"request": "publish"}, {"type": "offer", "sdp": await connection.offer()})
        await connection.connect(answer["jsep"]["sdp"])
        await asyncio.wait_for(self._up[handle].wait(), PATIENCE)
        self._peers.load.add_publisher(connection)
        return int(joined["plugindata"]["data"]["id"])

    async def _subscribe(self, room: int, feed: int) -> None:
        handle = await self._attach()
        offered = await self._say(
            handle, {"request": "join", "ptype": "subscriber", "room": room, "streams": [{"feed": feed}]}
        )
        connection = self._peers.connection(leads=False)
        offer = offered["jsep"]["sdp"]
        answer = await connection.answer_to(offer)
        starting = asyncio.create_task(connection.connect(offer))
        await self._say(handle, {"request": "start"}, {"type": "answer", "sdp": answer})
        await starting
        await asyncio.wait_for(self._up[handle].wait(), PATIENCE)
        self._peers.load.add_listener(connection)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            await self._socket.close()


async def set_up(server: Server, calls: int) -> None:
    """All calls, a few at a time."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, call: Callable[[int], Awaitable[None]]) -> None:
        async with places:
            await call(number)

    await asyncio.gather(*(one(number, server.call) for number in range(calls)))
