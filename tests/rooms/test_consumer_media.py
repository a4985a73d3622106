"""Sound and picture over real sockets: direct for two, the server's words for more, one listener a socket."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from media import services as media
from media.engines.fake import FakeEngine
from rooms import services
from rooms.consumers import room as consumers
from rooms.models import Room, Seat
from rooms.protocol import MEDIA
from tests.factories.rooms import RoomFactory
from tests.rooms.sockets import Page, db, guest_of, host_of
from vdx.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def fake() -> AsyncIterator[FakeEngine]:
    engine = media.engine("fake")
    assert isinstance(engine, FakeEngine)
    yield engine
    await media.close()


@pytest.fixture
def room(fake: FakeEngine) -> Room:
    return RoomFactory()


@pytest.fixture
def by_server(fake: FakeEngine) -> Room:
    """A room whose template wants no direct way."""
    return RoomFactory(direct_media="never")


def let_in(room: Room) -> str:
    """A guest's seat that has been let in."""
    token = guest_of(room)
    seat = Seat.objects.filter(room=room, role="guest").latest("pk")
    host = Seat.objects.filter(room=room, role="host").earliest("pk")
    services.admit(room_id=room.pk, seat_key=seat.key, by_seat_id=host.pk, now=clock.now())
    return token


async def welcomed(room: Room, pages: list[Page], token: str, name: str | None = None) -> tuple[Page, dict[str, Any]]:
    page = Page(room, token)
    pages.append(page)
    return page, await page.hello(name)


async def offers(page: Page) -> list[dict[str, Any]]:
    """The two offers that a fresh connection to the server begins with."""
    told = [await page.until("signal", lambda message: message["from"] == MEDIA) for _ in range(2)]
    assert [message["instance"] for message in told] == [None, None]
    data = [message["data"] for message in told]
    assert [one["leg"] for one in data] == ["publish", "subscribe"]
    return data


def device(room: Room, seat: str) -> media.Device:
    return media.Device(room.uuid, seat)


async def test_a_room_without_a_direct_way_is_on_the_server_from_the_first_device(
    by_server: Room, pages: list[Page]
) -> None:
    doctor, welcome = await welcomed(by_server, pages, await db(host_of)(by_server))
    assert welcome["engine"]["name"] == "fake"
    await offers(doctor)


async def test_the_third_device_moves_the_room_and_everybody_is_told(room: Room, pages: list[Page]) -> None:
    doctor, first = await welcomed(room, pages, await db(host_of)(room))
    patient, second = await welcomed(room, pages, await db(let_in)(room), "Anna")
    assert (first["engine"]["name"], second["engine"]["name"]) == ("direct", "direct")
    relative, third = await welcomed(room, pages, await db(let_in)(room), "Bo")
    assert third["engine"]["name"] == "fake"
    for page in (doctor, patient):
        assert (await page.until("engine"))["engine"]["name"] == "fake"
        await offers(page)
    await offers(relative)


async def test_a_third_who_only_waits_leaves_the_two_direct(room: Room, pages: list[Page]) -> None:
    await welcomed(room, pages, await db(host_of)(room))
    await welcomed(room, pages, await db(guest_of)(room), "Bo")
    _, welcome = await welcomed(room, pages, await db(let_in)(room), "Anna")
    assert welcome["engine"]["name"] == "direct"


async def test_two_who_come_at_once_as_second_and_third_end_up_with_the_first_on_the_server(
    room: Room, pages: list[Page]
) -> None:
    doctor, _ = await welcomed(room, pages, await db(host_of)(room))
    tokens = [await db(let_in)(room) for _ in range(2)]
    found = await asyncio.gather(
        *(welcomed(room, pages, token, name) for token, name in zip(tokens, ("Anna", "Bo"), strict=True))
    )
    assert (await doctor.until("engine"))["engine"]["name"] == "fake"
    for page, welcome in found:
        name = welcome["engine"]["name"]
        if name == "direct":
            name = (await page.until("engine"))["engine"]["name"]
        assert name == "fake"
        await offers(page)


async def test_a_device_that_reloads_is_still_one_of_two(room: Room, pages: list[Page]) -> None:
    await welcomed(room, pages, await db(host_of)(room))
    token = await db(let_in)(room)
    await welcomed(room, pages, token, "Anna")
    # The older page is still open.
    _, welcome = await welcomed(room, pages, token)
    assert welcome["engine"]["name"] == "direct"
    assert await media.engine_of(room.uuid) is None


async def test_a_direct_way_that_failed_moves_both(room: Room, pages: list[Page]) -> None:
    doctor, _ = await welcomed(room, pages, await db(host_of)(room))
    patient, _ = await welcomed(room, pages, await db(let_in)(room), "Anna")
    await asyncio.gather(doctor.say("engine", failed=True), patient.say("engine", failed=True))
    for page in (doctor, patient):
        assert (await page.until("engine"))["engine"]["name"] == "fake"
        await offers(page)


