"""RTCP, octet by octet. The vectors are written by hand from the RFCs' figures."""

from __future__ import annotations

import random

import pytest

from media.engines.relay import rtcp


def octets(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


SENDER = octets("80c80006 cafebabe e0000001 80000000 00000100 0000000a 00000400")
BLOCK = octets("0000000b 40000005 00012345 00000011 00018000 00008000")
RECEIVER = octets("81c90007 00000001") + BLOCK
NACK = octets("81cd0003 00000001 cafebabe 0064 8001")
PLI = octets("81ce0002 00000001 cafebabe")
FIR = octets("84ce0004 00000001 00000000 cafebabe 07000000")
#: 2 ** 5 * 0x3D090 = 8,000,000 bits a second over one stream.
REMB = octets("8fce0005 00000001 00000000 52454d42 0117d090 cafebabe")


def only(packet: bytes) -> rtcp.Part:
    (part,) = rtcp.split(packet)
    return part


def test_a_sender_report_is_read() -> None:
    report = rtcp.sender_report(only(SENDER))
    assert report == rtcp.SenderReport(0xCAFEBABE, 0xE000000180000000, 0x100, 10, 0x400)


def test_a_translated_report_keeps_the_wall_clock() -> None:
    report = rtcp.sender_report(only(SENDER))
    assert report is not None
    moved = rtcp.translate_sender_report(report, ssrc=7, timestamp_offset=-0x101)
    assert rtcp.build_sender_report(moved, b"ab") == octets(
        "80c80006 00000007 e0000001 80000000 ffffffff 0000000a 00000400 81ca0003 00000007 0102 6162 00000000"
    )


def test_a_description_ends_with_at_least_one_zero_and_a_whole_word() -> None:
    for length in range(1, 9):
        built = rtcp.build_description(1, b"x" * length)
        assert len(built) % 4 == 0
        assert built.endswith(b"\0")
        assert only(built).kind == rtcp.DESCRIPTION


def test_the_middle_of_a_time_stamp_is_what_reports_quote() -> None:
    assert rtcp.compact_ntp(0xE000000180000000) == 0x00018000


def test_a_receiver_report_is_built_and_read() -> None:
    block = rtcp.ReportBlock(0x0B, 0x40, 5, 0x12345, 0x11, 0x18000, 0x8000)
    assert rtcp.build_receiver_report(1, [block]) == RECEIVER
    assert rtcp.report_blocks(only(RECEIVER)) == [block]


def test_more_received_than_expected_is_a_loss_below_zero() -> None:
    built = rtcp.build_receiver_report(1, [rtcp.ReportBlock(2, 0, -3, 9, 0, 0, 0)])
    assert built[12:16] == octets("00fffffd")
    assert rtcp.report_blocks(only(built))[0].lost == -3


def test_a_block_that_is_promised_but_not_there_is_left_out() -> None:
    promised = bytearray(RECEIVER)
    promised[0] = 0x83
    assert len(rtcp.report_blocks(only(bytes(promised)))) == 1


def test_a_compound_is_split() -> None:
    parts = list(rtcp.split(SENDER + RECEIVER + PLI))
    assert [part.kind for part in parts] == [200, 201, 206]


def test_splitting_stops_at_what_is_not_whole() -> None:
    assert [part.kind for part in rtcp.split(PLI + SENDER[:-1])] == [206]


def test_padding_is_cut_off() -> None:
    part = only(octets("a1ce0003 00000001 cafebabe 00000004"))
    assert bytes(part.body) == PLI[4:]


@pytest.mark.parametrize("padding", ["00", "0d", "ff"])
def test_padding_that_lies_ends_the_reading(padding: str) -> None:
    assert list(rtcp.split(octets(f"a1ce0003 00000001 cafebabe 000000{padding}"))) == []


def test_a_request_for_lost_packets_is_read() -> None:
    assert rtcp.nacked(only(NACK)) == (0xCAFEBABE, [100, 101, 116])


def test_a_request_for_lost_packets_is_built() -> None:
    assert rtcp.build_nack(1, 0xCAFEBABE, [100, 101, 116]) == NACK


def test_requests_go_round_the_end() -> None:
    missing = [65534, 65535, 0, 14, 15]
    built = rtcp.build_nack(1, 2, missing)
    assert rtcp.nacked(only(built)) == (2, missing)


def test_far_apart_packets_take_pairs_of_their_own() -> None:
    built = rtcp.build_nack(1, 2, [10, 27, 50])
    assert len(built) == 4 + 8 + 3 * 4
    assert rtcp.nacked(only(built)) == (2, [10, 27, 50])


def test_an_endless_request_is_cut() -> None:
    built = rtcp.build_nack(1, 2, range(0, 60000, 17))
    asked = rtcp.nacked(only(built))
    assert asked is not None
    assert len(asked[1]) == rtcp.MOST_NACKED


@pytest.mark.parametrize("packet", [PLI, FIR])
def test_two_ways_to_want_a_whole_picture(packet: bytes) -> None:
    assert rtcp.pictures_wanted(only(packet)) == [0xCAFEBABE]


def test_a_request_for_a_picture_is_built() -> None:
    assert rtcp.build_pli(1, 0xCAFEBABE) == PLI


def test_an_estimate_is_read_and_built() -> None:
    assert rtcp.remb(only(REMB)) == rtcp.Remb(8_000_000, (0xCAFEBABE,))
    assert rtcp.build_remb(1, 8_000_000, [0xCAFEBABE]) == REMB


@pytest.mark.parametrize("bitrate", [0, 1, 262_143, 262_144, 1_234_567, 5_000_000_000])
def test_an_estimate_is_rounded_down_never_up(bitrate: int) -> None:
    estimate = rtcp.remb(only(rtcp.build_remb(1, bitrate, [2])))
    assert estimate is not None
    assert bitrate * 0.9999 <= estimate.bitrate <= bitrate


def test_an_estimate_that_names_more_streams_than_it_holds_is_none() -> None:
    lying = bytearray(REMB)
    lying[16] = 2
    assert rtcp.remb(only(bytes(lying))) is None


def test_nothing_a_stranger_sends_raises() -> None:
    source = random.Random(7)  # the same every time
    seeds = [SENDER, RECEIVER, NACK, PLI, FIR, REMB, SENDER + NACK + REMB]
    for _ in range(20_000):
        packet = bytearray(source.choice(seeds))
        for _ in range(source.randrange(1, 6)):
            packet[source.randrange(len(packet))] = source.randrange(256)
        for part in rtcp.split(packet[: source.randrange(len(packet) + 1)]):
            rtcp.sender_report(part)
            rtcp.report_blocks(part)
            rtcp.nacked(part)
            rtcp.pictures_wanted(part)
            rtcp.remb(part)
