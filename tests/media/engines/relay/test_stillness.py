"""A worker whose pump stands still ends, so that another one is started."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from time import monotonic

from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.stillness import STILL_SECONDS, Stillness
from media.engines.relay.worker import Options
from tests.media.engines.relay.parties import join, publish, rtp_packet
from tests.media.engines.relay.peer import SECRET, Events, Peer


async def test_a_pump_that_has_nothing_to_do_or_much_does_not_stand_still(pump: Pump) -> None:
    party = join(pump)
    publish(party, 1)
    stillness = Stillness(pump, seconds=1.0)
    assert [stillness.look() for _ in range(20)] == [False] * 20
    for sequence in range(20):
        party.send(rtp_packet(1, sequence, 0))
        await asyncio.sleep(0.005)
        assert not stillness.look()
    party.close(pump)


async def test_one_that_leaves_unread_what_comes_stands_still_after_five_seconds_and_not_before(pump: Pump) -> None:
    party = join(pump)
    publish(party, 1)
    stillness = Stillness(pump, seconds=1.0)
    stillness.look()
    party.send(rtp_packet(1, 1, 0))
    # The loop has not run since: as far as the pump knows, no time has passed.
    looks = [stillness.look() for _ in range(6)]
    assert looks == [False, False, False, False, True, True]
    await asyncio.sleep(0.02)
    assert not stillness.look()
    party.close(pump)


async def test_its_worker_says_so_and_ends(options: Options, pump: Pump, events: Events) -> None:
    code = (
        "import asyncio, sys; from media.engines.relay.forward import Pump; "
        "from media.engines.relay.sockets import Addresses; from media.engines.relay.worker import Options, run; "
        "Pump._look = lambda pump: None; "
        "asyncio.run(run(Options(sys.argv[1], sys.argv[2], Addresses(bind=('127.0.0.1',)))))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, options.url, SECRET], stderr=subprocess.PIPE)
    client = RelayClient(options.url, SECRET, events)
    client.start()
    await asyncio.wait_for(client.connected.wait(), 15)
    began = monotonic()
    anna = Peer(pump, client, events, "anna")
    client.join("room", "anna", anna.epoch)
    connecting = asyncio.create_task(anna.answer(await events.offer("anna", "publish")))
    _, words = await asyncio.to_thread(process.communicate, None, 15)
    assert STILL_SECONDS - 1 < monotonic() - began < 12
    assert b"nothing was read for five seconds" in words
    assert process.returncode == 0
    connecting.cancel()
    await client.stop()
