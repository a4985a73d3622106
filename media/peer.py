"""A participant's end of a server engine without a browser: for the probe, which really calls.

It answers the hub's offers (or makes the one that Janus asks for), connects by real ICE and DTLS, sends sound and
picture, and opens what comes. It is made of the relay's own lower parts, has neither Django nor a database, and takes
no media server's word for anything: a packet counts when it opens with the key of this connection and holds the mark
that the other end put into it.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from struct import Struct
from typing import Any

from media.engines.relay.aiortc_private import (
    RemoteParameters,
    Transport,
    make_certificate,
    protect,
    srtp_buffer,
    unprotect,
)
from media.engines.relay.forward import MOST_OCTETS, Pump
from media.engines.relay.sockets import Addresses, NoPortLeft, RelaySocket, open_sockets

SOUND, PICTURE = 111, 96
SEND_SECONDS = 0.02
MARK_OCTETS = 16
_HEADER = Struct(">BBHII")
# A VP8 payload descriptor that begins a frame, which is all that anybody on the way looks at.
_BEFORE_MARK = {SOUND: b"", PICTURE: b"\x10\x00"}
_CLOCK = {SOUND: 960, PICTURE: 1800}
_DROPPED = ("a=ice", "a=fingerprint", "a=candidate", "a=end-of", "a=ssrc", "a=msid", "a=setup", "a=group", "a=rtcp:")


class Peer:
    """Both connections of one seat. ``say`` takes what goes to the server (the ``data`` of a ``signal``).

    ``mark`` is put into every packet; ``wanted`` is the mark of the other end. The three events are set once both
    connections have found a way (``routed``), have their keys (``keyed``), and a packet of sound and one of picture
    have come (``heard``). ``failed`` has a word once something went wrong for good.
    """

    def __init__(self, say: Callable[[Mapping[str, Any]], None], *, mark: bytes, wanted: bytes) -> None:
        self.routed, self.keyed, self.heard = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.failed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._say = say
        self._mark, self._wanted = mark, wanted
        self._pump = Pump(asyncio.get_running_loop())
        self._certificate = make_certificate()
        self._legs: dict[str, _Leg] = {}
        self._epoch = -1
        self._tasks: set[asyncio.Task[None]] = set()
        self._came: set[int] = set()

    async def hear(self, word: Mapping[str, Any]) -> None:
        """The server's own words: ``data`` of a ``signal`` from ``media`` (docs/protocol.md)."""
        event, epoch = word.get("event"), int(word.get("epoch", -1))
        if epoch < self._epoch:
            return
        if event in {"offer", "make-offer"}:
            if epoch > self._epoch:
                await self._begin(epoch)
            try:
                await (self._answer(word) if event == "offer" else self._offer(word))
            except NoPortLeft:
                self._give_up("no_port")
        elif event == "answer" and word.get("leg") in self._legs:
            self._connect(self._legs[word["leg"]], str(word["sdp"]))
        elif event in {"lost", "failed"} and epoch == self._epoch:
            self._give_up(str(word.get("reason") or word.get("code") or event))

    async def close(self) -> None:
        """Say goodbye and close the sockets."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for leg in self._legs.values():
            await leg.transport.close()
        self._pump.close()
        self.failed.cancel()

    async def _begin(self, epoch: int) -> None:
        """Everything anew: the server has made new connections."""
        self._epoch = epoch
        for leg in self._legs.values():
            await leg.transport.close()
        self._legs.clear()

    async def _answer(self, word: Mapping[str, Any]) -> None:
        name, text = str(word["leg"]), str(word["sdp"])
        leg = self._legs.get(name)
        if leg is None:
            leg = self._legs[name] = _Leg(self._pump, self._certificate, _ways_to(text), leads=False)
        answer = await leg.answer_to(text)
        self._say(
            {"epoch": self._epoch, "answer": {"leg": name, "revision": word["revision"], "sdp": answer}},
        )
        self._connect(leg, text)

    async def _offer(self, word: Mapping[str, Any]) -> None:
        name = str(word["leg"])
        leg = self._legs[name] = _Leg(self._pump, self._certificate, _all_ways(), leads=True)
        text = await leg.offer()
        self._say({"epoch": self._epoch, "offer": {"leg": name, "revision": word["revision"], "sdp": text}})

    def _connect(self, leg: _Leg, text: str) -> None:
        if leg.connecting:
            return
        leg.connecting = True
        task = asyncio.get_running_loop().create_task(self._connected(leg, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connected(self, leg: _Leg, text: str) -> None:
        if not await leg.find_way(text):
            self._give_up("no_way")
            return
        leg.routed = True
        if self._all("routed"):
            self.routed.set()
        if not await leg.shake_hands():
            self._give_up("no_keys")
            return
        leg.keyed = True
        if leg is self._legs.get("subscribe"):
            leg.listen(self._take)
        if self._all("keyed"):
            self.keyed.set()
        if leg is self._legs.get("publish"):
            await self._speak(leg)

    def _all(self, what: str) -> bool:
        return {"publish", "subscribe"} <= set(self._legs) and all(getattr(leg, what) for leg in self._legs.values())

    async def _speak(self, leg: _Leg) -> None:
        """Send sound and picture until the end: a listener that comes late hears it too."""
        while True:
            for kind in (SOUND, PICTURE):
                leg.send(kind, _BEFORE_MARK[kind] + self._mark)
            await asyncio.sleep(SEND_SECONDS)

    def _take(self, kind: int, payload: bytes) -> None:
        if kind in _CLOCK and self._wanted in payload:
            self._came.add(kind)
            if len(self._came) == len(_CLOCK):
                self.heard.set()

    def _give_up(self, reason: str) -> None:
        if not self.failed.done():
            self.failed.set_result(reason)


class _Leg:
    """One connection: its sockets, and how far it has come."""

    def __init__(self, pump: Pump, certificate: Any, bind: Collection[str], *, leads: bool) -> None:
        self._pump = pump
        self._sockets = open_sockets(pump, Addresses(bind=tuple(bind)))
        self.transport = Transport(certificate, [(sock.endpoint, sock) for sock in self._sockets], leads=leads)
        for sock in self._sockets:
            sock.transport = self.transport
        self.connecting = self.routed = self.keyed = False
        self._ssrc = {SOUND: random.getrandbits(31) | 1, PICTURE: random.getrandbits(31) | 1}
        self._sent = dict.fromkeys(_CLOCK, random.getrandbits(14))
        self._chosen: RelaySocket | None = None
        self._memory = bytearray(2048)
        self._raw, self._length = srtp_buffer(self._memory)

    async def answer_to(self, offer: str) -> str:
        """An answer that takes everything as it is offered; where the server receives, sound and picture are sent."""
        own = await self._keys()
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        lines += [line for line in offer.splitlines() if line.startswith("a=group")]
        streams = [self._ssrc[SOUND], self._ssrc[PICTURE]]
        for section in re.split(r"^(?=m=)", offer, flags=re.MULTILINE)[1:]:
            for line in section.splitlines():
                if line == "a=recvonly":
                    lines += ["a=sendonly", f"a=ssrc:{streams.pop(0)} cname:{_NAME}"] if streams else ["a=inactive"]
                elif not line.startswith(_DROPPED):
                    lines.append("a=recvonly" if line == "a=sendonly" else line)
            lines += [*own, "a=setup:active"]
        return "\r\n".join(lines) + "\r\n"

    async def offer(self) -> str:
        """An offer to send sound and picture, for Janus, which wants one; a screen is not shared."""
        own = await self._keys()
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
        for number, (kind, media, codec) in enumerate(
            ((SOUND, "audio", "opus/48000/2"), (PICTURE, "video", "VP8/90000"))
        ):
            lines += [f"m={media} 9 UDP/TLS/RTP/SAVPF {kind}", "c=IN IP4 0.0.0.0", f"a=mid:{number}"]
            lines += [f"a=rtpmap:{kind} {codec}", f"a=ssrc:{self._ssrc[kind]} cname:{_NAME}"]
            lines += ["a=sendonly", "a=rtcp-mux", "a=setup:actpass", *own]
        return "\r\n".join(lines) + "\r\n"

    async def find_way(self, text: str) -> bool:
        """ICE with the side that ``text`` describes."""
        remote, candidates = _description(text)
        for line in candidates:
            await self.transport.add_candidate(line)
        return await self.transport.connect(remote)

    async def shake_hands(self) -> bool:
        """DTLS; from then on one address is spoken to."""
        if not await self.transport.handshake():
            return False
        nominated = self.transport.nominated()
        if nominated is None:
            return False
        self._chosen = next(sock for sock in self._sockets if sock.endpoint is nominated[0])
        self._chosen.connect(nominated[1])
        return True

    def send(self, kind: int, payload: bytes) -> None:
        """One packet of sound or picture, sealed."""
        if self._chosen is None:
            return
        number = self._sent[kind] = self._sent[kind] + 1
        memory = self._memory
        moment = number * _CLOCK[kind] & 0xFFFFFFFF
        # Each picture is a packet of its own: the marker bit ends it.
        second = kind | (0x80 if kind == PICTURE else 0)
        _HEADER.pack_into(memory, 0, 0x80, second, number & 0xFFFF, moment, self._ssrc[kind])
        memory[_HEADER.size : _HEADER.size + len(payload)] = payload
        self._length[0] = _HEADER.size + len(payload)
        if protect(self.transport.keys()[1], self._raw, self._length) == 0:
            # A full buffer or a server that has gone: the next packet shows it.
            with suppress(OSError):
                self._chosen.sock.send(memory[: self._length[0]])

    def listen(self, take: Callable[[int, bytes], None]) -> None:
        """Give ``take`` the payload type and the payload of each packet that opens."""
        chosen = self._chosen
        if chosen is None:
            return
        memory = bytearray(2048)
        raw, length = srtp_buffer(memory)
        keys = self.transport.keys()[0]

        def readable() -> None:
            try:
                data = chosen.sock.recv(MOST_OCTETS)
            except OSError:
                return
            if len(data) < _HEADER.size or data[0] < 128:
                chosen.control(data)
                return
            if 191 < data[1] < 224:
                return
            memory[: len(data)] = data
            length[0] = len(data)
            if unprotect(keys, raw, length) == 0:
                take(memory[1] & 0x7F, bytes(memory[_HEADER.size : length[0]]))

        self._pump.forget(chosen.fd)
        self._pump.watch(chosen.fd, readable)

    async def _keys(self) -> list[str]:
        local = await self.transport.gather()
        return [
            f"a=ice-ufrag:{local.username}",
            f"a=ice-pwd:{local.password}",
            f"a=fingerprint:sha-256 {local.fingerprint}",
            *(f"a=candidate:{line}" for line in local.candidates),
        ]


_NAME = "vdx"


def _description(text: str) -> tuple[RemoteParameters, list[str]]:
    """Keys and candidates of an offer or an answer."""

    def first(name: str) -> str:
        found = re.search(rf"^a={name}:(.*?)\r?$", text, re.MULTILINE)
        return found[1].strip() if found else ""

    algorithm, _, digest = first("fingerprint").partition(" ")
    remote = RemoteParameters(
        first("ice-ufrag"), first("ice-pwd"), ((algorithm.lower(), digest),), first("setup") == "active"
    )
    return remote, re.findall(r"^a=candidate:(.*?)\r?$", text, re.MULTILINE)


def _ways_to(offer: str) -> list[str]:
    """This machine's addresses by which the candidates of an offer are reached, as the system itself would choose."""
    found: dict[str, None] = {}
    for line in _description(offer)[1]:
        words = line.split()
        if len(words) < 6 or words[4].endswith(".local"):
            continue
        family = socket.AF_INET6 if ":" in words[4] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as way, suppress(OSError):
            # Nothing is sent by this: the system only looks up the way.
            way.connect((words[4], int(words[5])))
            found[way.getsockname()[0]] = None
    return list(found) or ["127.0.0.1"]


def _all_ways() -> list[str]:
    return [*Addresses().all(), *([] if "127.0.0.1" in Addresses().all() else ["127.0.0.1"])]
