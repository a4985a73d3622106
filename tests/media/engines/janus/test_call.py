"""Calls through a real Janus: what each gets of the others, and what each is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from media.engine import SERVER, Device
from media.engines.janus import rooms
from media.engines.janus.engine import JanusEngine
from media.engines.janus.session import JanusSession
from tests.media.engines.janus.browser import Browser
from tests.support.janus import SECRET, Janus

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[..., Browser]
ANNA, BENT, CILA = "annaannaanna", "bentbentbent", "cilacilacila"


@pytest.fixture
def engine(make_engine: Callable[..., JanusEngine], lasting_janus: Janus) -> JanusEngine:
    return make_engine(lasting_janus)


@pytest.fixture
def devices() -> list[Device]:
    room = uuid4()
    return [Device(room, seat) for seat in (ANNA, BENT, CILA)]


@pytest.fixture
async def couple(engine: JanusEngine, browse: Browse, devices: list[Device]) -> tuple[Browser, Browser]:
    """Two who hear and see each other."""
    anna, bent = browse(engine, devices[0]), browse(engine, devices[1])
    await asyncio.gather(anna.gets(BENT, "microphone", "camera"), bent.gets(ANNA, "microphone", "camera"))
    return anna, bent


async def test_two_hear_and_see_each_other_and_are_told_so(engine: JanusEngine, browse: Browse, devices: Any) -> None:
    anna, bent = browse(engine, devices[0]), browse(engine, devices[1])
    made = await anna.hear("make-offer")
    assert made == {"event": "make-offer", "leg": "publish", "revision": 1, "epoch": anna.epoch}
    assert (await anna.hear("answer"))["leg"] == "publish"
    await anna.hear("up", leg="publish")
    offer = await anna.hear("offer", leg="subscribe")
    assert sorted((track["seat"], track["source"]) for track in offer["tracks"].values()) == [
        (BENT, "camera"),
        (BENT, "microphone"),
        (BENT, "screen"),
    ]
    await anna.hear("up", leg="subscribe")
    await asyncio.gather(anna.gets(BENT, "microphone", "camera"), bent.gets(ANNA, "microphone", "camera"))


async def test_a_third_comes_and_goes_twice_and_disturbs_nobody(
    engine: JanusEngine, couple: tuple[Browser, Browser], browse: Browse, devices: list[Device]
) -> None:
    anna, bent = couple
    epochs = anna.epoch, bent.epoch
    for _ in range(2):
        cila = browse(engine, devices[2])
        await asyncio.gather(
            cila.gets(ANNA, "microphone", "camera"),
            cila.gets(BENT, "microphone", "camera"),
            anna.gets(CILA, "microphone", "camera"),
            anna.gets(BENT, "microphone", "camera", frames=20),
        )
        await engine.leave(cila.device)
        await asyncio.wait_for(cila.task, 3)
        await anna.hear("away", seat=CILA, away=True)
        await asyncio.gather(anna.gets(BENT, "camera", frames=20), bent.gets(ANNA, "camera", frames=20))
    assert (anna.epoch, bent.epoch) == epochs


async def test_a_screen_is_a_second_picture_with_a_name_of_its_own(
    engine: JanusEngine, couple: tuple[Browser, Browser], browse: Browse, devices: list[Device]
) -> None:
    anna, _ = couple
    browse(engine, devices[2], screen=True)
    await anna.gets(CILA, "microphone", "camera", "screen")
    assert (BENT, "screen") not in anna.frames


async def test_what_is_not_wanted_is_not_sent_and_its_sender_is_told(couple: tuple[Browser, Browser]) -> None:
    anna, bent = couple
    await bent.hear("wanted", sources=["microphone", "camera", "screen"])
    await anna.say({"want": {"sources": {BENT: ["microphone"]}}, "epoch": anna.epoch})
    await bent.hear("wanted", sources=["microphone"])
    await anna.gets(BENT, "microphone", frames=10)
    with pytest.raises(TimeoutError):
        await anna.gets(BENT, "camera", frames=10, seconds=1)
    await anna.say({"want": {"sources": {}}, "epoch": anna.epoch})
    await bent.hear("wanted", sources=["microphone", "camera", "screen"])
    await anna.gets(BENT, "camera")


async def test_nothing_is_wanted_of_one_who_is_alone(
    engine: JanusEngine, browse: Browse, devices: list[Device]
) -> None:
    anna = browse(engine, devices[0])
    await anna.hear("wanted", sources=[])
    browse(engine, devices[1])
    await anna.hear("wanted", sources=["microphone", "camera", "screen"])


async def test_one_who_vanishes_is_away_within_five_seconds(couple: tuple[Browser, Browser]) -> None:
    anna, bent = couple
    await bent.vanish()
    await anna.hear("away", seat=BENT, away=True, seconds=5)
    await bent.say({"again": True})
    await anna.hear("away", seat=BENT, away=False)
    await asyncio.gather(anna.gets(BENT, "camera"), bent.gets(ANNA, "camera"))


async def test_a_listener_who_loses_most_of_a_picture_is_told(
    engine: JanusEngine, browse: Browse, devices: list[Device]
) -> None:
    anna, bent = browse(engine, devices[0]), browse(engine, devices[1])
    bent.is_noisy = True
    await anna.gets(BENT, "camera", frames=30)
    assert [event for event in anna.heard if event["event"] == "poor"] == []
    anna.lose(0.9)
    await anna.hear("poor", seconds=10)
    assert [event for event in bent.heard if event["event"] == "poor"] == []


async def test_who_asks_again_is_connected_anew_and_the_other_goes_on(couple: tuple[Browser, Browser]) -> None:
    anna, bent = couple
    before = bent.epoch
    await asyncio.gather(anna.anew(), anna.say({"again": True}))
    await asyncio.gather(anna.gets(BENT, "microphone", "camera"), bent.gets(ANNA, "microphone", "camera"))
    assert bent.epoch == before


async def test_a_closed_connection_is_lost(couple: tuple[Browser, Browser]) -> None:
    anna, bent = couple
    assert bent.publish is not None
    await bent.publish.close()
    await bent.hear("lost", leg="publish", reason="closed")
    await anna.hear("away", seat=BENT, away=True)


async def test_two_web_processes_share_a_room(
    engine: JanusEngine, make_engine: Callable[..., JanusEngine], browse: Browse, devices: Any, lasting_janus: Janus
) -> None:
    other = make_engine(lasting_janus)
    anna, bent = browse(engine, devices[0]), browse(other, devices[1])
    await asyncio.gather(anna.gets(BENT, "microphone", "camera"), bent.gets(ANNA, "microphone", "camera"))
    # What somebody elsewhere wants is not known here: everything is wanted.
    await bent.say({"want": {"sources": {ANNA: ["microphone"]}}, "epoch": bent.epoch})
    await anna.hear("wanted", sources=["microphone", "camera", "screen"])
    await bent.say({"want": {"sources": {}}, "epoch": bent.epoch})
    # A seat that comes back through another process is the same seat, seen by its newest connection.
    again = browse(other, devices[0])
    await asyncio.gather(again.gets(BENT, "camera"), bent.gets(ANNA, "camera", frames=10))
    await engine.leave(devices[0])
    await bent.gets(ANNA, "camera", frames=10)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"offer": 1},
        {"offer": {"leg": "publish", "revision": 1, "sdp": 7}},
        {"offer": {"leg": "publish", "revision": 1, "sdp": "v=0"}},
        {"answer": {"leg": "subscribe", "revision": 99, "sdp": "v=0"}},
        {"candidate": {"leg": "publish", "candidate": {"a": 1}}},
        {"candidate": {"leg": "nowhere", "candidate": "candidate:1 1 udp 1 192.0.2.9 9 typ host"}},
        {"want": {"sources": [1]}},
        {"want": {"sources": {BENT: 1, ANNA: ["x"]}}},
    ],
)
async def test_nonsense_from_a_browser_disturbs_nobody(
    engine: JanusEngine, couple: tuple[Browser, Browser], devices: list[Device], data: dict[str, Any]
) -> None:
    anna, bent = couple
    await anna.say({**data, "epoch": anna.epoch})
    await anna.say({**data, "epoch": "x"})
    assert await engine.signal(devices[2], Device(devices[2].room, SERVER), data) is False
    await asyncio.gather(anna.gets(BENT, "camera"), bent.gets(ANNA, "camera"))


async def test_an_offer_that_janus_refuses_is_told(engine: JanusEngine, browse: Browse, devices: list[Device]) -> None:
    anna = browse(engine, devices[0])
    anna.is_deaf = True
    await anna.hear("make-offer")
    await anna.say({"offer": {"leg": "publish", "revision": 1, "sdp": "v=0"}, "epoch": anna.epoch})
    await anna.hear("lost", leg="publish", reason="refused")


async def test_an_address_may_come_after_the_offer(engine: JanusEngine, browse: Browse, devices: list[Device]) -> None:
    anna = browse(engine, devices[0])
    await anna.hear("make-offer")
    for line in ("candidate:1 1 udp 2130706431 192.0.2.9 9 typ host", None):
        await anna.say({"candidate": {"leg": "publish", "candidate": line}, "epoch": anna.epoch})
    await anna.hear("up", leg="publish")


async def test_a_room_ends_with_its_last_device(
    engine: JanusEngine, couple: tuple[Browser, Browser], lasting_janus: Janus, devices: list[Device]
) -> None:
    session = JanusSession(lasting_janus.url, SECRET)
    session.start()
    await asyncio.wait_for(session.connected.wait(), 5)
    request = {"request": "exists", "room": rooms.number_of(devices[0].room)}
    assert (await session.manage(request))["exists"] is True
    for device in devices[:2]:
        await engine.leave(device)
    async with asyncio.timeout(10):
        while (await session.manage(request))["exists"]:
            await asyncio.sleep(0.1)
    await session.stop()


async def test_janus_learns_nothing_about_people(
    engine: JanusEngine, couple: tuple[Browser, Browser], lasting_janus: Janus
) -> None:
    anna, bent = couple
    session = JanusSession(lasting_janus.url, SECRET)
    session.start()
    await asyncio.wait_for(session.connected.wait(), 5)
    told = await session.manage({"request": "listparticipants", "room": rooms.number_of(anna.device.room)})
    assert sorted(participant["display"] for participant in told["participants"]) == [ANNA, BENT]
    assert (await session.manage({"request": "list"}))["list"] == []
    await session.stop()
    await bent.vanish()
    await engine.leave(anna.device)
    await asyncio.wait_for(anna.task, 3)
    # The log has something to say, and says none of this.
    log = lasting_janus.log.read_text()
    assert "Janus" in log
    assert [line for line in log.splitlines() if "10.99.8." in line or "candidate" in line or ANNA in line] == []
