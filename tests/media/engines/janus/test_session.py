"""The session with a real Janus: it is kept, it refuses, and it comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from media.engines.janus import rooms
from media.engines.janus import session as session_module
from media.engines.janus.session import JanusSession, Refused, Unanswered
from tests.support.janus import SECRET, Janus


@pytest.fixture
async def session(lasting_janus: Janus) -> AsyncIterator[JanusSession]:
    made = JanusSession(lasting_janus.url, SECRET)
    made.start()
    await asyncio.wait_for(made.connected.wait(), 5)
    yield made
    await made.stop()


@pytest.mark.parametrize(("pause", "is_kept"), [(0.5, True), (1000.0, False)])
async def test_keep_alives_keep_it(
    janus: Janus, monkeypatch: pytest.MonkeyPatch, pause: float, *, is_kept: bool
) -> None:
    """With a Janus that ends a silent session after two seconds, pings alone do not do."""
    janus.stop()
    configuration = janus.folder / "janus.jcfg"
    configuration.write_text(configuration.read_text().replace("session_timeout = 60", "session_timeout = 2"))
    janus.start()
    monkeypatch.setattr(session_module, "KEEP_ALIVE_SECONDS", pause)
    session = JanusSession(janus.url, SECRET)
    session.start()
    await asyncio.wait_for(session.connected.wait(), 5)
    heard: list[Any] = []
    await session.attach(heard.append)
    await asyncio.sleep(6)
    assert (None not in heard) is is_kept
    await session.stop()


async def test_what_janus_refuses_has_a_number(session: JanusSession) -> None:
    with pytest.raises(Refused) as refusal:
        await session.manage({"request": "listparticipants", "room": 12345})
    assert refusal.value.code == rooms.NO_ROOM
    with pytest.raises(Refused):
        await session.say(4711, {"request": "exists", "room": 1})


async def test_a_janus_that_went_is_noticed_and_comes_back(janus: Janus) -> None:
    session = JanusSession(janus.url, SECRET)
    with pytest.raises(Unanswered):
        await session.manage({"request": "list"})
    session.start()
    await asyncio.wait_for(session.connected.wait(), 5)
    gone = asyncio.Event()
    await session.attach(lambda message: gone.set() if message is None else None)
    assert session.load == 1
    janus.kill()
    await asyncio.wait_for(gone.wait(), 2)
    assert session.load == 0
    assert not session.connected.is_set()
    await asyncio.to_thread(janus.start)
    await asyncio.wait_for(session.connected.wait(), 3)
    await session.stop()


async def test_a_janus_that_answers_nothing_is_noticed(janus: Janus) -> None:
    session = JanusSession(janus.url, SECRET)
    session.start()
    await asyncio.wait_for(session.connected.wait(), 5)
    gone = asyncio.Event()
    await session.attach(lambda message: gone.set() if message is None else None)
    janus.freeze()
    began = time.monotonic()
    await asyncio.wait_for(gone.wait(), 10)
    assert time.monotonic() - began < 6
    await session.stop()


async def test_a_handle_that_nobody_waits_for_any_more_is_let_go(session: JanusSession) -> None:
    asking = asyncio.create_task(session.attach(lambda _: None))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.sleep(0.5)
    assert session.load == 0


async def test_whoever_waits_for_an_answer_when_janus_goes_is_told(janus: Janus) -> None:
    session = JanusSession(janus.url, SECRET)
    session.start()
    await asyncio.wait_for(session.connected.wait(), 5)
    janus.freeze()
    with pytest.raises(Unanswered):
        await session.manage({"request": "list"})
    await session.stop()