async def test_a_direct_way_that_failed_moves_nobody_while_no_server_answers(
    room: Room, pages: list[Page], fake: FakeEngine
) -> None:
    doctor, _ = await welcomed(room, pages, await db(host_of)(room))
    patient, _ = await welcomed(room, pages, await db(let_in)(room), "Anna")
    fake.is_there = False
    await patient.say("engine", failed=True)
    assert (await patient.until("error"))["code"] == "no_media"
    assert await media.engine_of(room.uuid) is None
    await doctor.say("engine")
    assert (await doctor.until("engine"))["engine"]["name"] == "direct"


async def test_a_server_that_keeps_us_waiting_holds_up_neither_welcome_nor_heartbeat(
    by_server: Room, pages: list[Page], fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "PATIENCE_SECONDS", 0.05)
    answers = asyncio.Event()
    whole = FakeEngine.join

    async def slow(self: FakeEngine, one: media.Device, *, now: datetime) -> media.Ticket:
        await answers.wait()
        return await whole(self, one, now=now)

    monkeypatch.setattr(FakeEngine, "join", slow)
    doctor, welcome = await welcomed(by_server, pages, await db(host_of)(by_server))
    assert (welcome["you"]["state"], welcome["engine"]) == ("admitted", None)
    # Asked again meanwhile: the one answer is for both.
    await doctor.say("engine")
    await doctor.say("heartbeat")
    await doctor.until("heartbeat")
    answers.set()
    assert (await doctor.until("engine"))["engine"]["name"] == "fake"
    await offers(doctor)
    assert await doctor.hears_nothing()


async def test_a_server_that_refuses_late_is_told_of(
    by_server: Room, pages: list[Page], fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "PATIENCE_SECONDS", 0.05)

    async def slow(self: FakeEngine, one: media.Device, *, now: datetime) -> media.Ticket:
        await asyncio.sleep(0.3)
        raise media.NoMediaServer

    monkeypatch.setattr(FakeEngine, "join", slow)
    doctor, _ = await welcomed(by_server, pages, await db(host_of)(by_server))
    assert (await doctor.until("error"))["code"] == "no_media"


async def test_asking_for_fresh_servers_starts_no_second_listener(by_server: Room, pages: list[Page]) -> None:
    doctor, _ = await welcomed(by_server, pages, await db(host_of)(by_server))
    await offers(doctor)
    for _ in range(3):
        await doctor.say("engine")
        await doctor.until("engine")
    assert await doctor.hears_nothing()


async def test_words_for_the_server_arrive_there_and_its_answer_comes_back(
    by_server: Room, pages: list[Page], fake: FakeEngine
) -> None:
    doctor, welcome = await welcomed(by_server, pages, await db(host_of)(by_server))
    before = await offers(doctor)
    await doctor.say("signal", to=MEDIA, data={"again": True})
    after = await offers(doctor)
    assert after[0]["epoch"] > before[0]["epoch"]
    assert fake.heard == [(device(by_server, welcome["you"]["seat"]), {"again": True})]


async def test_a_broken_socket_takes_its_connections_over_undisturbed(
    by_server: Room, pages: list[Page], fake: FakeEngine
) -> None:
    token = await db(host_of)(by_server)
    doctor, welcome = await welcomed(by_server, pages, token)
    epoch = (await offers(doctor))[0]["epoch"]
    await doctor.go()
    own = device(by_server, welcome["you"]["seat"])
    assert own in fake.present

    again = Page(by_server, token, instance=doctor.instance)
    pages.append(again)
    assert await again.open()
    await again.say("hello", version=1, instance=again.instance, name=None, resumed=True, epoch=epoch)
    assert (await again.until("welcome"))["engine"]["name"] == "fake"
    assert await again.hears_nothing()
    fake.say(own, {"event": "up", "epoch": epoch, "leg": "publish"})
    assert (await again.until("signal"))["data"]["event"] == "up"


async def test_connections_that_the_server_knows_no_longer_are_said_to_be_lost(
    by_server: Room, pages: list[Page]
) -> None:
    page = Page(by_server, await db(host_of)(by_server))
    pages.append(page)
    assert await page.open()
    await page.say("hello", version=1, instance=page.instance, name=None, resumed=True, epoch=7)
    lost = (await page.until("signal"))["data"]
    assert lost == {"event": "lost", "epoch": 7, "leg": "publish", "reason": "closed"}


