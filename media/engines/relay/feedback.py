"""Reports and requests between senders and listeners: what RTCP makes the relay do.

A sender hears from the relay as from one listener: a receiver report a second, requests for lost packets, at most one
request for a whole picture every 300 ms however many ask, and the smallest of the listeners' bitrates. A listener gets
the sender's own clock reports, translated, and lost packets from the ring.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from time import monotonic

from media.engines.relay import rtcp
from media.engines.relay.allowance import Allowance
from media.engines.relay.forward import Pump
from media.engines.relay.line import Line
from media.engines.relay.streams import Copy, Port, Stream

#: Whom the relay's own reports come from.
RELAY_SSRC = 1
PICTURE_PAUSE = 0.3
#: Seconds until a packet is asked for again, and how often. Browsers answer once a round trip, however often one asks.
ASK_AGAIN, ASK_TIMES = 0.03, 16
#: A packet that was asked for goes out twice, so many seconds apart: a browser would ask again after a tenth of a
#: second only, and by then the picture stands still. The second is thrown away where the first has come.
TWICE_SECONDS = 0.03
#: Packets of one stream asked for in one message.
MOST_ASKED = 64
#: Bits a second below which a sender is not pushed: sound and a still picture.
LEAST_BITRATE = 60_000
#: What a sender is told when nobody holds it back any more.
MOST_BITRATE = 5_000_000
#: Packets a second, and at once, that one listener may have again.
AGAIN_RATE, AGAIN_BURST = 400.0, 800.0


@dataclass(slots=True, eq=False)
class Listener:
    """What a listening leg hears, by the SSRC of the copy, and what its line carries."""

    port: Port
    copies: dict[int, tuple[Stream, Copy]] = field(default_factory=dict)
    line: Line = field(default_factory=Line)
    again: Allowance = field(default_factory=lambda: Allowance(AGAIN_RATE, AGAIN_BURST))

    @property
    def bitrate(self) -> int:
        """Bits a second that it can take; 0: unknown."""
        return self.line.bitrate

    def forget(self, ssrc: int) -> None:
        """The copy of this SSRC is not sent any more."""
        self.copies.pop(ssrc, None)
        self.line.forget(ssrc)

    def pictures(self) -> int:
        """How many moving pictures it gets now."""
        return sum(1 for stream, _ in self.copies.values() if stream.is_picture_now)

    def sent(self) -> int:
        """Bits a second that go to it now."""
        return sum(stream.bitrate for stream, _ in self.copies.values())


@dataclass(slots=True, eq=False)
class Sender:
    """What is known of a sending leg's streams beside the packets themselves."""

    port: Port
    cname: bytes
    clocks: dict[int, tuple[rtcp.SenderReport, float]] = field(default_factory=dict)
    is_limited: bool = False


