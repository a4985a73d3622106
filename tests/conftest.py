"""What every test has: an empty cache, Danish pages and the rows that the migrations made.

Everything else a test asks for by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.utils import translation


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """The throttle counts in the cache, and a page may leave its language behind in the thread."""
    cache.clear()
    with translation.override("da"):
        yield


def _make_national_template(sender: Any, **kwargs: Any) -> None:
    """A test with real transactions empties every table afterwards, of the migrations' rows too: make them anew."""
    if sender.name == "booking" and not apps.get_model("booking", "SchedulingTemplate").objects.exists():
        import_module("booking.migrations.0002_national_template").create(apps, None)


# Emptying the tables tells the same signal as migrating them.
post_migrate.connect(_make_national_template, dispatch_uid="tests.national_template")
