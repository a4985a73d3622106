"""RTP's fixed header, rewritten in place."""

from __future__ import annotations

from media.engines.relay import rtp

#: Version 2, marker, type 96, sequence 0x1234, timestamp 0x01020304, SSRC 0xCAFEBABE, payload "hi".
PLAIN = bytes.fromhex("80e0 1234 01020304 cafebabe 6869".replace(" ", ""))


def test_three_numbers_are_rewritten_and_nothing_else() -> None:
    packet = bytearray(PLAIN)
    rtp.rewrite(packet, sequence=0x1_0001, timestamp=0x1_0000_0002, ssrc=7)
    assert packet == bytes.fromhex("80e0 0001 00000002 00000007 6869".replace(" ", ""))


def test_the_three_numbers_are_read_where_they_are_written() -> None:
    assert rtp.NUMBERS.unpack_from(PLAIN, rtp.NUMBERS_AT) == (0x1234, 0x01020304, 0xCAFEBABE)
