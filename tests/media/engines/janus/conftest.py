"""A real Janus for the tests of its engine. They need root and Debian's package janus, and fail without."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from media.engine import Device
from media.engines.janus.engine import JanusEngine
from tests.media.engines.janus.browser import Browser
from tests.support import janus as support
from tests.support.janus import SECRET, Janus


@pytest.fixture(scope="session")
def ice_address() -> Iterator[str]:
    with support.address() as address:
        yield address


@pytest.fixture(scope="session")
def lasting_janus(ice_address: str) -> Iterator[Janus]:
    """One for all tests that leave it running."""
    with support.janus(ice_address) as server:
        yield server


@pytest.fixture
def janus(ice_address: str) -> Iterator[Janus]:
    """One that the test may end."""
    with support.janus(ice_address) as server:
        yield server


@pytest.fixture
def other_janus(ice_address: str) -> Iterator[Janus]:
    with support.janus(ice_address) as server:
        yield server


@pytest.fixture
async def make_engine() -> AsyncIterator[Callable[..., JanusEngine]]:
    """Engines as web processes have them, closed at the end."""
    made: list[JanusEngine] = []

    def make(*hosts: Janus) -> JanusEngine:
        made.append(JanusEngine([host.url for host in hosts], SECRET, lambda seat, now: ((), None)))
        return made[-1]

    yield make
    for engine in made:
        await engine.close()


@pytest.fixture
async def browse() -> AsyncIterator[Callable[..., Browser]]:
    """Browsers that are closed at the end."""
    made: list[Browser] = []

    def come(engine: JanusEngine, device: Device, **options: object) -> Browser:
        made.append(Browser(engine, device, **options))
        return made[-1]

    yield come
    for browser in made:
        await browser.end()
