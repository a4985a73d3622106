"""A worker, spoken to over its socket, with peers that make real ICE, DTLS and SRTP."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from media.engines.relay import wire
from media.engines.relay.client import RelayClient, epochs
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses
from media.engines.relay.worker import HANDSHAKES, Options, Worker
from tests.media.engines.relay.peer import SECRET, Events, Peer


async def test_two_peers_hear_each_other(pump: Pump, client: RelayClient, events: Events) -> None:
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await anna.join()
    await bent.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    await asyncio.sleep(0.1)
    for sequence in range(10):
        anna.send(sequence)
        bent.send(sequence)
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.1)
    assert (anna.received, bent.received) == (10, 10)


async def test_every_section_is_told_whose_it_is(pump: Pump, client: RelayClient, events: Events) -> None:
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await anna.join()
    assert anna.tracks == {}
    await bent.join()
    assert bent.tracks == {
        "0": {"seat": "anna", "source": "microphone"},
        "1": {"seat": "anna", "source": "camera"},
        "2": {"seat": "anna", "source": "screen"},
    }


async def test_sections_of_one_who_left_are_used_again(pump: Pump, client: RelayClient, events: Events) -> None:
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await anna.join()
    await bent.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    client.leave("room", "bent")
    empty = await events.offer("anna", "subscribe")
    assert empty["tracks"] == {}
    assert empty["sdp"].count("a=inactive") == 3
    await anna.answer(empty)
    carl = Peer(pump, client, events, "carl")
    await carl.join()
    again = await events.offer("anna", "subscribe")
    assert again["sdp"].count("m=") == 3
    assert {track["seat"] for track in again["tracks"].values()} == {"carl"}


async def test_who_wants_no_sound_gets_none(pump: Pump, client: RelayClient, events: Events) -> None:
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await anna.join()
    await bent.join()
    client.say("want", "room", "bent", bent.epoch, sources={"anna": ["camera"]})
    await asyncio.sleep(0.1)
    anna.send(1)
    await asyncio.sleep(0.1)
    assert bent.received == 0


async def test_a_peer_that_vanishes_is_noticed_within_five_seconds(
    pump: Pump, client: RelayClient, events: Events
) -> None:
    anna = Peer(pump, client, events, "anna")
    await anna.join()
    anna.send(1)
    for connection in anna.legs.values():
        for sock in connection.sockets:
            sock.close()
    began = monotonic()
    lost = [await events.wait(lambda m: m["event"] == "lost", 6) for _ in range(2)]
    assert monotonic() - began < 5
    assert {message["leg"] for message in lost} == {"publish", "subscribe"}
    assert {message["reason"] for message in lost} == {"silent"}


async def test_a_peer_that_closes_is_noticed_at_once(pump: Pump, client: RelayClient, events: Events) -> None:
    anna = Peer(pump, client, events, "anna")
    await anna.join()
    await anna.legs["publish"].transport.close()
    lost = await events.wait(lambda m: m["event"] == "lost", 1)
    assert (lost["leg"], lost["reason"]) == ("publish", "closed")


async def test_a_new_epoch_replaces_both_legs_and_the_old_one_is_dead(
    pump: Pump, client: RelayClient, events: Events
) -> None:
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await anna.join()
    await bent.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    again = Peer(pump, client, events, "anna")
    await again.join()
    client.say("leave", "room", "anna", anna.epoch)
    await asyncio.sleep(0.1)
    for sequence in range(5):
        again.send(sequence)
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.1)
    # No new offer was needed: bent hears anna in the section where she was.
    assert bent.received == 5
    assert not [m for m in events.all if m["event"] == "offer" and m["seat"] == "bent"]


async def test_the_same_epoch_takes_over_without_disturbing(
    worker: Worker, options: Options, pump: Pump, client: RelayClient, events: Events
) -> None:
    anna = Peer(pump, client, events, "anna")
    await anna.join()
    others = Events()
    second = RelayClient(options.url, SECRET, others)
    second.join("room", "anna", anna.epoch)
    second.start()
    await asyncio.wait_for(second.connected.wait(), 5)
    await client.stop()
    bent = Peer(pump, second, others, "bent")
    second.join("room", "bent", bent.epoch)
    offer = await others.offer("anna", "subscribe")
    assert {track["seat"] for track in offer["tracks"].values()} == {"bent"}
    assert not [m for m in others.all if m["event"] == "offer" and m["seat"] == "anna" and m["leg"] == "publish"]
    await second.stop()


async def test_an_answer_to_another_offer_changes_nothing(pump: Pump, client: RelayClient, events: Events) -> None:
    anna = Peer(pump, client, events, "anna")
    client.join("room", "anna", anna.epoch)
    offer = await events.offer("anna", "publish")
    await anna.answer({**offer, "revision": 7}, connect=False)
    await anna.answer(offer, connect=False)
    await anna.legs["publish"].connect(offer["sdp"])
    await events.wait(lambda m: m["event"] == "up")


@pytest.mark.parametrize("sdp", ["x", "v=0\r\n", "a=ice-ufrag:a\r\na=ice-pwd:b\r\n" * 500])
async def test_an_answer_that_cannot_be_used_loses_the_leg_and_nothing_else(
    pump: Pump, client: RelayClient, events: Events, sdp: str
) -> None:
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await bent.join()
    client.join("room", "anna", anna.epoch)
    offer = await events.offer("anna", "publish")
    client.say("answer", "room", "anna", anna.epoch, leg="publish", revision=offer["revision"], sdp=sdp)
    lost = await events.wait(lambda m: m["event"] == "lost")
    assert (lost["seat"], lost["reason"]) == ("anna", "refused")
    await asyncio.sleep(1.2)
    assert not [m for m in events.all if m["event"] == "lost"]


async def test_load_is_told_to_everybody(pump: Pump, client: RelayClient, events: Events) -> None:
    anna = Peer(pump, client, events, "anna")
    await anna.join()
    async with asyncio.timeout(5):
        while client.load.get("participants") != 1:
            await asyncio.sleep(0.1)
    assert client.load["rooms"] == 1


async def test_who_does_not_know_the_secret_is_turned_away(worker: Worker, options: Options) -> None:
    path = wire.place(options.url).path
    assert Path(path).stat().st_mode & 0o077 == 0
    reader, writer = await asyncio.open_unix_connection(path)
    await reader.readline()
    writer.write(wire.dump({"do": "hello", "proof": "0" * 64}))
    writer.write(wire.dump({"do": "join", "room": "r", "seat": "s", "epoch": 1}))
    assert await asyncio.wait_for(reader.read(), 3) == b""
    assert worker.load()["rooms"] == 0
    writer.close()


NONSENSE = [
    b"\n",
    b"{}\n",
    b"[]\n",
    b"null\n",
    b'{"do": 1}\n',
    b'{"do":"join","room":"","seat":"s","epoch":1}\n',
    b'{"do":"join","room":"r","seat":"s","epoch":"1"}\n',
    b'{"do":"join","room":"r","seat":"s","epoch":true}\n',
    b'{"do":"join","room":"r","seat":"s","epoch":-1}\n',
    b'{"do":"fly","room":"room","seat":"s","epoch":1}\n',
    b'{"do":"answer","room":"room","seat":"anna","epoch":1,"leg":"both"}\n',
    b'{"do":"want","room":"room","seat":"anna","epoch":1,"sources":[1]}\n',
    b"[" * 50_000 + b"\n",
    b"\xff\xfe\n",
]


async def test_nonsense_on_the_line_is_answered_and_forgotten(
    worker: Worker, options: Options, pump: Pump, client: RelayClient, events: Events
) -> None:
    anna = Peer(pump, client, events, "anna")
    await anna.join()
    reader, writer = await asyncio.open_unix_connection(wire.place(options.url).path)
    hello = wire.load(await reader.readline())
    writer.write(wire.dump({"do": "hello", "proof": wire.prove(SECRET, hello["nonce"])}))
    writer.writelines(NONSENSE)
    answers = [wire.load(await asyncio.wait_for(reader.readline(), 3)) for _ in NONSENSE]
    assert [m for m in answers if m["event"] not in {"failed", "load"}] == []
    writer.write(b"x" * 1_000_000)
    with suppress(ConnectionError):
        await asyncio.wait_for(reader.read(), 3)
    writer.close()
    assert worker.load()["participants"] == 1


async def test_those_who_never_shake_hands_hold_nobody_up(pump: Pump, client: RelayClient, events: Events) -> None:
    for number in range(HANDSHAKES // 2):
        mute = Peer(pump, client, events, f"mute{number}")
        client.join("room", mute.seat, mute.epoch)
        for leg in ("publish", "subscribe"):
            offer = await events.offer(mute.seat, leg)
            await mute.answer(offer, connect=False)
            assert await mute.legs[leg].find_pair(offer["sdp"])
    began = monotonic()
    await Peer(pump, client, events, "anna").join()
    assert monotonic() - began < 3


async def test_addresses_that_a_browser_names_get_nothing(pump: Pump, client: RelayClient, events: Events) -> None:
    anna = Peer(pump, client, events, "anna")
    client.join("room", "anna", anna.epoch)
    offer = await events.offer("anna", "publish")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as named:
        named.bind(("127.0.0.1", 0))
        named.settimeout(2)
        await anna.answer(offer, connect=False, named=named.getsockname())
        with pytest.raises(TimeoutError):
            await asyncio.to_thread(named.recv, 100)
    # Where its checks come from is where it is.
    await anna.legs["publish"].connect(offer["sdp"])
    await events.wait(lambda m: m["event"] == "up")


async def test_no_port_left_is_said(tmp_path: Path) -> None:
    options = Options(f"unix://{tmp_path}/w.sock", SECRET, Addresses(bind=("127.0.0.1",), ports=(47310, 47310)))
    worker = Worker(options)
    await worker.start()
    events = Events()
    client = RelayClient(options.url, SECRET, events)
    client.join("room", "anna", epochs.next())
    client.start()
    failed = await events.wait(lambda m: m["event"] == "failed")
    assert failed["code"] == "no_port"
    await client.stop()
    await worker.stop()


async def test_the_public_address_is_what_browsers_are_told(tmp_path: Path) -> None:
    addresses = Addresses(bind=("127.0.0.1",), public="192.0.2.7", ports=(47320, 47339))
    options = Options(f"unix://{tmp_path}/w.sock", SECRET, addresses)
    worker = Worker(options)
    await worker.start()
    events = Events()
    client = RelayClient(options.url, SECRET, events)
    client.join("room", "anna", epochs.next())
    client.start()
    offer = await events.offer("anna", "publish")
    (line,) = [line for line in offer["sdp"].splitlines() if line.startswith("a=candidate")]
    words = line.split()
    assert words[4] == "192.0.2.7"
    assert 47320 <= int(words[5]) <= 47339
    await client.stop()
    await worker.stop()


def start(options: Options, stderr: int | None = None) -> subprocess.Popen[bytes]:
    code = (
        "import asyncio, sys; from media.engines.relay.worker import Options, run; "
        "from media.engines.relay.sockets import Addresses; "
        "asyncio.run(run(Options(sys.argv[1], sys.argv[2], Addresses(bind=('127.0.0.1',)))))"
    )
    return subprocess.Popen([sys.executable, "-c", code, options.url, options.secret], stderr=stderr)


async def test_a_worker_that_died_offers_anew_when_it_is_back(options: Options, pump: Pump, events: Events) -> None:
    process = start(options)
    client = RelayClient(options.url, SECRET, events)
    client.start()
    await asyncio.wait_for(client.connected.wait(), 15)
    anna = Peer(pump, client, events, "anna")
    await anna.join()
    process.kill()
    process.wait()
    process = start(options)
    offer = await events.offer("anna", "publish", 15)
    assert offer["epoch"] > anna.epoch
    await client.stop()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, 5) == 0


async def test_sigterm_says_goodbye_to_browsers(options: Options, pump: Pump, events: Events) -> None:
    process = start(options, subprocess.PIPE)
    client = RelayClient(options.url, SECRET, events)
    client.start()
    await asyncio.wait_for(client.connected.wait(), 15)
    anna = Peer(pump, client, events, "anna")
    await anna.join()
    gone = asyncio.Event()
    anna.legs["publish"].transport.on_closed(gone.set)
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(gone.wait(), 3)
    _, words = await asyncio.to_thread(process.communicate, None, 5)
    assert (process.returncode, words) == (0, b"")
    assert not Path(wire.place(options.url).path).exists()
    await client.stop()
