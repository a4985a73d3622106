"""RTP packets as bytes: reading and rewriting the twelve fixed octets in place (RFC 3550 section 5.1).

Nothing here copies a packet or keeps state. Forwarding unpacks and packs with the ``Struct`` objects directly, since
a call to a function costs as much as the work; the functions say the same thing for everybody else.
"""

from __future__ import annotations

from struct import Struct

HEADER_OCTETS = 12
#: Version and flags, marker and payload type, sequence number, timestamp and SSRC.
HEADER = Struct(">BBHII")
#: Sequence number, timestamp and SSRC, from octet 2 on.
NUMBERS = Struct(">HII")
NUMBERS_AT = 2

Writable = bytearray | memoryview


def rewrite(packet: Writable, *, sequence: int, timestamp: int, ssrc: int) -> None:
    """Set the three numbers that differ from leg to leg. The sums may have run over: they are cut to size."""
    NUMBERS.pack_into(packet, NUMBERS_AT, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