class Feedback:
    """All of a worker's reports."""

    def __init__(self, pump: Pump) -> None:
        self._pump = pump
        self._asked: dict[Stream, float] = {}
        self._waiting: set[Stream] = set()
        #: Packets that go out a second time, and when.
        self._twice: deque[tuple[float, Listener, Stream, Copy, int]] = deque()
        #: Streams of which packets have been asked for and have not come.
        self._open: set[Stream] = set()
        pump.wants_picture = self.ask_picture
        pump.wants_packets = self.ask_packets

    # --- From listeners ------------------------------------------------------------------------------------

    def heard_from_listener(self, listener: Listener, packet: memoryview) -> None:
        """Reports of a listening leg."""
        for part in rtcp.split(packet):
            if part.kind == rtcp.TRANSPORT_FEEDBACK:
                self._repeat(listener, part)
            elif part.kind == rtcp.PAYLOAD_FEEDBACK:
                for ssrc in rtcp.pictures_wanted(part):
                    known = listener.copies.get(ssrc)
                    if known is not None:
                        self.ask_picture(known[0])
                estimate = rtcp.remb(part)
                if estimate is not None:
                    listener.line.said = estimate.bitrate
            else:
                for block in rtcp.report_blocks(part):
                    if block.ssrc in listener.copies:
                        listener.line.reported(block.ssrc, highest=block.highest, lost=block.lost)

    def _repeat(self, listener: Listener, part: rtcp.Part) -> None:
        asked = rtcp.nacked(part)
        if asked is None:
            return
        known = listener.copies.get(asked[0])
        if known is None:
            return
        stream, copy = known
        for sequence in asked[1]:
            if not listener.again.take():
                return
            # What is not in the ring is on its way: the relay asked the sender when it saw the gap.
            original = sequence - copy.sequence_offset & 0xFFFF
            if self._pump.send_again(stream, copy, original) and not listener.line.is_lossy:
                self._twice.append((monotonic() + TWICE_SECONDS, listener, stream, copy, original))

    # --- From senders --------------------------------------------------------------------------------------

    def heard_from_sender(self, sender: Sender, packet: memoryview) -> None:
        """Reports of a sending leg: their clocks go on to everybody who listens, at once."""
        for part in rtcp.split(packet):
            report = rtcp.sender_report(part)
            if report is None:
                continue
            stream = sender.port.streams.get(report.ssrc)
            if stream is None:
                continue
            sender.clocks[report.ssrc] = (report, monotonic())
            for copy in stream.copies:
                translated = rtcp.translate_sender_report(
                    report, ssrc=copy.ssrc, timestamp_offset=copy.timestamp_offset
                )
                self._pump.send_report(copy.port, rtcp.build_sender_report(translated, sender.cname))

    # --- To senders ----------------------------------------------------------------------------------------

    def ask_picture(self, stream: Stream) -> None:
        """Ask for a whole picture now, or when the pause after the last request is over."""
        if stream.ring is None or not stream.started:
            return
        now = monotonic()
        if now - self._asked.get(stream, 0.0) < PICTURE_PAUSE:
            self._waiting.add(stream)
            return
        self._asked[stream] = now
        self._waiting.discard(stream)
        self._pump.send_report(stream.port, _with_report(rtcp.build_pli(RELAY_SSRC, stream.ssrc)))

    def tick(self) -> None:
        """Every 20 ms: ask for what is still missing, and for pictures whose pause is over."""
        now = monotonic()
        while self._twice and self._twice[0][0] <= now:
            _, listener, stream, copy, sequence = self._twice.popleft()
            if listener.copies.get(copy.ssrc) == (stream, copy) and listener.again.take():
                self._pump.send_again(stream, copy, sequence)
        for stream in list(self._open):
            self._ask(stream, now)
        for stream in list(self._waiting):
            if now - self._asked.get(stream, 0.0) >= PICTURE_PAUSE:
                self.ask_picture(stream)

    def ask_packets(self) -> None:
        """Ask for what is missing as soon as the gap is seen."""
        now = monotonic()
        while self._pump.gaps:
            stream = self._pump.gaps.pop()
            self._open.add(stream)
            self._ask(stream, now)

    def _ask(self, stream: Stream, now: float) -> None:
        due: list[int] = []
        for sequence, (times, when) in list(stream.missing.items()):
            if when > now or len(due) >= MOST_ASKED:
                continue
            if times >= ASK_TIMES:
                del stream.missing[sequence]
                continue
            stream.missing[sequence] = (times + 1, now + ASK_AGAIN)
            due.append(sequence)
        if not stream.missing:
            self._open.discard(stream)
        if due:
            self._pump.send_report(stream.port, _with_report(rtcp.build_nack(RELAY_SSRC, stream.ssrc, due)))

    def report(self, sender: Sender, limit: int) -> None:
        """Once a second: how the streams arrive, and the bits a second that the listeners can take (0: unknown)."""
        now = monotonic()
        blocks = [
            _block(stream, sender.clocks.get(stream.ssrc), now)
            for stream in sender.port.streams.values()
            if stream.started
        ]
        if not blocks:
            return
        packet = rtcp.build_receiver_report(RELAY_SSRC, blocks)
        if limit or sender.is_limited:
            pictures = [stream.ssrc for stream in sender.port.streams.values() if stream.ring is not None]
            packet += rtcp.build_remb(RELAY_SSRC, max(limit or MOST_BITRATE, LEAST_BITRATE), pictures)
        sender.is_limited = limit > 0
        self._pump.send_report(sender.port, packet)

    def forget(self, stream: Stream) -> None:
        """The stream is no more."""
        self._asked.pop(stream, None)
        self._waiting.discard(stream)
        self._open.discard(stream)
        self._pump.gaps.discard(stream)


def _with_report(packet: bytes) -> bytes:
    """A compound must start with a report (RFC 3550 section 6.1); an empty one is enough."""
    return rtcp.build_receiver_report(RELAY_SSRC, ()) + packet


def _block(stream: Stream, clock: tuple[rtcp.SenderReport, float] | None, now: float) -> rtcp.ReportBlock:
    highest = stream.advance()
    expected = highest - stream.base + 1
    lost = max(0, stream.lost)
    expected_before, lost_before = stream.reported
    stream.reported = (expected, lost)
    expected_now, lost_now = expected - expected_before, max(0, lost - lost_before)
    fraction = min(255, 256 * lost_now // expected_now) if expected_now > 0 else 0
    last_report, delay = 0, 0
    if clock is not None:
        last_report = rtcp.compact_ntp(clock[0].ntp)
        delay = min(0xFFFFFFFF, int((now - clock[1]) * 65536))
    return rtcp.ReportBlock(stream.ssrc, fraction, lost, highest, int(stream.jitter), last_report, delay)
