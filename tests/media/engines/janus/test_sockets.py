"""A browser's socket goes and comes back: its connections live on, or it is told that they do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest

from media.engine import SERVER, Device
from media.engines.janus import engine as engine_module
from media.engines.janus.engine import JanusEngine
from tests.media.engines.janus.browser import Browser
from tests.support.janus import Janus

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[..., Browser]
ANNA, BENT = "annaannaanna", "bentbentbent"


@pytest.fixture
def engine(make_engine: Callable[..., JanusEngine], lasting_janus: Janus) -> JanusEngine:
    return make_engine(lasting_janus)


@pytest.fixture
def devices() -> list[Device]:
    room = uuid4()
    return [Device(room, seat) for seat in (ANNA, BENT)]


@pytest.fixture
async def couple(engine: JanusEngine, browse: Browse, devices: list[Device]) -> tuple[Browser, Browser]:
    anna, bent = browse(engine, devices[0]), browse(engine, devices[1])
    await asyncio.gather(anna.gets(BENT, "microphone", "camera"), bent.gets(ANNA, "microphone", "camera"))
    return anna, bent


async def end_socket(browser: Browser) -> None:
    browser.task.cancel()
    await asyncio.wait([browser.task])


async def test_connections_live_on_without_the_socket_and_are_taken_over(
    engine: JanusEngine, couple: tuple[Browser, Browser], browse: Browse, devices: list[Device]
) -> None:
    anna, bent = couple
    await end_socket(anna)
    await asyncio.gather(anna.gets(BENT, "camera", frames=20), bent.gets(ANNA, "camera", frames=20))
    back = browse(engine, devices[0], epoch=anna.epoch)
    await back.hear("wanted")
    await asyncio.gather(anna.gets(BENT, "camera", frames=20), bent.gets(ANNA, "camera", frames=20))
    assert [event["event"] for event in back.heard if event["event"] in ("make-offer", "offer", "lost")] == []
    # What the browser says by its new socket counts.
    await back.say({"want": {"sources": {BENT: []}}, "epoch": anna.epoch})
    await bent.hear("wanted", sources=[])


async def test_a_newcomer_is_offered_to_one_whose_socket_was_away(
    engine: JanusEngine, browse: Browse, devices: list[Device]
) -> None:
    anna = browse(engine, devices[0])
    await anna.hear("up", leg="publish")
    await end_socket(anna)
    browse(engine, devices[1])
    await asyncio.sleep(1)
    back = browse(engine, devices[0], epoch=anna.epoch)
    back.epoch, back.publish = anna.epoch, anna.publish
    anna.publish = None
    await back.gets(BENT, "camera")


async def test_connections_that_nobody_takes_over_end(
    engine: JanusEngine, couple: tuple[Browser, Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LINGER_SECONDS", 0.5)
    anna, bent = couple
    await end_socket(anna)
    await bent.hear("away", seat=ANNA, away=True)
    assert await engine.signal(anna.device, Device(anna.device.room, SERVER), {"again": True}) is False


async def test_connections_that_are_not_known_are_lost_and_made_anew_when_asked(
    engine: JanusEngine, browse: Browse, devices: list[Device]
) -> None:
    anna = browse(engine, devices[0], epoch=77)
    assert await anna.hear("lost") == {"event": "lost", "epoch": 77, "leg": "publish", "reason": "closed"}
    assert anna.epoch == 0
    await anna.say({"again": True})
    await anna.hear("up", leg="publish")
    assert anna.epoch > 77


async def test_an_epoch_is_greater_than_the_greatest_that_a_browser_names(
    engine: JanusEngine, browse: Browse, devices: list[Device]
) -> None:
    anna = browse(engine, devices[0], epoch=2**52)
    await anna.hear("lost")
    await anna.say({"again": True})
    await anna.hear("up", leg="publish")
    assert anna.epoch == 2**52 + 1


async def test_one_who_was_at_another_process_meanwhile_gets_a_greater_epoch(
    engine: JanusEngine, couple: tuple[Browser, Browser], browse: Browse, devices: list[Device]
) -> None:
    anna, _ = couple
    back = browse(engine, devices[0], epoch=2**51)
    assert (await back.hear("lost"))["epoch"] == 2**51
    await back.say({"again": True})
    await back.gets(BENT, "camera")
    assert back.epoch > 2**51 > anna.epoch


async def test_whoever_comes_last_takes_over(
    engine: JanusEngine, couple: tuple[Browser, Browser], browse: Browse, devices: list[Device]
) -> None:
    anna, bent = couple
    second = browse(engine, devices[0])
    await asyncio.wait_for(anna.task, 3)
    await asyncio.gather(second.gets(BENT, "camera"), bent.gets(ANNA, "camera", frames=20))
    assert second.epoch > anna.epoch


async def test_a_browser_that_reads_nothing_comes_to_an_end(
    engine: JanusEngine, devices: list[Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "MOST_WAITING", 1)
    events = engine.events(devices[0])
    assert (await anext(events))["event"] == "make-offer"
    for _ in range(3):
        await engine.signal(devices[0], Device(devices[0].room, SERVER), {"again": True})
        await asyncio.sleep(0.3)
    heard = [event["event"] async for event in events]
    assert heard == ["make-offer"]
