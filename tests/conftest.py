"""What every test has: an empty cache and Danish pages. Everything else a test asks for by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """The throttle counts in the cache, and a page may leave its language behind in the thread."""
    cache.clear()
    with translation.override("da"):
        yield