async def test_the_newer_window_is_the_one_that_the_server_speaks_to(
    by_server: Room, pages: list[Page], fake: FakeEngine
) -> None:
    token = await db(host_of)(by_server)
    older, _ = await welcomed(by_server, pages, token)
    await offers(older)
    newer, welcome = await welcomed(by_server, pages, token)
    await offers(newer)
    told = [message async for message in until_closed(older)]
    # Not also that there is no server: the seat is well where it is.
    assert [message.get("code") for message in told if message["type"] == "error"] == ["superseded"]
    fake.say(device(by_server, welcome["you"]["seat"]), {"event": "up"})
    assert (await newer.until("signal"))["data"] == {"event": "up"}


async def until_closed(page: Page) -> AsyncIterator[dict[str, Any]]:
    while True:
        output = await page.socket.receive_output(timeout=5)
        if output["type"] == "websocket.close":
            return
        yield json.loads(output["text"])


async def test_leaving_lets_the_servers_connections_go(by_server: Room, pages: list[Page], fake: FakeEngine) -> None:
    doctor, welcome = await welcomed(by_server, pages, await db(host_of)(by_server))
    await offers(doctor)
    await doctor.say("leave")
    await doctor.closed_with()
    assert device(by_server, welcome["you"]["seat"]) not in fake.present


async def test_closing_the_room_lets_everybodys_go(by_server: Room, pages: list[Page], fake: FakeEngine) -> None:
    doctor, _ = await welcomed(by_server, pages, await db(host_of)(by_server))
    patient, _ = await welcomed(by_server, pages, await db(let_in)(by_server), "Anna")
    await doctor.say("end")
    assert [await page.closed_with() for page in (doctor, patient)] == [4004, 4004]
    assert fake.present == set()


async def test_closing_the_room_lets_those_go_too_whose_sockets_are_away(
    by_server: Room, pages: list[Page], fake: FakeEngine
) -> None:
    doctor, _ = await welcomed(by_server, pages, await db(host_of)(by_server))
    patient, welcome = await welcomed(by_server, pages, await db(let_in)(by_server), "Anna")
    await patient.go()
    assert device(by_server, welcome["you"]["seat"]) in fake.present
    await doctor.say("end")
    assert await doctor.closed_with() == 4004
    assert fake.present == set()


async def test_without_a_server_the_call_is_there_and_sound_and_picture_come_when_it_does(
    by_server: Room, pages: list[Page], fake: FakeEngine
) -> None:
    fake.is_there = False
    doctor, welcome = await welcomed(by_server, pages, await db(host_of)(by_server))
    assert (welcome["you"]["state"], welcome["engine"]) == ("admitted", None)
    error = await doctor.until("error")
    assert (error["code"], error["fatal"]) == ("no_media", False)
    assert error["message"].startswith("Lyd og billede kan ikke komme frem lige nu.")
    await doctor.say("engine")
    assert (await doctor.until("error"))["code"] == "no_media"
    fake.is_there = True
    await doctor.say("engine")
    assert (await doctor.until("engine"))["engine"]["name"] == "fake"
    await offers(doctor)


@pytest.mark.parametrize("failure", [None, RuntimeError("broken")], ids=["end", "exception"])
async def test_a_server_that_falls_silent_is_told_and_the_page_gets_it_back(
    by_server: Room,
    pages: list[Page],
    fake: FakeEngine,
    failure: Exception | None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(consumers, "ENDED_SECONDS", 0.05)
    whole = FakeEngine.events

    async def short(self: FakeEngine, one: media.Device, *, epoch: int | None = None) -> AsyncIterator[Any]:
        yield {"event": "offer", "epoch": 1, "leg": "publish", "revision": 1, "sdp": "", "tracks": {}}
        if failure is not None:
            raise failure

    monkeypatch.setattr(FakeEngine, "events", short)
    with caplog.at_level(logging.ERROR):
        doctor, _ = await welcomed(by_server, pages, await db(host_of)(by_server))
        await doctor.until("signal")
        assert (await doctor.until("error"))["code"] == "no_media"
    assert bool(caplog.records) is (failure is not None)
    monkeypatch.setattr(FakeEngine, "events", whole)
    await doctor.say("engine")
    await offers(doctor)


async def test_no_task_is_left_when_sockets_go(by_server: Room, pages: list[Page]) -> None:
    before = asyncio.all_tasks()
    doctor, _ = await welcomed(by_server, pages, await db(host_of)(by_server))
    await offers(doctor)
    await doctor.go()
    left = {task for task in asyncio.all_tasks() - before if not task.done()}
    # The channel layer keeps its own line to Redis.
    names = {task.get_coro().__qualname__ for task in left if task.get_coro()}
    assert {name for name in names if not name.startswith("RedisSingleShardConnection.")} == set()
