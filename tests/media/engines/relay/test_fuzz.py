"""A hundred thousand datagrams that no browser would send, into the port of a call that goes on."""

from __future__ import annotations

import asyncio
import random
from time import process_time

from media.engines.relay import rtcp
from media.engines.relay.feedback import Feedback, Listener, Sender
from media.engines.relay.forward import Pump
from tests.media.engines.relay.parties import join, listen, publish, rtp_packet

DATAGRAMS = 100_000
#: The most that all of it may cost, in seconds of this process's own time.
SECONDS = 10.0


async def test_the_call_goes_on_under_random_and_mutated_datagrams() -> None:
    source = random.Random(20261122)  # the same every time
    pump = Pump(asyncio.get_running_loop())
    feedback = Feedback(pump)
    anna, bent = join(pump), join(pump)
    stream = publish(anna, 1)
    copy = listen(stream, bent, 2)
    sender, listener = Sender(anna.port, b"anna"), Listener(bent.port)
    listener.copies[2] = (stream, copy)
    control: list[bytes] = []
    anna.port.report = lambda packet: feedback.heard_from_sender(sender, packet)
    bent.port.report = lambda packet: feedback.heard_from_listener(listener, packet)
    anna.port.control = control.append

    report = bytes.fromhex("80c80006000000010000000100000002000000030000000400000005")
    seeds = [
        anna.sending.protect(rtp_packet(1, 0, 0, bytes(50))),
        anna.sending.protect_rtcp(report),
        bytes.fromhex("000100002112a442") + bytes(12),
        bytes.fromhex("16fefd0000000000000000002001") + bytes(40),
        rtp_packet(1, 5, 5),
        report,
    ]
    began, sequence, received = process_time(), 0, 0
    for number in range(DATAGRAMS):
        kind = source.randrange(4)
        if kind == 0:
            datagram = source.randbytes(source.randrange(0, 200))
        else:
            mutated = bytearray(source.choice(seeds))
            for position in source.sample(range(len(mutated)), source.randrange(1, 4)):
                mutated[position] ^= source.randrange(1, 256)
            datagram = bytes(mutated[: source.randrange(len(mutated) + 1)] if kind == 1 else mutated)
        (anna if number & 1 else bent).sock.send(datagram)
        if number % 10 == 0:
            # Whoever has keys may still send any nonsense, well sealed.
            genuine = bytearray(source.choice([report, rtcp.build_nack(1, 2, [sequence]), rtcp.build_pli(1, 2)]))
            genuine[source.randrange(4, len(genuine))] = source.randrange(256)
            bent.send_report(bytes(genuine))
        if number % 20 == 0:
            sequence += 1
            anna.send(rtp_packet(1, sequence, sequence * 900, b"the call"))
            pump.run()
            feedback.tick()
            received += sum(1 for packet in bent.receive() if packet.endswith(b"the call"))
    pump.run()
    received += sum(1 for packet in bent.receive() if packet.endswith(b"the call"))
    assert process_time() - began < SECONDS
    assert stream.lost == 0
    assert received >= sequence
    assert len(anna.port.streams) == 1
    assert len(stream.missing) == 0
    anna.close(pump)
    bent.close(pump)
    pump.close()
