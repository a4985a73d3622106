"""What the forwarding path works on: ports, the streams that come in at them, and listeners' copies of these.

Plain objects with slots and no more than the path needs, since it reads them for every packet.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    from media.engines.relay.forward import Pump

#: Packets kept of every picture stream, for receivers that missed one. Must be a power of two.
RING = 256
#: One packet of so many is looked at more closely.
SAMPLED = 16


class Copy:
    """One listener's copy of a stream: its own SSRC, and numbers that run on when the stream behind is replaced.

    A picture's or sound's numbers start as the first stream's. When another takes its place (the sender has connected
    anew), the next packet has the next number, and the clock goes on as if nothing had happened.
    """

    __slots__ = (
        "__weakref__",
        "_next",
        "_transit",
        "port",
        "send",
        "sequence_offset",
        "ssrc",
        "timestamp_offset",
        "tx",
    )

    def __init__(self, port: Port, ssrc: int) -> None:
        self.port = port
        self.ssrc = ssrc
        self.tx = port.tx
        self.send = port.send
        port.copies.add(self)
        self.sequence_offset = 0
        self.timestamp_offset = 0
        self._next: int | None = None
        self._transit = 0

    def attach(self, stream: Stream) -> None:
        """Carry this stream from its next packet on. It must have started."""
        if self._next is not None:
            self.sequence_offset = self._next - stream.expected & 0xFFFF
            self.timestamp_offset = stream.transit - self._transit & 0xFFFFFFFF
        if stream.held is None:
            stream.copies = (*stream.copies, self)
        else:
            stream.held = (*stream.held, self)

    def detach(self, stream: Stream) -> None:
        """Carry it no more."""
        stream.copies = tuple(copy for copy in stream.copies if copy is not self)
        if stream.held is not None:
            stream.held = tuple(copy for copy in stream.held if copy is not self)
        self._next = stream.expected + self.sequence_offset & 0xFFFF
        self._transit = stream.transit - self.timestamp_offset


class Stream:
    """One stream of sound or picture that somebody sends, and who listens.

    ``expected`` is the next sequence number, -1 before the first. ``lost`` counts what is missing for good or for
    now. ``missing`` holds, for pictures, what to ask for again: sequence number to (times asked, when to ask next).
    """

    __slots__ = (
        "base",
        "bitrate",
        "clock",
        "copies",
        "counted",
        "expected",
        "held",
        "highest",
        "jitter",
        "lost",
        "missing",
        "octets",
        "packets",
        "port",
        "reported",
        "ring",
        "ssrc",
        "transit",
    )

    def __init__(self, port: Port, ssrc: int, *, clock: int, picture: bool) -> None:
        self.port = port
        self.ssrc = ssrc
        self.clock = clock
        self.copies: tuple[Copy, ...] = ()
        self.held: tuple[Copy, ...] | None = None
        self.ring: list[bytes] | None = [b""] * RING if picture else None
        self.expected = -1
        self.base = 0
        self.highest = 0
        self.reported = (0, 0)
        self.lost = 0
        self.missing: dict[int, tuple[int, float]] = {}
        self.jitter = 0.0
        #: Our clock less the stream's, in its units, when last looked at.
        self.transit = 0
        #: Octets since the last second was counted, by sample; packets, and bits a second, of that second.
        self.octets = 0
        self.counted: int | None = None
        self.packets = 0
        self.bitrate = 0

    @property
    def started(self) -> bool:
        return self.expected >= 0

    @property
    def is_picture_now(self) -> bool:
        """Whether it is a picture, and moved during the last second."""
        return self.ring is not None and self.packets > 0

    def misordered(self, sequence: int, timestamp: int) -> None:
        """A packet that is not the next one: the first, one after a gap, or one that comes late."""
        if self.expected < 0:
            self.base = self.highest = self.expected = sequence
            self.transit = int(monotonic() * self.clock) - timestamp
            self.port.started(self)
            self.expected = sequence + 1 & 0xFFFF
            return
        ahead = sequence - self.expected & 0xFFFF
        if ahead >= 0x8000:
            if self.missing.pop(sequence, None) is not None or self.ring is None:
                self.lost -= 1
            return
        self.lost += ahead
        if self.ring is not None:
            if ahead > RING // 2:
                self.missing.clear()
                self.port.pump.wants_picture(self)
            else:
                for step in range(ahead):
                    self.missing[self.expected + step & 0xFFFF] = (0, 0.0)
            self.port.pump.gaps.add(self)
        self.expected = sequence + 1 & 0xFFFF

    def advance(self) -> int:
        """Bring ``highest``, which counts on beyond 16 bits, up to date; at least once in 30,000 packets."""
        if self.expected >= 0:
            self.highest += (self.expected - 1 - self.highest) & 0xFFFF
        return self.highest

    def count(self, seconds: float, most: int) -> None:
        """Count the last ``seconds``. More packets than ``most``: nobody gets any until they are fewer."""
        if not self.started:
            return
        highest = self.advance()
        self.packets = highest - (self.base - 1 if self.counted is None else self.counted)
        self.counted = highest
        self.bitrate, self.octets = int(self.octets * 8 / seconds), 0
        if self.held is not None:
            self.copies, self.held = self.held, None
        if self.packets > most:
            self.held, self.copies = self.copies, ()

    def sample(self, timestamp: int, octets: int) -> None:
        """Every 16th packet: how unevenly they come (RFC 3550 section 6.4.1), and how great they are."""
        transit = int(monotonic() * self.clock) - timestamp
        difference = abs(transit - self.transit)
        if difference < 10 * self.clock:
            self.jitter += (difference - self.jitter) / 16
        self.transit = transit
        self.octets += SAMPLED * octets


class Port:
    """One connected socket with its keys: where a leg's packets come in and go out."""

    __slots__ = (
        "control",
        "copies",
        "forged",
        "heard",
        "pump",
        "recv_into",
        "report",
        "reporters",
        "rx",
        "send",
        "started",
        "stray",
        "streams",
        "tx",
        "unsent",
    )

    def __init__(self, pump: Pump, sock: Any, keys: tuple[Any, Any]) -> None:
        self.pump = pump
        self.recv_into: Callable[[memoryview], int] = sock.recv_into
        self.send: Callable[[memoryview], int] = sock.send
        self.rx, self.tx = keys
        #: Copies that go out here; they keep ``send`` for themselves.
        self.copies: WeakSet[Copy] = WeakSet()
        self.streams: dict[int, Stream] = {}
        #: SSRCs that have sent reports.
        self.reporters: set[int] = set()
        #: Something of the browser's came since this was last set to False.
        self.heard = True
        self.forged = 0
        self.unsent = 0
        #: Called with an opened compound of reports.
        self.report: Callable[[memoryview], None] = nobody
        #: Called with a stream whose first packet has come, before that packet goes on.
        self.started: Callable[[Stream], None] = nobody
        #: Called with STUN and DTLS.
        self.control: Callable[[bytes], None] = nobody
        #: Called with SSRC and payload type of a stream that nobody announced; gives the stream, if it may be one.
        self.stray: Callable[[int, int], Stream | None] = _no_stream

    def close(self) -> None:
        """Nothing comes or goes here any more. Whoever was called, and the streams, point back here: let go of them."""
        self.report = self.started = self.control = nobody
        self.stray = _no_stream
        self.streams.clear()

    def change_socket(self, sock: Any) -> None:
        """From now on packets come in and go out at another connected socket."""
        self.recv_into, self.send = sock.recv_into, sock.send
        for copy in self.copies:
            copy.send = self.send


def nobody(_: Any) -> None:
    """Nobody listens."""


def _no_stream(_ssrc: int, _payload_type: int) -> Stream | None:
    return None
