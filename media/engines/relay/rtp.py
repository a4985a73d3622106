"""RTP packets as bytes: reading and rewriting the twelve fixed octets in place (RFC 3550 section 5.1).

Nothing here copies a packet or keeps state. Forwarding unpacks and packs with the ``Struct`` objects directly, since
a call to a function costs as much as the work; the functions say the same thing for everybody else.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

HEADER_OCTETS = 12
#: Sequence number, timestamp and SSRC, from octet 2 on.
NUMBERS = Struct(">HII")
NUMBERS_AT = 2
_WHOLE = Struct(">BBHII")
_EXTENSION = Struct(">HH")
_ONE_BYTE_PROFILE = 0xBEDE

Readable = bytes | bytearray | memoryview
Writable = bytearray | memoryview


class Header(NamedTuple):
    """The fixed header, and where the payload starts."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload_at: int


def is_rtcp(packet: Readable) -> bool:
    """Whether the second octet says RTCP, where both share a port (RFC 5761 section 4: 192 to 223)."""
    return len(packet) > 1 and 192 <= packet[1] <= 223


def parse(packet: Readable) -> Header | None:
    """The header of ``packet``, or None where it is no whole RTP packet of version 2."""
    if len(packet) < HEADER_OCTETS:
        return None
    first, second, sequence, timestamp, ssrc = _WHOLE.unpack_from(packet, 0)
    if first >> 6 != 2:
        return None
    payload_at = HEADER_OCTETS + 4 * (first & 0x0F)
    if first & 0x10:
        if len(packet) < payload_at + 4:
            return None
        payload_at += 4 + 4 * _EXTENSION.unpack_from(packet, payload_at)[1]
    if len(packet) < payload_at:
        return None
    return Header(bool(second & 0x80), second & 0x7F, sequence, timestamp, ssrc, payload_at)


def rewrite(packet: Writable, *, sequence: int, timestamp: int, ssrc: int) -> None:
    """Set the three numbers that differ from leg to leg. The sums may have run over: they are cut to size."""
    NUMBERS.pack_into(packet, NUMBERS_AT, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)


def is_newer(sequence: int, than: int) -> bool:
    """Whether one sequence number comes after another, round the end (RFC 1982 for 16 bits)."""
    return 0 < (sequence - than) & 0xFFFF < 0x8000


def audio_level(packet: Readable, extension_id: int) -> int | None:
    """How loud the sound is: 0 (loudest) to 127 (silence) -dBov (RFC 6464), or None where nothing is said.

    Only the one-byte form of header extensions is read (RFC 8285 section 4.2), which is what every browser sends.
    """
    if len(packet) < HEADER_OCTETS or not packet[0] & 0x10:
        return None
    at = HEADER_OCTETS + 4 * (packet[0] & 0x0F)
    if len(packet) < at + 4:
        return None
    profile, words = _EXTENSION.unpack_from(packet, at)
    end = at + 4 + 4 * words
    if profile != _ONE_BYTE_PROFILE or end > len(packet):
        return None
    at += 4
    while at < end:
        head = packet[at]
        if head == 0:  # padding
            at += 1
            continue
        identity = head >> 4
        if identity == 15 or at + 1 >= end:
            return None
        if identity == extension_id:
            return packet[at + 1] & 0x7F
        at += 2 + (head & 0x0F)
    return None
