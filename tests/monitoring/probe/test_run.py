"""A run has its time, so that what fails slowly is told as what it is."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator

import pytest

from monitoring.probe.__main__ import SHIFT_SECONDS, seconds_for
from monitoring.probe.run import AFTER_SECONDS, RUN_SECONDS, Service, run
from tests.support.processes import ServerFailed
from tests.support.servers import HubServer

# Another hub's call stands in the one place that there is.
FULL = """
from datetime import timedelta
from rooms.models import CallPlace
from tests.factories.rooms import RoomFactory
from vdx.lib import clock
CallPlace.objects.create(room=RoomFactory.create(), kept_until=clock.now() + timedelta(hours=1))
"""


@pytest.mark.parametrize("interval", [30, 60, 300])
def test_a_run_that_fails_slowly_is_over_before_the_next_interval(interval: int) -> None:
    begin = 1_750_000_200 // interval * interval
    for shift in (0.0, SHIFT_SECONDS):
        assert shift + seconds_for(begin + shift, interval) + AFTER_SECONDS < interval


def test_one_that_begins_late_in_its_interval_has_a_fair_time_all_the_same() -> None:
    assert seconds_for(119.0, 60) == 12
    assert seconds_for(0.0, 3600) == RUN_SECONDS


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes calls and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_the_legs_end_with_their_time(silent: str) -> None:
    began = time.monotonic()
    service = Service(base=silent, origin=silent, client_id="vdx-probe", secret="x", inbox=f"{silent}/sundhed/probe")
    found = await run(service, interval=60, seconds=1.0)
    assert (found.failed, found.reason, found.missing) == ("token", "timeout", ())
    assert time.monotonic() - began < 1.0 + AFTER_SECONDS


def test_in_a_full_hub_it_says_that_there_was_no_place() -> None:
    with HubServer.embedded(environment={"VDX_CAPACITY": "1", "VDX_CAPACITY_GRACE": "0"}) as hub:
        hub.manage("prepare_probe")
        hub.shell(FULL)
        with pytest.raises(ServerFailed) as told:
            hub.module("monitoring.probe")
    assert re.search(r"^socket +failed \(hub_full\)$", str(told.value), flags=re.MULTILINE)
