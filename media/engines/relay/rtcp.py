"""RTCP as pure functions on bytes: what the relay reads, answers and passes on (RFC 3550, 4585, 5104, REMB).

Every parser takes what a stranger may send: a packet that is cut short or lies about its length ends the reading,
it never raises. What has been read whole before that counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION = 200, 201, 202
TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 205, 206
NACK, PLI, FIR, APPLICATION = 1, 1, 4, 15

_HEAD = Struct(">BBH")
_WORD = Struct(">I")
_TWO_WORDS = Struct(">II")
_SENDER = Struct(">IIIIII")
_BLOCK = Struct(">IIIIII")
_PAIR = Struct(">HH")

#: More lost packets than this in one message are not believed.
MOST_NACKED = 512

Readable = bytes | bytearray | memoryview


class Part(NamedTuple):
    """One packet of a compound: its count or format, its type, and its body after the four octets of the head."""

    form: int
    kind: int
    body: memoryview


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a sender says about its clocks (RFC 3550 section 6.4.1). ``ntp`` is 64 bits, as sent."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says about one stream. ``fraction`` of 256 was lost; ``jitter`` in the stream's clock."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class Remb:
    """The most bits a second that a receiver thinks it can take, over these streams together."""

    bitrate: int
    ssrcs: tuple[int, ...]


def split(packet: Readable) -> Iterator[Part]:
    """The parts of a compound packet, up to the first that is not whole."""
    view = memoryview(packet)
    at = 0
    while at + 4 <= len(view):
        first, kind, words = _HEAD.unpack_from(view, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(view):
            return
        body_end = end
        if first & 0x20:  # padded: the last octet says by how much
            padding = view[end - 1]
            if words == 0 or padding == 0 or padding > 4 * words:
                return
            body_end = end - padding
        yield Part(first & 0x1F, kind, view[at + 4 : body_end])
        at = end


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return _HEAD.pack(0x80 | count, kind, len(body) // 4) + body


# --- Reports -----------------------------------------------------------------------------------------------


def sender_report(part: Part) -> SenderReport | None:
    """Read a sender report without its blocks."""
    if part.kind != SENDER_REPORT or len(part.body) < _SENDER.size:
        return None
    ssrc, high, low, timestamp, packets, octets = _SENDER.unpack_from(part.body, 0)
    return SenderReport(ssrc, high << 32 | low, timestamp, packets, octets)


def build_sender_report(report: SenderReport, cname: bytes) -> bytes:
    """A sender report without blocks, and the description that a compound must hold (RFC 3550 section 6.1)."""
    body = _SENDER.pack(
        report.ssrc, report.ntp >> 32, report.ntp & 0xFFFFFFFF, report.timestamp, report.packets, report.octets
    )
    return _packet(0, SENDER_REPORT, body) + build_description(report.ssrc, cname)


def translate_sender_report(report: SenderReport, *, ssrc: int, timestamp_offset: int) -> SenderReport:
    """The report as the receivers of a rewritten stream must see it: the same moment, the stream's own numbers.

    The wall clock stays, and so sound and picture that went in together come out together.
    """
    return SenderReport(
        ssrc, report.ntp, (report.timestamp + timestamp_offset) & 0xFFFFFFFF, report.packets, report.octets
    )


def build_description(ssrc: int, cname: bytes) -> bytes:
    """A source description with one canonical name (RFC 3550 section 6.5.1)."""
    chunk = _WORD.pack(ssrc) + bytes((1, len(cname))) + cname
    return _packet(1, DESCRIPTION, chunk + bytes(4 - len(chunk) % 4))


def report_blocks(part: Part) -> list[ReportBlock]:
    """The blocks of a sender or receiver report."""
    if part.kind == SENDER_REPORT:
        at = _SENDER.size
    elif part.kind == RECEIVER_REPORT:
        at = _WORD.size
    else:
        return []
    blocks = []
    for _ in range(part.form):
        if at + _BLOCK.size > len(part.body):
            break
        ssrc, loss, highest, jitter, last_report, delay = _BLOCK.unpack_from(part.body, at)
        lost = loss & 0xFFFFFF
        if lost & 0x800000:
            lost -= 0x1000000
        blocks.append(ReportBlock(ssrc, loss >> 24, lost, highest, jitter, last_report, delay))
        at += _BLOCK.size
    return blocks


def build_receiver_report(ssrc: int, blocks: Iterable[ReportBlock]) -> bytes:
    """A receiver report of our own; ``ssrc`` is who reports. At most 31 blocks."""
    body = _WORD.pack(ssrc)
    count = 0
    for block in blocks:
        lost = max(-0x800000, min(0x7FFFFF, block.lost)) & 0xFFFFFF
        body += _BLOCK.pack(
            block.ssrc,
            block.fraction << 24 | lost,
            block.highest & 0xFFFFFFFF,
            min(block.jitter, 0xFFFFFFFF),
            block.last_report,
            block.delay,
        )
        count += 1
    return _packet(count, RECEIVER_REPORT, body)


def compact_ntp(ntp: int) -> int:
    """The middle 32 bits of a time stamp, as reports quote it (RFC 3550 section 4)."""
    return ntp >> 16 & 0xFFFFFFFF


# --- Lost packets ------------------------------------------------------------------------------------------


def nacked(part: Part) -> tuple[int, list[int]] | None:
    """The stream and the sequence numbers that a receiver misses (RFC 4585 section 6.2.1)."""
    if part.kind != TRANSPORT_FEEDBACK or part.form != NACK or len(part.body) < 12:
        return None
    ssrc = _WORD.unpack_from(part.body, 4)[0]
    missing: list[int] = []
    for at in range(8, len(part.body) - 3, 4):
        first, mask = _PAIR.unpack_from(part.body, at)
        missing.append(first)
        missing += [first + 1 + bit & 0xFFFF for bit in range(16) if mask >> bit & 1]
        if len(missing) > MOST_NACKED:
            return ssrc, missing[:MOST_NACKED]
    return ssrc, missing


def build_nack(sender: int, ssrc: int, missing: Iterable[int]) -> bytes:
    """Ask for lost packets again. ``missing`` in the order in which they were sent."""
    pairs: list[list[int]] = []
    for sequence in missing:
        if pairs:
            after = (sequence - pairs[-1][0] & 0xFFFF) - 1
            if 0 <= after < 16:
                pairs[-1][1] |= 1 << after
                continue
        pairs.append([sequence, 0])
    body = _TWO_WORDS.pack(sender, ssrc) + b"".join(_PAIR.pack(first, mask) for first, mask in pairs)
    return _packet(NACK, TRANSPORT_FEEDBACK, body)


# --- Whole pictures ----------------------------------------------------------------------------------------


def pictures_wanted(part: Part) -> list[int]:
    """The streams of which a receiver wants a whole picture: PLI (RFC 4585) or FIR (RFC 5104), which mean the same."""
    if part.kind != PAYLOAD_FEEDBACK or len(part.body) < 8:
        return []
    if part.form == PLI:
        return [_WORD.unpack_from(part.body, 4)[0]]
    if part.form == FIR:
        return [_WORD.unpack_from(part.body, at)[0] for at in range(8, len(part.body) - 7, 8)]
    return []


def build_pli(sender: int, ssrc: int) -> bytes:
    """Ask for a whole picture."""
    return _packet(PLI, PAYLOAD_FEEDBACK, _TWO_WORDS.pack(sender, ssrc))


# --- Bitrate -----------------------------------------------------------------------------------------------


def remb(part: Part) -> Remb | None:
    """Read a receiver's estimate (draft-alvestrand-rmcat-remb-03 section 2.2)."""
    body = part.body
    if part.kind != PAYLOAD_FEEDBACK or part.form != APPLICATION or len(body) < 16 or bytes(body[8:12]) != b"REMB":
        return None
    number = body[12]
    packed = int.from_bytes(body[13:16], "big")
    if len(body) < 16 + 4 * number:
        return None
    ssrcs = tuple(_WORD.unpack_from(body, 16 + 4 * index)[0] for index in range(number))
    return Remb((packed & 0x3FFFF) << (packed >> 18), ssrcs)


def build_remb(sender: int, bitrate: int, ssrcs: Iterable[int]) -> bytes:
    """An estimate for a sender, rounded down to the 18 bits that there are."""
    exponent = max(0, bitrate.bit_length() - 18)
    listed = list(ssrcs)
    body = _TWO_WORDS.pack(sender, 0) + b"REMB" + bytes((len(listed),))
    body += (exponent << 18 | bitrate >> exponent).to_bytes(3, "big")
    return _packet(APPLICATION, PAYLOAD_FEEDBACK, body + b"".join(_WORD.pack(ssrc) for ssrc in listed))
