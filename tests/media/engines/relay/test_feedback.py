"""Reports and requests between senders and listeners, over real sockets and real SRTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from media.engines.relay import feedback as module
from media.engines.relay import routes, rtcp, rtp
from media.engines.relay.feedback import Feedback, Listener, Sender
from media.engines.relay.forward import Pump
from media.engines.relay.participant import Participant, Slot
from media.engines.relay.sdp import Section
from media.engines.relay.streams import Copy, Stream
from tests.media.engines.relay.parties import Party, join, listen, publish, rtp_packet

PICTURE, SOUND = 1, 2


@dataclass
class Played:
    """Anna sends; Bent and Carl listen."""

    pump: Pump
    feedback: Feedback
    anna: Party
    bent: Party
    carl: Party
    stream: Stream
    copies: tuple[Copy, Copy]
    sender: Sender
    listeners: tuple[Listener, Listener]

    def play(self, *sequences: int) -> None:
        for sequence in sequences:
            self.anna.send(rtp_packet(PICTURE, sequence, sequence * 900, b"%d" % sequence))
        self.pump.run()

    def told(self, party: Party) -> list[rtcp.Part]:
        return [part for packet in party.receive_reports() for part in rtcp.split(packet)]

    def asked(self) -> list[list[int]]:
        """The requests for lost packets that Anna got."""
        return [found[1] for part in self.told(self.anna) if (found := rtcp.nacked(part)) is not None]


@pytest.fixture
async def played() -> AsyncIterator[Played]:
    pump = Pump(asyncio.get_running_loop())
    feedback = Feedback(pump)
    anna, bent, carl = join(pump), join(pump), join(pump)
    stream = publish(anna, PICTURE)
    copies = listen(stream, bent, 11), listen(stream, carl, 12)
    sender = Sender(anna.port, b"anna")
    listeners = Listener(bent.port), Listener(carl.port)
    for listener, copy in zip(listeners, copies, strict=True):
        listener.copies[copy.ssrc] = (stream, copy)
    anna.port.report = lambda packet: feedback.heard_from_sender(sender, packet)
    bent.port.report = lambda packet: feedback.heard_from_listener(listeners[0], packet)
    carl.port.report = lambda packet: feedback.heard_from_listener(listeners[1], packet)
    yield Played(pump, feedback, anna, bent, carl, stream, copies, sender, listeners)
    for party in (anna, bent, carl):
        party.close(pump)
    pump.close()


def pictures(parts: list[rtcp.Part]) -> list[int]:
    return [ssrc for part in parts for ssrc in rtcp.pictures_wanted(part)]


# --- Whole pictures ------------------------------------------------------------------------------------------


async def test_however_many_ask_for_a_picture_the_sender_is_asked_once_in_300_ms(played: Played) -> None:
    played.play(1)
    for _ in range(5):
        played.bent.send_report(rtcp.build_receiver_report(7, ()) + rtcp.build_pli(7, 11))
        played.carl.send_report(rtcp.build_receiver_report(7, ()) + rtcp.build_pli(7, 12))
        played.pump.run()
        played.feedback.tick()
    assert pictures(played.told(played.anna)) == [PICTURE]
    await asyncio.sleep(module.PICTURE_PAUSE + 0.02)
    played.feedback.tick()
    # One more for all who asked meanwhile, and then no more.
    assert pictures(played.told(played.anna)) == [PICTURE]
    await asyncio.sleep(module.PICTURE_PAUSE + 0.02)
    played.feedback.tick()
    assert pictures(played.told(played.anna)) == []


async def test_nobody_asks_for_a_picture_of_sound_or_of_what_has_not_begun(played: Played) -> None:
    sound = publish(played.anna, SOUND, picture=False)
    played.feedback.ask_picture(sound)
    played.feedback.ask_picture(played.stream)
    assert played.told(played.anna) == []


async def test_a_stream_that_is_gone_is_asked_nothing_any_more(played: Played) -> None:
    played.play(1, 3)
    for _ in range(2):
        played.feedback.ask_picture(played.stream)
    played.feedback.ask_packets()
    assert len(played.told(played.anna)) == 4
    played.feedback.forget(played.stream)
    await asyncio.sleep(module.PICTURE_PAUSE + 0.02)
    played.feedback.tick()
    assert played.told(played.anna) == []


# --- Lost packets --------------------------------------------------------------------------------------------


async def test_a_gap_is_asked_for_at_once_again_soon_and_then_given_up(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ASK_AGAIN", 0.0)
    played.play(1, 4)
    played.feedback.ask_packets()
    assert played.asked() == [[2, 3]]
    for _ in range(3 * module.ASK_TIMES):
        played.feedback.tick()
    assert played.asked() == [[2, 3]] * (module.ASK_TIMES - 1)
    assert played.stream.missing == {}


async def test_a_packet_is_not_asked_for_twice_within_the_pause(played: Played) -> None:
    played.play(1, 3)
    for _ in range(5):
        played.feedback.ask_packets()
        played.feedback.tick()
    assert played.asked() == [[2]]


async def test_a_packet_that_came_is_not_asked_for_again(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_AGAIN", 0.0)
    played.play(1, 4)
    played.feedback.ask_packets()
    played.play(2)
    played.feedback.tick()
    assert played.asked() == [[2, 3], [3]]


async def test_one_message_asks_for_64_packets_and_the_next_for_the_rest(played: Played) -> None:
    played.play(0, 101)
    played.feedback.ask_packets()
    played.feedback.tick()
    (first, second) = played.asked()
    assert (first, second) == (list(range(1, 65)), list(range(65, 101)))


async def test_a_lost_packet_is_sent_again_to_the_one_who_asks_and_once_more_a_little_later(played: Played) -> None:
    played.copies[0].sequence_offset = 1000
    played.play(1, 2, 3)
    played.bent.receive()
    played.carl.receive()
    sealed = []
    played.bent.opening.unprotect = lambda data: sealed.append(data) or data  # type: ignore[method-assign, func-returns-value]
    played.bent.send_report(rtcp.build_receiver_report(7, ()) + rtcp.build_nack(7, 11, [1002, 1900]))
    played.pump.run()
    played.bent.receive()
    assert [rtp.NUMBERS.unpack_from(data, 2)[::2] for data in sealed] == [(1002, 11)]
    played.feedback.tick()
    assert played.bent.receive() == []
    await asyncio.sleep(module.TWICE_SECONDS + 0.01)
    played.feedback.tick()
    played.feedback.tick()
    played.bent.receive()
    assert len(sealed) == 2
    assert sealed[0] == sealed[1]
    assert played.carl.receive() == []


async def test_one_listener_may_have_only_so_many_packets_again(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.play(1)
    count = 0

    def send_again(*_: object) -> bool:
        nonlocal count
        count += 1
        return False

    monkeypatch.setattr(played.pump, "send_again", send_again)
    for _ in range(20):
        played.bent.send_report(rtcp.build_receiver_report(7, ()) + rtcp.build_nack(7, 11, range(512)))
        played.pump.run()
    assert module.AGAIN_BURST <= count < module.AGAIN_BURST + 0.5 * module.AGAIN_RATE


async def test_who_asks_for_what_it_does_not_get_gets_nothing(played: Played) -> None:
    played.play(1)
    played.carl.receive()
    played.carl.send_report(rtcp.build_receiver_report(7, ()) + rtcp.build_nack(7, 11, [1]) + rtcp.build_pli(7, 11))
    played.pump.run()
    assert played.carl.receive() == []
    assert played.told(played.anna) == []


# --- Clocks --------------------------------------------------------------------------------------------------


async def test_a_senders_clock_goes_on_to_everybody_in_their_own_numbers(played: Played) -> None:
    played.copies[1].timestamp_offset = -100
    played.play(1)
    report = rtcp.SenderReport(PICTURE, 0xE000000180000000, 900, 10, 1000)
    played.anna.send_report(rtcp.build_sender_report(report, b"browser"))
    played.pump.run()
    for party, ssrc, timestamp in ((played.bent, 11, 900), (played.carl, 12, 800)):
        first, second = played.told(party)
        assert rtcp.sender_report(first) == rtcp.SenderReport(ssrc, report.ntp, timestamp, 10, 1000)
        assert second.kind == rtcp.DESCRIPTION
        assert b"anna" in bytes(second.body)


async def test_a_clock_of_a_stream_that_is_not_there_goes_nowhere(played: Played) -> None:
    played.play(1)
    played.anna.send_report(rtcp.build_sender_report(rtcp.SenderReport(9, 1, 1, 1, 1), b"x"))
    played.pump.run()
    assert played.told(played.bent) == []


async def test_the_sender_is_told_how_its_packets_come(played: Played) -> None:
    played.play(10, 11, 14)
    report = rtcp.SenderReport(PICTURE, 0xE000000180000000, 900, 10, 1000)
    played.anna.send_report(rtcp.build_sender_report(report, b"x"))
    played.pump.run()
    await asyncio.sleep(0.1)
    played.feedback.report(played.sender, 0)
    (part,) = played.told(played.anna)
    (block,) = rtcp.report_blocks(part)
    assert (block.ssrc, block.highest, block.lost, block.fraction) == (PICTURE, 14, 2, 256 * 2 // 5)
    assert block.last_report == 0x00018000
    assert 0.1 <= block.delay / 65536 < 0.5
    played.play(15)
    played.feedback.report(played.sender, 0)
    (part,) = played.told(played.anna)
    assert rtcp.report_blocks(part)[0].fraction == 0


# --- Bitrate -------------------------------------------------------------------------------------------------


def limits(played: Played) -> list[int]:
    return [found.bitrate for part in played.told(played.anna) if (found := rtcp.remb(part)) is not None]


async def test_a_limit_is_told_never_under_the_least_and_lifted_once(played: Played) -> None:
    played.play(1)
    told = []
    for limit in (0, 200_000, 10_000, 0, 0):
        played.feedback.report(played.sender, limit)
        told.append([round(bitrate, -3) for bitrate in limits(played)])
    assert told == [[], [200_000], [60_000], [5_000_000], []]


async def test_the_weakest_listener_decides_and_pictures_share_its_line(played: Played) -> None:
    screen = publish(played.anna, 3)
    third = listen(screen, played.bent, 13)
    played.listeners[0].copies[13] = (screen, third)
    played.play(1)
    played.stream.count(1.0, 4000)
    people = {seat: Participant(seat, 1) for seat in ("anna", "bent", "carl")}
    people["anna"].streams = {"camera": played.stream, "screen": screen}
    people["bent"].listener, people["carl"].listener = played.listeners
    assert routes.limit(people, people["anna"]) == 0
    for listener, said in zip(played.listeners, (300_000, 400_000), strict=True):
        listener.line.said = said
        listener.line._is_on_trial = False
    assert routes.limit(people, people["anna"]) == 300_000
    # The screen moves as well: Bent's line is for both of them, and both are Anna's.
    played.anna.send(rtp_packet(3, 1, 1))
    played.pump.run()
    screen.count(1.0, 4000)
    assert routes.limit(people, people["anna"]) == 300_000
    people["anna"].streams = {"camera": played.stream}
    assert routes.limit(people, people["anna"]) == 150_000
    # Whoever wants no picture holds nobody back.
    played.listeners[0].copies.clear()
    assert routes.limit(people, people["anna"]) == 400_000
    assert routes.limit(people, people["carl"]) == 0


async def test_a_listeners_reports_say_what_its_line_carries(played: Played) -> None:
    line = played.listeners[0].line
    played.play(1)
    played.bent.send_report(
        rtcp.build_receiver_report(7, [rtcp.ReportBlock(11, 0, 0, 100, 0, 0, 0)]) + rtcp.build_remb(7, 123_000, [11])
    )
    played.pump.run()
    line.second(sent=500_000, pictures=1, now=1.0)
    assert line.said == 123_000
    for second in range(2, 5):
        block = rtcp.ReportBlock(11, 0, 50 * second, 100 * second, 0, 0, 0)
        stranger = rtcp.ReportBlock(99, 0, 1, 1, 0, 0, 0)
        played.bent.send_report(rtcp.build_receiver_report(7, [block, stranger]))
        played.pump.run()
        line.second(sent=500_000, pictures=1, now=float(second))
    assert line.is_lossy
    assert set(line._blocks) == {11}


async def test_of_a_copy_that_is_not_wanted_any_more_nothing_is_kept(played: Played) -> None:
    played.play(1)
    section = Section("camera", "sendonly", 11, "anna.camera", "anna.camera")
    anna = Participant("anna", 1, streams={"camera": played.stream})
    bent = Participant("bent", 1, listener=played.listeners[0], slots=[Slot(section, "anna", agreed=True)])
    everybody = {"anna": anna, "bent": bent}
    routes.bind(everybody, played.feedback)
    played.listeners[0].line.reported(11, highest=10, lost=0)
    bent.wants = {"anna": frozenset()}
    routes.bind(everybody, played.feedback)
    assert (played.listeners[0].copies, played.listeners[0].line._blocks) == ({}, {})
