"""What participants are told of each other by a live worker: away and back, wanted, poor, and taking over."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest

from media.engines.relay import rtcp, wire
from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.worker import Options, Worker
from tests.media.engines.relay.peer import SECRET, Events, Peer


def away(seat: str, who: str, *, is_away: bool = True) -> dict[str, object]:
    return {"event": "away", "room": "room", "seat": seat, "who": who, "away": is_away}


def is_like(wanted: dict[str, object]) -> object:
    return lambda message: wanted.items() <= message.items()


@pytest.fixture
async def pair(pump: Pump, client: RelayClient, events: Events) -> tuple[Peer, Peer]:
    """Anna and Bent, who hear each other."""
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await anna.join()
    await bent.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    return anna, bent


async def test_the_others_are_told_within_five_seconds_that_somebody_vanished_and_of_the_return(
    pump: Pump, client: RelayClient, events: Events, pair: tuple[Peer, Peer]
) -> None:
    anna, bent = pair
    events.all.clear()
    anna.vanish()
    began = monotonic()
    told = await events.wait(is_like(away("bent", "anna")), 6)
    assert monotonic() - began < 5
    assert told["epoch"] == bent.epoch
    await events.wait(lambda m: m["event"] == "lost" and m["seat"] == "anna" and m["leg"] == "publish", 3)
    await asyncio.sleep(0.3)
    # Bent's sections are kept for her, and he is told once.
    assert [m for m in events.all if m["seat"] == "bent"] == []
    again = Peer(pump, client, events, "anna")
    await again.join()
    await events.wait(is_like(away("bent", "anna", is_away=False)), 2)
    again.send(1)
    await asyncio.sleep(0.1)
    assert bent.received == 1
    assert [m for m in events.all if m["seat"] == "bent"] == []


async def test_who_is_silent_for_a_while_is_away_and_back_with_the_next_packet(
    events: Events, pair: tuple[Peer, Peer]
) -> None:
    anna, bent = pair
    anna.hush(silent=True)
    await events.wait(is_like(away("bent", "anna")), 6)
    anna.hush(silent=False)
    anna.send(1)
    await events.wait(is_like(away("bent", "anna", is_away=False)), 2)
    anna.send(2)
    await asyncio.sleep(0.1)
    assert bent.received == 2
    assert not [m for m in events.all if m["event"] == "lost"]


async def test_who_connects_anew_is_away_meanwhile_and_told_nothing_of_it(
    pump: Pump, client: RelayClient, events: Events, pair: tuple[Peer, Peer]
) -> None:
    again = Peer(pump, client, events, "anna")
    await again.join()
    told = [(m["seat"], m["who"], m["away"]) for m in events.all if m["event"] == "away"]
    assert told == [("bent", "anna", True), ("bent", "anna", False)]


@pytest.mark.parametrize("forgets", [False, True])
async def test_who_was_away_and_forgotten_is_told_to_be_back(
    pump: Pump, client: RelayClient, events: Events, pair: tuple[Peer, Peer], forgets: bool
) -> None:
    anna, _ = pair
    anna.vanish()
    await events.wait(is_like(away("bent", "anna")), 6)
    await events.wait(lambda m: m["event"] == "lost" and m["seat"] == "anna" and m["leg"] == "publish", 3)
    if forgets:
        client.say("leave", "room", "anna", anna.epoch)
        await events.offer("bent", "subscribe", 3)
    again = Peer(pump, client, events, "anna")
    await again.join()
    await events.wait(is_like(away("bent", "anna", is_away=False)), 2)


async def test_who_comes_is_told_nothing_of_those_who_left_while_away(
    pump: Pump, client: RelayClient, events: Events, pair: tuple[Peer, Peer]
) -> None:
    anna, _ = pair
    anna.vanish()
    await events.wait(is_like(away("bent", "anna")), 6)
    client.leave("room", "anna")
    carl = Peer(pump, client, events, "carl")
    await carl.join()
    assert [m for m in events.all if m["event"] == "away"] == []


async def test_who_comes_while_somebody_is_away_is_told(
    pump: Pump, client: RelayClient, events: Events, pair: tuple[Peer, Peer]
) -> None:
    anna, _ = pair
    anna.vanish()
    await events.wait(is_like(away("bent", "anna")), 6)
    carl = Peer(pump, client, events, "carl")
    await carl.join()
    told = await events.wait(lambda m: m["event"] == "away" and m["seat"] == "carl", 2)
    assert (told["who"], told["away"]) == ("anna", True)


async def test_who_leaves_is_not_away(client: RelayClient, events: Events, pair: tuple[Peer, Peer]) -> None:
    client.leave("room", "anna")
    await events.offer("bent", "subscribe", 3)
    assert not [m for m in events.all if m["event"] == "away"]


async def test_senders_are_told_what_anybody_wants_of_them(pump: Pump, client: RelayClient, events: Events) -> None:
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")

    async def wanted(seat: str) -> list[str]:
        told = await events.wait(lambda m: m["event"] == "wanted" and m["seat"] == seat, 3)
        assert told["epoch"] == {"anna": anna, "bent": bent}[seat].epoch
        sources: list[str] = told["sources"]
        return sources

    await anna.join()
    assert await wanted("anna") == []
    await bent.join()
    assert await wanted("anna") == ["microphone", "camera", "screen"]
    assert await wanted("bent") == ["microphone", "camera", "screen"]
    carl = Peer(pump, client, events, "carl")
    await carl.join()
    client.say("want", "room", "bent", bent.epoch, sources={"anna": ["microphone"]})
    client.say("want", "room", "carl", carl.epoch, sources={"anna": ["screen"]})
    assert await wanted("anna") == ["microphone", "screen"]
    client.leave("room", "carl")
    assert await wanted("anna") == ["microphone"]
    client.say("want", "room", "bent", bent.epoch, sources={"anna": ["microphone"], "carl": []})
    client.leave("room", "bent")
    assert await wanted("anna") == []
    assert not [m for m in events.all if m["event"] == "wanted" and m["seat"] != "carl"]


async def test_a_sender_is_told_of_what_flickers_at_most_five_times_a_second_and_of_how_it_ends(
    client: RelayClient, events: Events, pair: tuple[Peer, Peer]
) -> None:
    _, bent = pair
    await asyncio.sleep(0.3)
    events.all.clear()
    for number in range(100):
        client.say("want", "room", "bent", bent.epoch, sources={"anna": ["camera"] if number % 2 else []})
        await asyncio.sleep(0.01)
    client.say("want", "room", "bent", bent.epoch, sources={"anna": ["screen"]})
    await asyncio.sleep(0.5)
    told = [m["sources"] for m in events.all if m["event"] == "wanted"]
    assert told[-1] == ["screen"]
    assert 2 < len(told) <= 9


async def test_a_listener_whose_line_holds_under_100_kbit_is_told_while_it_gets_pictures(
    events: Events, pair: tuple[Peer, Peer]
) -> None:
    anna, bent = pair

    async def play(seconds: float) -> list[wire.Message]:
        end = monotonic() + seconds
        nonlocal sequence
        while monotonic() < end:
            sequence += 1
            anna.send(sequence, picture=True, payload=bytes(500))
            if sequence % 10 == 0:
                bent.report(rtcp.build_receiver_report(7, ()) + rtcp.build_remb(7, bitrate, [1]))
            await asyncio.sleep(0.02)
        return [m for m in events.all if m["event"] == "poor"]

    sequence, bitrate = 0, 300_000
    assert await play(2.5) == []
    bitrate = 90_000
    assert await play(2.5) == []
    (poor,) = await play(3)
    assert (poor["seat"], poor["epoch"]) == ("bent", bent.epoch)
    # Told again after five seconds at the soonest.
    assert len(await play(2)) == 1
    assert len(await play(4)) == 2


async def test_another_web_process_takes_over_and_is_told_how_things_stand(
    options: Options, client: RelayClient, events: Events, pair: tuple[Peer, Peer]
) -> None:
    anna, bent = pair
    others = Events()
    second = RelayClient(options.url, SECRET, others)
    second.join("room", "anna", anna.epoch, resume=True)
    second.start()
    told = [await others.wait(lambda m: m["seat"] == "anna", 3) for _ in range(2)]
    assert [(m["event"], m.get("who"), m.get("away"), m.get("sources")) for m in told] == [
        ("away", "bent", False, None),
        ("wanted", None, None, ["microphone", "camera", "screen"]),
    ]
    events.all.clear()
    bent.send(1)
    await asyncio.sleep(0.1)
    assert anna.received == 1
    assert events.all == others.all == []
    await second.stop()


async def test_connections_that_are_gone_are_not_taken_over_and_nothing_is_made(
    worker: Worker, client: RelayClient, events: Events
) -> None:
    client.join("room", "anna", 7, resume=True)
    lost = await events.wait(lambda m: m["seat"] == "anna", 3)
    assert (lost["event"], lost["leg"], lost["reason"], lost["epoch"]) == ("lost", "publish", "closed", 7)
    assert worker.load()["rooms"] == 0


async def test_an_older_epoch_is_not_taken_over_either(
    worker: Worker, options: Options, client: RelayClient, events: Events, pair: tuple[Peer, Peer]
) -> None:
    anna, _ = pair
    others = Events()
    second = RelayClient(options.url, SECRET, others)
    second.join("room", "anna", anna.epoch - 1, resume=True)
    second.start()
    lost = await others.wait(lambda m: m["event"] == "lost", 3)
    assert lost["epoch"] == anna.epoch - 1
    # Whoever speaks for her still does.
    client.leave("room", "bent")
    await events.offer("anna", "subscribe", 3)
    assert worker.load()["participants"] == 1
    await second.stop()


async def test_a_leg_that_was_lost_meanwhile_is_told_when_the_rest_is_taken_over(
    options: Options, client: RelayClient, events: Events, pair: tuple[Peer, Peer]
) -> None:
    anna, _ = pair
    await anna.legs["subscribe"].transport.close()
    await events.wait(lambda m: m["event"] == "lost", 3)
    others = Events()
    second = RelayClient(options.url, SECRET, others)
    second.join("room", "anna", anna.epoch, resume=True)
    second.start()
    lost = await others.wait(lambda m: m["event"] == "lost", 3)
    assert (lost["leg"], lost["reason"]) == ("subscribe", "closed")
    await second.stop()
