"""Direct while two devices can, then by the server, for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings

from media import placement, services
from media.engine import SERVER, Device, Ticket
from media.engines.fake import FakeEngine
from media.errors import NoMediaServer
from media.placement import in_thread

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Standby(FakeEngine):
    """A server engine by another name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


@pytest.fixture
async def fake() -> AsyncIterator[FakeEngine]:
    engine = services.engine("fake")
    assert isinstance(engine, FakeEngine)
    yield engine
    await services.close()


@pytest.fixture
async def janus(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Standby, Standby]]:
    """Janus with the relay behind it, both without media."""
    settings.VDX_MEDIA_ENGINE, settings.VDX_JANUS_FALLBACK = "janus", True
    engines = {"janus": Standby("janus"), "relay": Standby("relay")}
    monkeypatch.setattr(services, "_engines", dict(engines))
    yield engines["janus"], engines["relay"]
    await services.close()


@pytest.fixture
def room() -> UUID:
    return uuid4()


async def test_two_devices_are_direct_and_nothing_is_recorded(fake: FakeEngine, room: UUID) -> None:
    ticket = await services.join(Device(room, "anna"), direct=True, now=NINE)
    assert (ticket.engine, ticket.moved) == ("direct", False)
    assert await services.engine_of(room) is None


async def test_a_third_moves_the_room_for_good(fake: FakeEngine, room: UUID) -> None:
    await services.join(Device(room, "anna"), direct=True, now=NINE)
    third = await services.join(Device(room, "bent"), direct=False, now=NINE)
    assert (third.engine, third.moved) == ("fake", True)
    again = await services.join(Device(room, "anna"), direct=True, now=NINE)
    assert (again.engine, again.moved) == ("fake", False)


async def test_a_move_is_told_once(fake: FakeEngine, room: UUID) -> None:
    tickets = await asyncio.gather(
        *(services.join(Device(room, name), direct=False, now=NINE) for name in ("anna", "bent"))
    )
    assert sorted(ticket.moved for ticket in tickets) == [False, True]


async def test_who_has_looked_too_early_does_not_take_a_room_back_from_the_relay(
    janus: tuple[Standby, Standby], room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await services.join(Device(room, "anna"), direct=False, now=NINE)
    whole = Standby.join

    async def slow(self: Standby, device: Device, *, now: datetime) -> Ticket:
        # While this one waits for Janus, another process puts the room on the relay.
        if self.name == "janus":
            await in_thread(placement.switch, room, seen="janus", to_engine="relay", now=NINE)
        return await whole(self, device, now=now)

    monkeypatch.setattr(Standby, "join", slow)
    ticket = await services.join(Device(room, "bent"), direct=False, now=NINE)
    assert (ticket.engine, ticket.moved) == ("relay", False)
    assert await services.engine_of(room) == "relay"


async def test_where_no_server_answers_the_direct_ones_are_left_in_peace(fake: FakeEngine, room: UUID) -> None:
    fake.is_there = False
    with pytest.raises(NoMediaServer):
        await services.join(Device(room, "bent"), direct=False, now=NINE)
    assert await services.engine_of(room) is None
    fake.is_there = True
    assert (await services.join(Device(room, "bent"), direct=False, now=NINE)).moved is True


async def test_the_relay_stands_in_for_a_janus_that_is_away(janus: tuple[Standby, Standby], room: UUID) -> None:
    first = await services.join(Device(room, "anna"), direct=False, now=NINE)
    assert first.engine == "janus"
    janus[0].is_there = False
    second = await services.join(Device(room, "bent"), direct=False, now=NINE)
    assert (second.engine, second.moved) == ("relay", True)
    janus[0].is_there = True
    # No way back: half of the room would be elsewhere.
    assert (await services.join(Device(room, "anna"), direct=False, now=NINE)).engine == "relay"


async def test_the_relay_does_not_stand_in_where_the_setting_forbids_it(
    janus: tuple[Standby, Standby], settings: LazySettings, room: UUID
) -> None:
    settings.VDX_JANUS_FALLBACK = False
    janus[0].is_there = False
    with pytest.raises(NoMediaServer):
        await services.join(Device(room, "anna"), direct=False, now=NINE)
    assert await services.engine_of(room) is None


async def test_a_room_on_an_engine_that_is_not_at_work_any_more_is_moved(fake: FakeEngine, room: UUID) -> None:
    await in_thread(placement.settle, room, engine="janus", now=NINE)
    ticket = await services.join(Device(room, "anna"), direct=True, now=NINE)
    assert (ticket.engine, ticket.moved) == ("fake", True)


async def test_two_who_come_at_once_end_up_on_one_engine(janus: tuple[Standby, Standby], room: UUID) -> None:
    tickets = await asyncio.gather(
        *(services.join(Device(room, name), direct=False, now=NINE) for name in ("anna", "bent", "carl"))
    )
    assert {ticket.engine for ticket in tickets} == {"janus"}


async def test_events_are_those_of_the_rooms_server_and_none_while_it_is_direct(fake: FakeEngine, room: UUID) -> None:
    anna = Device(room, "anna")
    assert [event async for event in services.events(anna)] == []
    await services.join(anna, direct=False, now=NINE)
    heard: list[Mapping[str, Any]] = []
    async for event in services.events(anna):
        heard.append(event)
        if len(heard) == 2:
            await services.leave(anna)
    assert [event["leg"] for event in heard] == ["publish", "subscribe"]


async def test_a_word_for_the_server_goes_there_and_the_rest_to_the_other_seat(fake: FakeEngine, room: UUID) -> None:
    anna = Device(room, "anna")
    assert await services.signal(anna, Device(room, SERVER), {"want": {}}) is False
    assert fake.heard == [(anna, {"want": {}})]
    assert await services.signal(anna, Device(room, "bent"), {"moved": True}) is True
    assert await services.signal(anna, Device(uuid4(), "bent"), {"moved": True}) is False


async def test_the_policy_of_the_settings_is_on_every_ticket(
    fake: FakeEngine, settings: LazySettings, room: UUID
) -> None:
    settings.VDX_ICE_TRANSPORT_POLICY = "relay"
    for direct in (True, False):
        ticket = await services.join(Device(room, "anna"), direct=direct, now=NINE)
        assert ticket.ice_transport_policy == "relay"


async def test_the_direct_engine_gives_the_servers_of_the_settings(
    fake: FakeEngine, settings: LazySettings, room: UUID
) -> None:
    settings.VDX_STUN_URLS, settings.VDX_TURN_URLS, settings.VDX_TURN_SECRET = ["stun:a"], ["turn:b"], "north"
    ticket = await services.join(Device(room, "anna"), direct=True, now=NINE)
    assert [server.urls for server in ticket.ice_servers] == [("stun:a",), ("turn:b",)]
    assert ticket.expires_at == NINE + timedelta(seconds=settings.VDX_TURN_SECONDS)
    assert "north" not in repr(ticket)


async def test_an_engine_is_made_once_a_process(fake: FakeEngine) -> None:
    assert services.engine("fake") is fake
    assert services.engine("relay") is services.engine("relay")
