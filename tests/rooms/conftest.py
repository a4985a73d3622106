"""Pages that tests open."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.rooms.sockets import Page


@pytest.fixture
async def pages() -> AsyncIterator[list[Page]]:
    """Pages put here are closed at the end."""
    opened: list[Page] = []
    yield opened
    for page in opened:
        if not page.socket.future.done():
            await page.go()
