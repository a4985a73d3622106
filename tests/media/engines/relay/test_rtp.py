"""RTP's fixed header, read and rewritten in place."""

from __future__ import annotations

import pytest

from media.engines.relay import rtp

#: Version 2, marker, type 96, sequence 0x1234, timestamp 0x01020304, SSRC 0xCAFEBABE, payload "hi".
PLAIN = bytes.fromhex("80e0 1234 01020304 cafebabe 6869".replace(" ", ""))
#: One contributing source, and a one-byte extension: padding, then level 1: voice, -10 dBov.
EXTENDED = bytes.fromhex("916f 0001 00000002 00000003 00000004 bede0001 00 10 8a 00 ff".replace(" ", ""))


def test_a_plain_header_is_read() -> None:
    assert rtp.parse(PLAIN) == rtp.Header(True, 96, 0x1234, 0x01020304, 0xCAFEBABE, 12)


def test_the_payload_starts_after_sources_and_extension() -> None:
    assert rtp.parse(EXTENDED) == rtp.Header(False, 111, 1, 2, 3, 24)


@pytest.mark.parametrize("cut", range(12))
def test_a_header_that_is_cut_short_is_no_header(cut: int) -> None:
    assert rtp.parse(PLAIN[:cut]) is None


@pytest.mark.parametrize("cut", range(12, 24))
def test_an_extension_that_is_cut_short_is_no_packet(cut: int) -> None:
    assert rtp.parse(EXTENDED[:cut]) is None


@pytest.mark.parametrize("first", [0x00, 0x40, 0xC0])
def test_other_versions_are_no_rtp(first: int) -> None:
    assert rtp.parse(bytes([first]) + PLAIN[1:]) is None


def test_three_numbers_are_rewritten_and_nothing_else() -> None:
    packet = bytearray(PLAIN)
    rtp.rewrite(packet, sequence=0x1_0001, timestamp=0x1_0000_0002, ssrc=7)
    assert packet == bytes.fromhex("80e0 0001 00000002 00000007 6869".replace(" ", ""))


@pytest.mark.parametrize(
    ("sequence", "than", "newer"),
    [
        (1, 0, True),
        (0, 0, False),
        (0, 1, False),
        (0, 65535, True),
        (65535, 0, False),
        (32767, 0, True),
        (32768, 0, False),
    ],
)
def test_sequence_numbers_go_round(sequence: int, than: int, newer: bool) -> None:
    assert rtp.is_newer(sequence, than) is newer


@pytest.mark.parametrize(("second", "is_rtcp"), [(191, False), (192, True), (200, True), (223, True), (224, False)])
def test_reports_are_told_by_the_second_octet(second: int, is_rtcp: bool) -> None:
    assert rtp.is_rtcp(bytes([0x80, second])) is is_rtcp


def test_the_audio_level_is_found_after_padding() -> None:
    assert rtp.audio_level(EXTENDED, 1) == 10


def test_another_extension_is_no_audio_level() -> None:
    assert rtp.audio_level(EXTENDED, 2) is None


@pytest.mark.parametrize("cut", range(24))
def test_no_level_is_read_beyond_the_end(cut: int) -> None:
    assert rtp.audio_level(EXTENDED[:cut], 1) is None


def test_without_extension_there_is_no_level() -> None:
    assert rtp.audio_level(PLAIN, 1) is None


def test_an_element_that_is_longer_than_the_extension_ends_the_search() -> None:
    lying = bytes.fromhex("906f 0001 00000002 00000003 bede0001 2f 10 8a 00".replace(" ", ""))
    assert rtp.audio_level(lying, 1) is None
