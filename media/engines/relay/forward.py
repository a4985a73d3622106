"""The forwarding path: read a datagram, open it, change three numbers, seal it for each who listens, send.

Two ways of the operating system's making decide the shape of this module:

*One ear for all sockets.* The pump has an epoll of its own; the event loop watches that one. While packets come, the
pump does not wait for each of them but looks every ``TICK``, so that one waking serves many packets. At most that much
time is added to a packet's way.

*Turns.* Of every socket with something to read, one datagram is taken a turn, and there are at most ``TURNS`` turns a
look. A flood at one port fills that port's own buffer in the kernel and takes nobody else's turn.

Everything happens in one thread (libsrtp's sessions know no locks) and in one buffer. A datagram from a stranger costs
a dictionary lookup; libsrtp refuses what is forged, cut short or sent twice, before anything of ours changes.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable

from media.engines.relay import rtp
from media.engines.relay.aiortc_private import protect, protect_rtcp, srtp_buffer, unprotect, unprotect_rtcp
from media.engines.relay.allowance import Allowance
from media.engines.relay.streams import RING, SAMPLED, Copy, Port, Stream, nobody

#: Seconds between two looks while packets come.
TICK = 0.002
#: Looks without a packet after which the pump waits for the kernel to wake it.
IDLE_LOOKS = 8
#: Datagrams taken from one socket in one look.
TURNS = 32
#: Datagrams a second, and at once, that all legs together may hear from elsewhere than their browsers' addresses: at
#: the worst, when all are checks, a twentieth of a core.
ELSEWHERE_RATE, ELSEWHERE_BURST = 1000.0, 4000.0
#: Seconds that a socket rests which has had more datagrams than it may.
REST_SECONDS = 0.1
#: The greatest datagram; longer ones are cut by the kernel and then refused by libsrtp.
MOST_OCTETS = 1500
#: Streams of which a leg may send reports or sound and picture. libsrtp keeps something for each.
MOST_STREAMS = 16


def _nothing() -> None:
    """Nobody asks for packets."""


class Pump:
    """All sockets of a worker."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._epoll = select.epoll()
        self._ports: dict[int, Port] = {}
        self._others: dict[int, Callable[[], None]] = {}
        self._resting: set[int] = set()
        #: What may be heard from elsewhere (following.py).
        self.elsewhere = Allowance(ELSEWHERE_RATE, ELSEWHERE_BURST)
        self._memory = bytearray(2048)
        self._view = memoryview(self._memory)
        # A view of every length, since to make one costs as much as to rewrite a packet.
        self._views = [self._view[:octets] for octets in range(len(self._memory) + 1)]
        self._raw, self._length = srtp_buffer(self._memory)
        self._spare = bytearray(2048)
        self._spare_view = memoryview(self._spare)
        self._spare_raw, self._spare_length = srtp_buffer(self._spare)
        self._idle = 0
        self._timer: asyncio.TimerHandle | None = None
        #: Streams with new packets to ask for.
        self.gaps: set[Stream] = set()
        #: Called when there are gaps.
        self.wants_packets: Callable[[], None] = _nothing
        #: Called with a stream of which a whole picture is needed.
        self.wants_picture: Callable[[Stream], None] = nobody
        self.closed = False
        #: How often it has looked for packets.
        self.looks = 0
        loop.add_reader(self._epoll.fileno(), self._wake)

    # --- Sockets -------------------------------------------------------------------------------------------

    def watch(self, fd: int, readable: Callable[[], None]) -> None:
        """Call ``readable`` for every datagram of a socket that is not connected yet."""
        self._others[fd] = readable
        self._epoll.register(fd, select.EPOLLIN)

    def forward(self, fd: int, port: Port) -> None:
        """From now on a socket belongs to the fast path, watched before or not."""
        if fd in self._resting or (self._others.pop(fd, None) is None and fd not in self._ports):
            self._resting.discard(fd)
            self._epoll.register(fd, select.EPOLLIN)
        self._ports[fd] = port

    def rest(self, fd: int) -> None:
        """Leave a socket of the fast path unread for a little: what comes waits in the kernel, or is lost there."""
        if fd in self._ports and fd not in self._resting:
            self._epoll.unregister(fd)
            self._resting.add(fd)
            self._loop.call_later(REST_SECONDS, self._rested, fd)

    def _rested(self, fd: int) -> None:
        if fd in self._resting and not self.closed:
            self._resting.discard(fd)
            self._epoll.register(fd, select.EPOLLIN)

    def forget(self, fd: int) -> None:
        """The socket is about to be closed."""
        known = self._others.pop(fd, None) is not None or self._ports.pop(fd, None) is not None
        if fd in self._resting:
            self._resting.discard(fd)
        elif known:
            self._epoll.unregister(fd)

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()

    # --- When to look --------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """The first packet after a pause."""
        self._loop.remove_reader(self._epoll.fileno())
        self._idle = 0
        self._look()

    def _look(self) -> None:
        if self.closed:
            return
        self.looks += 1
        if self.run():
            self._idle = 0
            if self.gaps:
                self.wants_packets()
        else:
            self._idle += 1
            if self._idle >= IDLE_LOOKS:
                self._timer = None
                self._loop.add_reader(self._epoll.fileno(), self._wake)
                return
        self._timer = self._loop.call_later(TICK, self._look)

    def has_unread(self) -> bool:
        """Whether something has come that nobody has read yet."""
        return not self.closed and bool(self._epoll.poll(0, 1))

    # --- The path ------------------------------------------------------------------------------------------

    def run(self) -> bool:
        """Forward what has come, at most ``TURNS`` datagrams of each socket. True if there was anything.

        One long function, with its names held locally: at 50,000 packets a second a call is dear. What is called is
        read from its object first: CPython remembers where an attribute is that is read, not one that is called.
        """
        poll, ports, others = self._epoll.poll, self._ports, self._others
        memory, view, views, raw, length = self._memory, self._view, self._views, self._raw, self._length
        into = views[MOST_OCTETS]
        unpack, pack = rtp.HEADER.unpack_from, rtp.NUMBERS.pack_into
        open_packet, seal_packet = unprotect, protect
        sampled = SAMPLED - 1
        for turn in range(TURNS):
            events = poll(0, 1024)
            if not events:
                return turn > 0
            for fd, _ in events:
                try:
                    port = ports[fd]
                except KeyError:
                    if fd in others:
                        others[fd]()
                    continue
                receive = port.recv_into
                try:
                    octets = receive(into)
                except OSError:
                    # Nothing there after all, or the other side's machine said that nobody listens any more: when
                    # it stays so, the silence ends the leg.
                    continue
                first, second, sequence, timestamp, ssrc = unpack(memory)
                if octets < 12 or not 127 < first < 192:
                    port.heard = True
                    port.control(bytes(views[octets]))
                    continue
                if 191 < second < 224:
                    self._open_report(port, octets)
                    continue
                streams = port.streams
                try:
                    stream = streams[ssrc]
                except KeyError:
                    announced = port.stray(ssrc, second & 0x7F)
                    if announced is None:
                        continue
                    stream = announced
                length[0] = octets
                if open_packet(port.rx, raw, length):
                    port.forged += 1
                    continue
                octets = length[0]
                port.heard = True
                if sequence == stream.expected:
                    stream.expected = sequence + 1 & 0xFFFF
                else:
                    stream.misordered(sequence, timestamp)
                if not sequence & sampled:
                    stream.sample(timestamp, octets)
                copies = stream.copies
                ring = stream.ring
                if ring is not None:
                    packet = ring[sequence & 255] = bytes(views[octets])
                elif len(copies) > 1:
                    packet = bytes(views[octets])
                fresh = True
                for copy in copies:
                    if fresh:
                        fresh = False
                    else:
                        view[:octets] = packet
                        length[0] = octets
                    pack(
                        memory,
                        2,
                        sequence + copy.sequence_offset & 0xFFFF,
                        timestamp + copy.timestamp_offset & 0xFFFFFFFF,
                        copy.ssrc,
                    )
                    if seal_packet(copy.tx, raw, length):
                        continue
                    send = copy.send
                    try:
                        send(views[length[0]])
                    except OSError:
                        copy.port.unsent += 1
        return True

    # --- Reports and single packets ------------------------------------------------------------------------

    def _open_report(self, port: Port, octets: int) -> None:
        ssrc = int.from_bytes(self._memory[4:8], "big")
        if ssrc not in port.reporters:
            if len(port.reporters) >= MOST_STREAMS:
                return
            fresh = True
        else:
            fresh = False
        self._length[0] = octets
        if unprotect_rtcp(port.rx, self._raw, self._length):
            port.forged += 1
            return
        if fresh:
            port.reporters.add(ssrc)
        port.heard = True
        port.report(self._view[: self._length[0]])

    def send_report(self, port: Port, packet: bytes) -> None:
        """Seal and send a compound of reports of ours."""
        octets = len(packet)
        self._spare_view[:octets] = packet
        self._spare_length[0] = octets
        if protect_rtcp(port.tx, self._spare_raw, self._spare_length):
            return
        try:
            port.send(self._spare_view[: self._spare_length[0]])
        except OSError:
            port.unsent += 1

    def send_again(self, stream: Stream, copy: Copy, sequence: int) -> bool:
        """Send a packet of the ring once more; ``sequence`` as the stream's sender counts. False if it is not there."""
        if stream.ring is None:
            return False
        packet = stream.ring[sequence & RING - 1]
        if len(packet) < rtp.HEADER_OCTETS:
            return False
        kept, timestamp, _ = rtp.NUMBERS.unpack_from(packet, rtp.NUMBERS_AT)
        if kept != sequence:
            return False
        octets = len(packet)
        self._spare_view[:octets] = packet
        rtp.rewrite(
            self._spare,
            sequence=sequence + copy.sequence_offset,
            timestamp=timestamp + copy.timestamp_offset,
            ssrc=copy.ssrc,
        )
        self._spare_length[0] = octets
        if protect(copy.tx, self._spare_raw, self._spare_length):
            return False
        try:
            copy.send(self._spare_view[: self._spare_length[0]])
        except OSError:
            copy.port.unsent += 1
        return True
