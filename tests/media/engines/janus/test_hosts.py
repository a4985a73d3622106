"""Janus goes, comes back, or another one takes over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from media import placement
from media.engine import Device
from media.engines.janus.engine import JanusEngine
from media.errors import NoMediaServer
from media.models import MediaRoom
from media.placement import in_thread
from tests.media.engines.janus.browser import Browser
from tests.support.janus import SECRET, Janus

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
Make = Callable[..., JanusEngine]
Browse = Callable[..., Browser]
ANNA, BENT = "annaannaanna", "bentbentbent"


@pytest.fixture
def devices() -> list[Device]:
    room = uuid4()
    return [Device(room, seat) for seat in (ANNA, BENT)]


async def call(browse: Browse, engine: JanusEngine, devices: list[Device]) -> tuple[Browser, Browser]:
    anna, bent = browse(engine, devices[0]), browse(engine, devices[1])
    await both_see(anna, bent)
    return anna, bent


async def both_see(anna: Browser, bent: Browser, seconds: float = 10) -> None:
    await asyncio.gather(
        anna.gets(BENT, "microphone", "camera", seconds=seconds),
        bent.gets(ANNA, "microphone", "camera", seconds=seconds),
    )


async def host_of(device: Device) -> str:
    return (await MediaRoom.objects.aget(room=device.room)).server


async def test_after_a_restart_everybody_is_asked_to_offer_again(
    make_engine: Make, browse: Browse, janus: Janus, devices: list[Device]
) -> None:
    anna, bent = await call(browse, make_engine(janus), devices)
    began = time.monotonic()
    await asyncio.gather(anna.anew(), bent.anew(), asyncio.to_thread(janus.restart))
    await both_see(anna, bent)
    assert time.monotonic() - began < 5


async def test_without_a_janus_nobody_joins(make_engine: Make, janus: Janus, devices: list[Device]) -> None:
    janus.stop()
    engine = make_engine(janus)
    began = time.monotonic()
    with pytest.raises(NoMediaServer):
        await engine.join(devices[0], now=NINE)
    with pytest.raises(NoMediaServer):
        await anext(engine.events(devices[0]))
    assert time.monotonic() - began < 6
    janus.start()
    assert (await engine.join(devices[0], now=NINE)).engine == "janus"


async def test_one_janus_that_stays_away_is_said_once_and_the_call_goes_on_when_it_is_back(
    make_engine: Make, browse: Browse, janus: Janus, devices: list[Device]
) -> None:
    anna, bent = await call(browse, make_engine(janus), devices)
    janus.kill()
    await anna.hear("failed", code="no_server", epoch=anna.epoch, seconds=6)
    await asyncio.sleep(4)
    assert [event for event in anna.heard if event["event"] == "failed"] == []
    await asyncio.to_thread(janus.start)
    await both_see(anna, bent)


async def test_a_room_moves_when_its_host_stays_away(
    make_engine: Make, browse: Browse, janus: Janus, other_janus: Janus, devices: list[Device]
) -> None:
    anna, bent = await call(browse, make_engine(janus, other_janus), devices)
    gone = await host_of(devices[0])
    await asyncio.to_thread(next(server for server in (janus, other_janus) if server.url == gone).kill)
    began = time.monotonic()
    await both_see(anna, bent)
    assert time.monotonic() - began < 6
    assert await host_of(devices[0]) in {janus.url, other_janus.url} - {gone}


async def test_a_host_that_answers_nothing_has_gone(
    make_engine: Make, browse: Browse, janus: Janus, other_janus: Janus, devices: list[Device]
) -> None:
    anna, bent = await call(browse, make_engine(janus, other_janus), devices)
    gone = await host_of(devices[0])
    next(server for server in (janus, other_janus) if server.url == gone).freeze()
    await asyncio.gather(anna.anew(), bent.anew())
    await both_see(anna, bent)
    assert await host_of(devices[0]) in {janus.url, other_janus.url} - {gone}


async def test_a_room_that_another_web_process_moved_is_followed(
    make_engine: Make, browse: Browse, janus: Janus, other_janus: Janus, devices: list[Device]
) -> None:
    engine, other = make_engine(janus, other_janus), make_engine(janus, other_janus)
    anna, bent = browse(engine, devices[0]), browse(other, devices[1])
    await both_see(anna, bent)
    before = await host_of(devices[0])
    there = ({janus.url, other_janus.url} - {before}).pop()
    # Bent's process does not reach the room's host any more.
    await in_thread(placement.move, devices[0].room, engine="janus", away_from=before, to=there, now=NINE)
    await asyncio.gather(anna.anew(), bent.say({"again": True}))
    await both_see(anna, bent)
    assert await host_of(devices[0]) == there


async def test_a_room_whose_host_is_no_longer_in_the_settings_moves(
    make_engine: Make, browse: Browse, lasting_janus: Janus, devices: list[Device]
) -> None:
    await in_thread(placement.place, devices[0].room, engine="janus", choose=lambda: "ws://127.0.0.1:1", now=NINE)
    await call(browse, make_engine(lasting_janus), devices)
    assert await host_of(devices[0]) == lasting_janus.url


async def test_rooms_go_to_the_host_with_fewest_connections(
    make_engine: Make, browse: Browse, janus: Janus, other_janus: Janus
) -> None:
    engine = make_engine(janus, other_janus)
    hosts = []
    for _ in range(4):
        device = Device(uuid4(), ANNA)
        await browse(engine, device).hear("up", leg="publish")
        hosts.append(await host_of(device))
    assert sorted(hosts.count(server.url) for server in (janus, other_janus)) == [2, 2]


async def test_a_room_that_has_gone_to_another_engine_is_let_go(
    make_engine: Make, browse: Browse, lasting_janus: Janus, devices: list[Device]
) -> None:
    anna, _ = await call(browse, make_engine(lasting_janus), devices)
    await in_thread(placement.switch, devices[0].room, seen="janus", to_engine="relay", now=NINE)
    await anna.say({"again": True})
    await asyncio.wait_for(anna.task, 5)


async def test_a_wrong_secret_is_no_media_server(janus: Janus, devices: list[Device]) -> None:
    engine = JanusEngine([janus.url], SECRET + "x", lambda seat, now: ((), None))
    with pytest.raises(NoMediaServer):
        await engine.join(devices[0], now=NINE)
    await engine.close()
