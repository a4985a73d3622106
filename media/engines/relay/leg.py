"""One peer connection between a browser and the relay, from the offer to the silence.

A participant has two: on one the browser publishes, on the other it listens. A leg knows nothing of rooms: it makes
offers from the sections it is given, takes answers, connects, and says once that it is up and once that it is gone.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from aiortc import RTCCertificate

from media.engines.relay.aiortc_private import LocalParameters, Transport
from media.engines.relay.following import Following
from media.engines.relay.forward import Pump
from media.engines.relay.sdp import Answer, BadAnswer, Section, build_offer, read_answer
from media.engines.relay.sockets import Addresses, RelaySocket, open_sockets
from media.engines.relay.streams import Port

logger = logging.getLogger(__name__)

Side = Literal["publish", "subscribe"]
#: Why a leg is gone: closed by the browser, silent, never connected, or its answer could not be used.
Reason = Literal["closed", "silent", "unreachable", "refused"]

#: Seconds that a browser has for its answer, for ICE, and for the DTLS handshake.
ANSWER_SECONDS, ICE_SECONDS, HANDSHAKE_SECONDS = 20.0, 20.0, 10.0
#: Seconds that a handshake may hold one of the worker's places; a good one takes two ways there and back. Whose
#: datagrams are lost goes on without: what it costs then is some 3 ms, once, and nobody waits for it.
PLACE_SECONDS = 1.0
#: Looks without a datagram of the browser's, after which it has vanished. Browsers send at least every 2.5 seconds,
#: and after the first silent look the relay asks.
SILENT_LOOKS = 4
#: Such looks after which it is also sought where its checks have come from.
UNSURE_LOOKS = 2


@dataclass
class Workshop:
    """What every leg of a worker shares. ``handshakes`` keeps many newcomers from holding up those who talk."""

    pump: Pump
    addresses: Addresses
    certificate: RTCCertificate
    handshakes: asyncio.Semaphore


def _nobody(*news: object) -> None:
    """Who closes a leg is told no more of it."""


class Leg:
    """One connection. ``on_up`` and ``on_gone`` are each called at most once; ``on_moved`` when its browser
    goes on from another address, with the host of that.
    """

    def __init__(
        self,
        workshop: Workshop,
        side: Side,
        *,
        on_up: Callable[[Leg], None],
        on_gone: Callable[[Leg, Reason], None],
        on_moved: Callable[[Leg, str], None],
    ) -> None:
        self.side = side
        self.port: Port | None = None
        self.answered: Answer | None = None
        self.revision = 0
        self.awaiting = False
        self._workshop = workshop
        self._on_up, self._on_gone, self._on_moved = on_up, on_gone, on_moved
        self._session = random.getrandbits(62)
        self._sockets: list[RelaySocket] = open_sockets(workshop.pump, workshop.addresses)
        self._transport = Transport(workshop.certificate, [(sock.endpoint, sock) for sock in self._sockets])
        for sock in self._sockets:
            sock.transport = self._transport
        self._local: LocalParameters | None = None
        self._sections = 0
        self._connecting: asyncio.Task[None] | None = None
        self._following: Following | None = None
        self._offered_at = 0.0
        #: Looks in a row without a datagram of the browser's.
        self.silent = 0
        self.gone = False

    # --- Offer and answer ----------------------------------------------------------------------------------

    async def open(self) -> None:
        """Make ready for the first offer."""
        self._local = await self._transport.gather()

    def offer(self, sections: Sequence[Section]) -> str:
        """A new offer. The leg must be open, and the offer before answered."""
        if self._local is None or self.awaiting:
            raise RuntimeError("a leg makes one offer at a time, once it is open")
        self.revision += 1
        self.awaiting = True
        self._sections = len(sections)
        self._offered_at = monotonic()
        return build_offer(session=self._session, revision=self.revision, local=self._local, sections=sections)

    async def answer(self, revision: int, text: str) -> bool:
        """Take the answer to offer ``revision``. False where it belongs to another one, or cannot be used.

        The addresses that it names are passed over: a guest could name any address inside, and the relay would send
        checks there. It need not know them. Browsers reach it, not the other way round, and where a check with the
        right password comes from (RFC 8445 section 7.3.1.3), there the browser is.
        """
        if self.gone or not self.awaiting or revision != self.revision:
            return False
        try:
            answer = read_answer(text)
        except BadAnswer as error:
            logger.warning("an answer could not be used: %s", error)
            self._end("refused")
            return False
        if len(answer.sections) != self._sections or not self._transport.check_remote(answer.remote):
            logger.warning("an answer does not fit its offer")
            self._end("refused")
            return False
        self.awaiting = False
        self.answered = answer
        if self._connecting is None:
            self._connecting = asyncio.get_running_loop().create_task(self._connect(answer))
            self._connecting.add_done_callback(self._connected)
        return True

    # --- Connecting ----------------------------------------------------------------------------------------

    async def _connect(self, answer: Answer) -> None:
        try:
            async with asyncio.timeout(ICE_SECONDS):
                connected = await self._transport.connect(answer.remote)
            if connected:
                connected = await self._shake_hands()
        except TimeoutError:
            connected = False
        if self.gone:
            return
        nominated = self._transport.nominated() if connected else None
        if nominated is None:
            self._end("unreachable")
            return
        endpoint, address = nominated
        chosen = next(sock for sock in self._sockets if sock.endpoint is endpoint)
        chosen.connect(address)
        port = Port(self._workshop.pump, chosen.sock, self._transport.keys())
        port.control = chosen.control
        self.port = port
        self._transport.on_closed(lambda: self._end("closed"))
        self._on_up(self)
        # Only now: whoever hears that the leg is up has said what to do with its packets.
        self._workshop.pump.forward(chosen.fd, port)
        self._following = Following(
            self._workshop.pump,
            self._transport,
            self._sockets,
            port,
            (chosen, address),
            lambda host: self._on_moved(self, host),
        )

    async def _shake_hands(self) -> bool:
        """DTLS. Raises TimeoutError."""
        async with self._workshop.handshakes:
            shaking = asyncio.get_running_loop().create_task(self._transport.handshake())
            try:
                await asyncio.wait([shaking], timeout=PLACE_SECONDS)
            except asyncio.CancelledError:
                shaking.cancel()
                raise
        async with asyncio.timeout(HANDSHAKE_SECONDS - PLACE_SECONDS):
            return await shaking

    def _connected(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            logger.error("a leg could not connect", exc_info=task.exception())
            self._end("unreachable")

    # --- The end -------------------------------------------------------------------------------------------

    def look(self) -> None:
        """About once a second: has the browser vanished, or never come?"""
        if self.gone:
            return
        if self.awaiting and monotonic() - self._offered_at > ANSWER_SECONDS:
            self._end("unreachable")
        elif self.port is not None:
            self.silent = 0 if self.port.heard else self.silent + 1
            self.port.heard = False
            if self.silent >= SILENT_LOOKS:
                self._end("silent")
            elif self.silent:
                self._transport.probe()
                if self.silent >= UNSURE_LOOKS:
                    self.doubt()

    def doubt(self, host: str = "") -> None:
        """The browser may have gone to another address (of ``host``, if that is known), and not told by a packet."""
        if self._following is not None:
            self._following.doubt(host)

    def _end(self, reason: Reason) -> None:
        if not self.gone:
            self.gone = True
            self._on_gone(self, reason)

    async def close(self) -> None:
        """Take the leg down; ``on_gone`` is not called for it."""
        self.gone = True
        if self._connecting is not None and not self._connecting.done():
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        if self._following is not None:
            await self._following.close()
        await self._transport.close()
        for sock in self._sockets:
            sock.close()
        self._sockets.clear()
        if self.port is not None:
            self.port.close()
        self.port = self._following = self._connecting = None
        self._on_up = self._on_gone = self._on_moved = _nobody
