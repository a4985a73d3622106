"""The forwarding path, over real sockets and real SRTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from media.engines.relay import rtp
from media.engines.relay.forward import TURNS, Pump
from media.engines.relay.streams import RING
from tests.media.engines.relay.parties import Party, join, listen, publish, rtp_packet


@pytest.fixture
async def pump() -> AsyncIterator[Pump]:
    made = Pump(asyncio.get_running_loop())
    yield made
    made.close()


@pytest.fixture
def anna(pump: Pump) -> AsyncIterator[Party]:
    party = join(pump)
    yield party
    party.close(pump)


@pytest.fixture
def bent(pump: Pump) -> AsyncIterator[Party]:
    party = join(pump)
    yield party
    party.close(pump)


@pytest.fixture
def carl(pump: Pump) -> AsyncIterator[Party]:
    party = join(pump)
    yield party
    party.close(pump)


def numbers(party: Party) -> list[tuple[int, int]]:
    """Sequence number and timestamp of every packet that has come."""
    return [rtp.NUMBERS.unpack_from(packet, rtp.NUMBERS_AT)[:2] for packet in party.receive()]


async def test_a_packet_goes_on_with_the_listeners_ssrc(pump: Pump, anna: Party, bent: Party) -> None:
    listen(publish(anna, 1), bent, 2)
    anna.send(rtp_packet(1, 100, 1000, b"picture"))
    pump.run()
    assert bent.receive() == [rtp_packet(2, 100, 1000, b"picture")]


async def test_every_listener_gets_a_copy_with_its_own_numbers(
    pump: Pump, anna: Party, bent: Party, carl: Party
) -> None:
    stream = publish(anna, 1)
    listen(stream, bent, 2)
    copy = listen(stream, carl, 3)
    copy.sequence_offset, copy.timestamp_offset = 65000, 0xFFFFFFFF
    anna.send(rtp_packet(1, 1000, 7))
    pump.run()
    assert bent.receive() == [rtp_packet(2, 1000, 7)]
    assert carl.receive() == [rtp_packet(3, 464, 6)]


async def test_the_pump_wakes_by_itself_and_sleeps_again(pump: Pump, anna: Party, bent: Party) -> None:
    listen(publish(anna, 1), bent, 2)
    for round_number in range(3):
        anna.send(rtp_packet(1, round_number, 0))
        await asyncio.sleep(0.05)
        assert len(bent.receive()) == 1
        assert pump._timer is None


async def test_sound_without_listeners_goes_nowhere(pump: Pump, anna: Party, bent: Party) -> None:
    stream = publish(anna, 1, picture=False)
    anna.send(rtp_packet(1, 1, 1))
    pump.run()
    assert stream.started
    assert bent.receive() == []


async def test_a_packet_that_is_sent_twice_goes_on_once(pump: Pump, anna: Party, bent: Party) -> None:
    listen(publish(anna, 1), bent, 2)
    sealed = anna.send(rtp_packet(1, 100, 1000))
    anna.sock.send(sealed)
    pump.run()
    assert len(bent.receive()) == 1
    assert anna.port.forged == 1


async def test_a_forged_packet_changes_nothing(pump: Pump, anna: Party, bent: Party) -> None:
    stream = publish(anna, 1)
    listen(stream, bent, 2)
    sealed = bytearray(anna.sending.protect(rtp_packet(1, 100, 1000)))
    sealed[-1] ^= 1
    anna.sock.send(sealed)
    pump.run()
    assert not stream.started
    assert bent.receive() == []


async def test_an_ssrc_that_nobody_announced_is_dropped_before_it_is_opened(
    pump: Pump, anna: Party, bent: Party
) -> None:
    listen(publish(anna, 1), bent, 2)
    anna.send(rtp_packet(9, 1, 1))
    pump.run()
    assert bent.receive() == []
    assert anna.port.forged == 0


async def test_a_gap_is_noted_and_filled_by_the_late_packet(pump: Pump, anna: Party, bent: Party) -> None:
    stream = publish(anna, 1)
    listen(stream, bent, 2)
    for sequence in (65534, 1, 65535):
        anna.send(rtp_packet(1, sequence, 0))
    pump.run()
    assert set(stream.missing) == {0}
    assert stream.lost == 1
    anna.send(rtp_packet(1, 0, 0))
    pump.run()
    assert stream.missing == {}
    assert stream.lost == 0
    assert [sequence for sequence, _ in numbers(bent)] == [65534, 1, 65535, 0]


async def test_a_great_jump_asks_for_a_picture_instead_of_hundreds_of_packets(
    pump: Pump, anna: Party, bent: Party
) -> None:
    wanted = []
    pump.wants_picture = wanted.append
    stream = publish(anna, 1)
    listen(stream, bent, 2)
    for sequence in (0, 1000):
        anna.send(rtp_packet(1, sequence, 0))
    pump.run()
    assert stream.missing == {}
    assert wanted == [stream]


async def test_the_highest_number_counts_on_beyond_the_end(pump: Pump, anna: Party) -> None:
    stream = publish(anna, 1)
    for sequence in (65530, 65535, 65540, 65541):
        anna.send(rtp_packet(1, sequence, 0))
    pump.run()
    assert stream.advance() == 65541
    assert stream.base == 65530


async def test_a_lost_packet_is_sent_again_from_the_ring(pump: Pump, anna: Party, bent: Party) -> None:
    stream = publish(anna, 1)
    copy = listen(stream, bent, 2)
    copy.sequence_offset = 5
    for sequence in range(300):
        anna.send(rtp_packet(1, sequence, sequence, b"%d" % sequence))
        pump.run()
    bent.opening = type(bent.opening)()  # what was lost was never opened
    bent.sock.recv(2000)
    while bent.receive():
        pass
    assert pump.send_again(stream, copy, 299)
    assert pump.send_again(stream, copy, 300 - RING)
    assert not pump.send_again(stream, copy, 299 - RING)
    assert not pump.send_again(stream, copy, 300)


async def test_what_is_sent_again_is_what_was_lost(pump: Pump, anna: Party, bent: Party) -> None:
    stream = publish(anna, 1)
    copy = listen(stream, bent, 2)
    anna.send(rtp_packet(1, 10, 99, b"lost"))
    pump.run()
    bent.sock.recv(2000)
    assert pump.send_again(stream, copy, 10)
    assert bent.receive() == [rtp_packet(2, 10, 99, b"lost")]


async def test_a_listeners_numbers_run_on_when_the_sender_connects_anew(
    pump: Pump, anna: Party, bent: Party, carl: Party
) -> None:
    first, second = publish(anna, 1), publish(carl, 5)
    copy = listen(first, bent, 2)
    anna.send(rtp_packet(1, 100, 90_000))
    pump.run()
    copy.detach(first)
    anna.port.streams.clear()
    await asyncio.sleep(0.1)
    carl.port.started = copy.attach
    carl.send(rtp_packet(5, 40_000, 7_000_000))
    pump.run()
    (before, earlier), (after, later) = numbers(bent)
    assert after == before + 1
    # A tenth of a second has passed, and the listener's clock says so.
    assert 0.08 * 90_000 < later - earlier < 0.4 * 90_000
    assert second.copies == (copy,)


async def test_who_wants_a_stream_again_misses_no_number(pump: Pump, anna: Party, bent: Party) -> None:
    stream = publish(anna, 1)
    copy = listen(stream, bent, 2)

    def play(*sequences: int) -> list[int]:
        for sequence in sequences:
            anna.send(rtp_packet(1, sequence, sequence * 900))
        pump.run()
        return [number for number, _ in numbers(bent)]

    assert play(1, 2) == [1, 2]
    copy.detach(stream)
    assert play(3, 4, 5) == []
    copy.attach(stream)
    assert play(6, 7) == [3, 4]


async def test_a_stream_that_floods_rests_until_it_is_calm_and_others_go_on(
    pump: Pump, anna: Party, bent: Party
) -> None:
    loud, calm = publish(anna, 1), publish(anna, 2, picture=False)
    listen(loud, bent, 11)
    listen(calm, bent, 12)

    def play(packets: int) -> tuple[int, int]:
        """A second with so many packets of the one and two of the other: how many of each go on."""
        for ssrc, count in ((1, packets), (2, 2)):
            for _ in range(count):
                sent[ssrc] += 1
                anna.send(rtp_packet(ssrc, sent[ssrc], 0))
        while pump.run():
            pass
        found = [rtp.NUMBERS.unpack_from(packet, 2)[2] for packet in bent.receive()]
        for stream in (loud, calm):
            stream.count(1.0, 100)
        return found.count(11), found.count(12)

    sent = {1: 0, 2: 0}
    assert play(90) == (90, 2)
    assert play(150) == (150, 2)
    assert play(150) == (0, 2)
    assert play(50) == (0, 2)
    assert play(50) == (50, 2)
    assert (loud.packets, calm.packets) == (50, 2)


async def test_who_joins_while_a_stream_rests_gets_it_afterwards(pump: Pump, anna: Party, bent: Party) -> None:
    stream = publish(anna, 1)
    for sequence in range(20):
        anna.send(rtp_packet(1, sequence, sequence))
    pump.run()
    stream.count(1.0, 10)
    copy = listen(stream, bent, 2)
    anna.send(rtp_packet(1, 20, 20))
    pump.run()
    assert bent.receive() == []
    stream.count(1.0, 10)
    anna.send(rtp_packet(1, 21, 21))
    pump.run()
    assert len(bent.receive()) == 1
    copy.detach(stream)
    assert stream.copies == ()


async def test_a_flood_at_one_port_takes_no_turn_of_others(pump: Pump, anna: Party, bent: Party, carl: Party) -> None:
    listen(publish(anna, 1), bent, 2)
    for _ in range(400):
        carl.sock.send(b"\x80\x60" + bytes(200))
    for sequence in range(TURNS):
        anna.send(rtp_packet(1, sequence, 0))
    pump.run()
    assert len(bent.receive()) == TURNS


async def test_a_stranger_cannot_reach_a_connected_port(pump: Pump, anna: Party, bent: Party, carl: Party) -> None:
    listen(publish(anna, 1), bent, 2)
    sealed = anna.sending.protect(rtp_packet(1, 1, 1))
    stranger = carl.sock.dup()
    stranger.connect(anna.relay_sock.getsockname())
    stranger.send(sealed)
    stranger.close()
    pump.run()
    assert bent.receive() == []
    anna.sock.send(sealed)
    pump.run()
    assert len(bent.receive()) == 1


async def test_reports_from_many_ssrcs_do_not_pile_up(pump: Pump, anna: Party) -> None:
    heard: list[bytes] = []
    anna.port.report = lambda packet: heard.append(bytes(packet))
    for ssrc in range(1, 40):
        anna.send_report(bytes.fromhex("80c90001") + ssrc.to_bytes(4, "big"))
    for _ in range(3):
        pump.run()
    assert len(heard) == 16
    assert len(anna.port.reporters) == 16
