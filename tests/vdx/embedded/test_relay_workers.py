"""Relay workers beside the hub: one that is killed comes back, and none is left behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from tests.support.processes import wait_until
from tests.support.servers import HubServer
from vdx.embedded.relay import own_workers

on_sqlite = pytest.mark.skipif(
    "VDX_DATABASE_URL" in os.environ, reason="The one-process hub has its own database; tested in the run on SQLite."
)


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer.embedded() as hub:
        wait_until("the relay worker is ready", lambda: "relay worker ready" in hub.log())
        yield hub


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("engine", "fallback", "urls", "own"),
    [
        ("relay", True, [], 3),
        ("relay", False, ["tcp://10.0.0.5:9000"], 0),
        ("janus", True, [], 3),
        ("janus", False, [], 0),
        ("fake", True, [], 0),
    ],
)
def test_workers_are_started_where_they_are_ours_and_needed(
    settings: LazySettings, engine: str, fallback: bool, urls: list[str], own: int
) -> None:
    settings.VDX_MEDIA_ENGINE, settings.VDX_JANUS_FALLBACK = engine, fallback
    settings.VDX_RELAY_URLS, settings.VDX_RELAY_WORKERS = urls, 3
    assert own_workers() == own


@on_sqlite
def test_one_that_is_killed_is_started_again_and_ends_with_the_hub(hub: HubServer) -> None:
    before = hub.relay_pid()
    hub.kill_relay()
    wait_until("another worker is ready", lambda: hub.log().count("relay worker ready") == 2, 15)
    assert hub.relay_pid() not in (None, before)
    assert "relay-1 er stoppet af sig selv (kode -9) og startes igen." in hub.log()
    # And none is left when the hub stops.
    worker = hub.relay_pid()
    assert worker is not None
    started = time.monotonic()
    assert hub.stop() == {"web-0": 0}
    assert time.monotonic() - started < 15
    assert not lives(worker)


@on_sqlite
def test_none_outlives_a_hub_that_was_killed(hub: HubServer) -> None:
    worker = hub.relay_pid()
    assert worker is not None
    os.kill(hub.pids()["web-0"], signal.SIGKILL)
    wait_until("the worker ends", lambda: not lives(worker), 10)


@on_sqlite
def test_a_hub_whose_worker_cannot_start_goes_on_and_says_why() -> None:
    with HubServer.embedded(environment={"VDX_RELAY_ADDRESSES": "192.0.2.1"}) as hub:
        wait_until("it is said", lambda: "relay-1 kan ikke starte (kode 78)." in hub.log(), 20)
        assert "VDX_RELAY_ADDRESSES: 192.0.2.1 cannot be used here" in hub.log()
        assert "Traceback" not in hub.log()
        assert hub.stop() == {"web-0": 0}
