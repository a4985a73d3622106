"""Who has left takes OpenSSL's and libsrtp's memory along at once, and does not wait for the collector of circles."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.worker import Worker
from tests.media.engines.relay.peer import Events, Peer


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def test_nothing_of_a_call_is_left_when_it_is_over(
    worker: Worker, pump: Pump, client: RelayClient, events: Events, no_collector: None
) -> None:
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await anna.join()
    await bent.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    (held,) = worker._rooms.values()
    legs = [leg for seat in held.room.participants.values() for leg in (seat.publish, seat.subscribe) if leg]
    heavy: list[weakref.ref[object]] = []
    for leg in legs:
        dtls = leg._transport._dtls
        heavy += [weakref.ref(part) for part in (leg, dtls, dtls._ssl, dtls._rx_srtp, dtls._tx_srtp)]
    assert len(heavy) == 4 * 5
    del held, legs, leg, dtls
    for peer in (anna, bent):
        client.leave("room", peer.seat)
    async with asyncio.timeout(8):
        while worker._rooms:
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.2)
    assert [type(found).__name__ for ref in heavy if (found := ref()) is not None] == []
