"""The test page's socket: both ends of a throw-away room, for a minute, a few at a time, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from media import services as media
from media.engines.fake import FakeEngine
from media.models import MediaRoom
from rooms.consumers import trial
from rooms.rules.trials import FROM_ONE, MESSAGES, Places
from tests.rooms.sockets import ORIGIN, db
from vdx.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def fake() -> AsyncIterator[FakeEngine]:
    engine = media.engine("fake")
    assert isinstance(engine, FakeEngine)
    yield engine
    await media.close()


class TestPage:
    """The page of somebody who tests."""

    __test__ = False

    def __init__(
        self, *, origin: bytes = ORIGIN, language: str = "da", protocols: tuple[str, ...] = ("vdx.1",)
    ) -> None:
        headers = [(b"origin", origin), (b"host", b"localhost"), (b"cookie", f"django_language={language}".encode())]
        self.socket = WebsocketCommunicator(application, "/test/ws", headers=headers, subprotocols=list(protocols))

    async def open(self) -> bool:
        return bool((await self.socket.connect(timeout=5))[0])

    async def say(self, **message: Any) -> None:
        await self.socket.send_json_to(message)

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = await self.socket.receive_json_from(timeout=5)
        return message

    async def begin(self) -> dict[str, Any]:
        assert await self.open()
        await self.say(type="hello", version=1)
        return await self.hear()

    async def closed_with(self) -> int:
        while True:
            output = await self.socket.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                return int(output["code"])

    async def go(self) -> None:
        await self.socket.disconnect(timeout=5)


@pytest.fixture
async def testers() -> AsyncIterator[list[TestPage]]:
    """Pages put here are closed at the end."""
    opened: list[TestPage] = []
    yield opened
    for page in opened:
        if not page.socket.future.done():
            await page.go()


async def rooms_on_a_server() -> int:
    return int(await db(MediaRoom.objects.count)())


async def test_both_ends_are_offered_connections(fake: FakeEngine, testers: list[TestPage]) -> None:
    page = TestPage()
    testers.append(page)

    welcome = await page.begin()

    assert (welcome["type"], welcome["version"], welcome["seconds"]) == ("welcome", 1, 60)
    assert welcome["engine"]["name"] == "fake"
    sender, listener = welcome["seats"]
    assert (sender[:6], listener[:6]) == ("test-a", "test-b")
    offers = [await page.hear() for _ in range(4)]
    assert {(offer["to"], offer["data"]["leg"]) for offer in offers} == {
        (seat, leg) for seat in (sender, listener) for leg in ("publish", "subscribe")
    }
    assert {(offer["type"], offer["from"], offer["instance"]) for offer in offers} == {("signal", "media", None)}


async def test_what_an_end_says_reaches_the_server_as_its_own(fake: FakeEngine, testers: list[TestPage]) -> None:
    page = TestPage()
    testers.append(page)
    sender, _ = (await page.begin())["seats"]
    for _ in range(4):
        await page.hear()

    await page.say(type="signal", **{"from": sender}, data={"again": True})

    assert (await page.hear())["to"] == sender
    assert [(device.seat, data) for device, data in fake.heard] == [(sender, {"again": True})]


async def test_when_the_page_goes_nothing_is_left(fake: FakeEngine) -> None:
    page = TestPage()
    await page.begin()
    assert len(fake.present) == 2
    assert await rooms_on_a_server() == 1

    await page.go()

    assert fake.present == set()
    assert await rooms_on_a_server() == 0
    assert trial.PLACES.take("anybody")
    trial.PLACES.give_back("anybody")


async def test_no_test_lasts_longer_than_its_time(
    fake: FakeEngine, testers: list[TestPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "SECONDS", 0.3)
    page = TestPage()
    testers.append(page)
    await page.begin()

    assert await page.closed_with() == 1000
    await page.go()
    assert await rooms_on_a_server() == 0


async def test_a_page_that_says_nothing_is_let_go(
    fake: FakeEngine, testers: list[TestPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "SPEAK_WITHIN", 0.2)
    page = TestPage()
    testers.append(page)
    assert await page.open()

    assert await page.closed_with() == 1000


@pytest.mark.parametrize("language", ["da", "en"])
async def test_one_network_has_only_so_many_places(fake: FakeEngine, testers: list[TestPage], language: str) -> None:
    for _ in range(FROM_ONE):
        page = TestPage()
        testers.append(page)
        assert (await page.begin())["type"] == "welcome"
    late = TestPage(language=language)
    testers.append(late)

    refusal = await late.begin()

    assert (refusal["type"], refusal["code"], refusal["fatal"]) == ("error", "busy", True)
    assert refusal["message"]
    assert await late.closed_with() == 4001
    await testers[0].go()
    again = TestPage()
    testers.append(again)
    assert (await again.begin())["type"] == "welcome"


async def test_whoever_tests_very_often_has_to_wait(fake: FakeEngine) -> None:
    for _ in range(10):
        page = TestPage()
        assert (await page.begin())["type"] == "welcome"
        await page.go()
    page = TestPage()

    refusal = await page.begin()

    assert (refusal["type"], refusal["code"]) == ("error", "throttled")
    assert await page.closed_with() == 4001
    await page.go()


async def test_no_media_server_is_said_and_leaves_nothing(fake: FakeEngine, testers: list[TestPage]) -> None:
    fake.is_there = False
    page = TestPage()
    testers.append(page)

    refusal = await page.begin()

    assert refusal["code"] == "no_media"
    assert await page.closed_with() == 4001
    await page.go()
    assert await rooms_on_a_server() == 0


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "hello", "version": 2}, "version"),
        ({"type": "hello", "version": True}, "version"),
        ({"type": "hello"}, "invalid"),
        ({"type": "signal", "from": "somebody-els", "data": {}}, "invalid"),
        ({"type": "signal", "from": 1, "data": {}}, "invalid"),
        ({"type": "end"}, "unknown_message"),
        ({"type": 1}, "invalid"),
        ([], "invalid"),
    ],
)
async def test_what_is_no_message_ends_the_test(
    fake: FakeEngine, testers: list[TestPage], message: Any, code: str
) -> None:
    page = TestPage()
    testers.append(page)
    assert await page.open()

    await page.socket.send_json_to(message)

    assert (await page.hear())["code"] == code
    assert await page.closed_with() == 4001


async def test_a_second_hello_and_a_flood_end_it(fake: FakeEngine, testers: list[TestPage]) -> None:
    for words in ([{"type": "hello", "version": 1}], None):
        page = TestPage()
        testers.append(page)
        sender, _ = (await page.begin())["seats"]
        flood = [{"type": "signal", "from": sender, "data": {}}] * MESSAGES
        for word in words or flood:
            await page.socket.send_json_to(word)
        assert await page.closed_with() == 4001


async def test_strangers_are_not_let_in(fake: FakeEngine) -> None:
    for page in (TestPage(origin=b"https://elsewhere.example"), TestPage(protocols=("other",))):
        assert not await page.open()


def test_places_are_counted_by_network_and_in_all() -> None:
    places = Places(at_once=3, from_one=2)

    assert [places.take("a"), places.take("a"), places.take("a")] == [True, True, False]
    assert [places.take("b"), places.take("c")] == [True, False]
    places.give_back("a")
    assert places.take("c")


async def test_two_who_go_at_once_give_each_their_own_place_back(fake: FakeEngine) -> None:
    pages = [TestPage() for _ in range(3)]
    for page in pages:
        await page.begin()

    await asyncio.gather(*(page.go() for page in pages))

    assert fake.present == set()
    taken = [trial.PLACES.take("x") for _ in range(FROM_ONE)]
    for _ in taken:
        trial.PLACES.give_back("x")
    assert taken == [True] * FROM_ONE
