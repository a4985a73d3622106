"""What every test has: an empty cache, Danish pages and the rows that the migrations made.

Everything else a test asks for by name. Tests in which real programs talk over real networks may try once more.
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

from vdx.lib import clock

# Where browsers, media servers and whole hubs run in real time: whether a picture comes back within ten seconds is
# the machine's doing as well. One that fails twice has failed, and the run's last lines name one that needed two tries.
REAL = (
    "tests/e2e/",
    "tests/media/engines/",
    "tests/media/test_coturn",
    "tests/media/test_engine",
    "tests/vdx/embedded/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give those tests a second try."""
    for item in items:
        if item.nodeid.startswith(REAL):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """The throttle counts in the cache, and a page may leave its language behind in the thread."""
    cache.clear()
    with translation.override("da"):
        yield


@pytest.fixture
def clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two attempts no time passes, however slow the machine is: a wait of a second is not over meanwhile."""
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)


def _make_shipped_rows(sender: Any, **kwargs: Any) -> None:
    """A test with real transactions empties every table afterwards, of the migrations' rows too: make them anew."""
    if sender.name == "booking" and not apps.get_model("booking", "SchedulingTemplate").objects.exists():
        import_module("booking.migrations.0002_national_template").create(apps, None)
    if sender.name == "surveys" and not apps.get_model("surveys", "Questionnaire").objects.exists():
        import_module("surveys.migrations.0005_shipped_questionnaires").load(apps, None)


# Emptying the tables tells the same signal as migrating them.
post_migrate.connect(_make_shipped_rows, dispatch_uid="tests.shipped_rows")
