"""What every engine promises; each of them is held to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from media.engine import Device, Engine, IceServer
from media.engines.direct import DirectEngine
from media.engines.fake import FakeEngine

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROOM = uuid4()
ANNA, LISE = Device(ROOM, "anna"), Device(ROOM, "lise")


def direct() -> Engine:
    return DirectEngine(lambda seat, now: ((IceServer(("turn:a",), f"1:{seat}", "x"),), now + timedelta(minutes=10)))


@pytest.fixture(params=[direct, FakeEngine], ids=["direct", "fake"])
def engine(request: pytest.FixtureRequest) -> Engine:
    make: Callable[[], Engine] = request.param
    return make()


async def test_a_ticket_names_the_engine_and_is_good_for_later(engine: Engine) -> None:
    ticket = await engine.join(ANNA, now=NINE)
    assert ticket.engine == engine.name
    assert ticket.expires_at is None or ticket.expires_at > NINE
    assert all(server.urls for server in ticket.ice_servers)


async def test_joining_again_renews_and_disturbs_nobody(engine: Engine) -> None:
    await engine.join(LISE, now=NINE)
    first = await engine.join(ANNA, now=NINE)
    again = await engine.join(ANNA, now=NINE + timedelta(minutes=5))
    assert again.engine == first.engine
    assert first.expires_at is None or (again.expires_at or NINE) > first.expires_at
    assert await engine.signal(LISE, ANNA, {"candidate": None}) is True


async def test_signals_stay_in_the_room_and_come_back_to_nobody(engine: Engine) -> None:
    stranger = Device(uuid4(), "anna")
    for device in (ANNA, LISE, stranger):
        await engine.join(device, now=NINE)
    assert await engine.signal(ANNA, LISE, {"description": {}}) is True
    assert await engine.signal(LISE, stranger, {"description": {}}) is False
    assert await engine.signal(ANNA, ANNA, {"description": {}}) is False


async def test_leaving_twice_or_without_having_come_is_nothing(engine: Engine) -> None:
    await engine.leave(ANNA)
    await engine.join(ANNA, now=NINE)
    await engine.leave(ANNA)
    await engine.leave(ANNA)
    assert (await engine.join(ANNA, now=NINE)).engine == engine.name


async def test_the_fake_knows_who_is_in() -> None:
    fake = FakeEngine()
    await fake.join(ANNA, now=NINE)
    await fake.join(LISE, now=NINE)
    await fake.leave(ANNA)
    assert fake.present == {LISE}


async def test_no_ticket_is_anybody_elses() -> None:
    one, other = [(await direct().join(device, now=NINE)).ice_servers[0].username for device in (ANNA, LISE)]
    assert one != other
