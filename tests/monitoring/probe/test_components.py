"""The probe against a hub in service with real servers: each component is stopped in turn, and the leg is named."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from django.conf import LazySettings

from tests.support.processes import ServerFailed, listens, wait_until
from tests.support.servers import HubServer
from vdx.embedded.relay import RelayWorkers, probe_command

pytestmark = pytest.mark.skipif(
    "VDX_DATABASE_URL" in os.environ, reason="Starts servers of its own; tested in the run on SQLite."
)


@pytest.fixture(scope="module")
def hub() -> Iterator[HubServer]:
    # Measured by hand: in the tests' set-up nobody probes, and so nothing is kept, unless it is asked for.
    with HubServer.service(environment={"VDX_PROBE_SECONDS": "60"}) as hub:
        hub.manage("prepare_probe")
        wait_until("the relay is ready", lambda: "relay worker ready" in hub.log())
        yield hub


def probe(hub: HubServer) -> dict[str, object]:
    """Try once, and read what was written to the file."""
    # It ends with 1 where a leg failed.
    with contextlib.suppress(ServerFailed):
        hub.module("monitoring.probe")
    file = Path(hub.environment["VDX_VAR_DIR"]) / "probe" / "runs.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    last: dict[str, object] = lines[-1]
    return last


def stop(hub: HubServer, name: str) -> None:
    process = hub.children[name].process
    assert process is not None
    process.terminate()
    process.wait(30)


# One after the other on one hub, in the order of the file: what is stopped is started again, but for the database,
# which is the last.


def test_with_everything_there_every_leg_comes_through(hub: HubServer) -> None:
    # The worker's sweep takes files in; it must not take this one away from under the test.
    stop(hub, "beat")

    run = probe(hub)

    assert (run["failed"], run["reason"]) == ("", "")
    assert list(run["legs"]) == ["token", "booking", "link", "socket", "ice", "dtls", "media", "delivery", "end"]  # type: ignore[call-overload]
    assert all(0 <= taken < 20_000 for taken in run["legs"].values())  # type: ignore[attr-defined]
    # It leaves a call that nothing counts: of a test, and of nobody whom surveys would ask.
    found = hub.shell(
        "import json\n"
        "from monitoring.models import CallRecord\n"
        "from surveys.models import Invitation, PostcardRequest\n"
        "calls = list(CallRecord.objects.values_list('is_test', 'device_count'))\n"
        "print(json.dumps([calls, Invitation.objects.count(), PostcardRequest.objects.count()]))"
    )
    assert json.loads(found) == [[[True, 2]], 0, 0]


def test_without_a_relay_it_fails_at_the_way_to_the_media_server(hub: HubServer) -> None:
    hub.kill_relay()
    run = probe(hub)
    assert (run["failed"], run["missing"]) == ("ice", ["media"])
    assert list(run["legs"]) == ["token", "booking", "link", "socket"]  # type: ignore[call-overload]

    hub.start_relay()
    wait_until("the relay is ready again", lambda: hub.log().count("relay worker ready") == 2)
    assert probe(hub)["failed"] == ""


def test_without_a_worker_it_fails_at_the_delivery(hub: HubServer) -> None:
    stop(hub, "worker")
    run = probe(hub)
    assert (run["failed"], run["reason"]) == ("delivery", "timeout")
    assert "end" not in run["legs"]  # type: ignore[operator]


def test_without_redis_it_fails_at_the_token(hub: HubServer) -> None:
    address = hub.environment["VDX_REDIS_URL"]
    port = urlsplit(address).port or 0
    redis.Redis.from_url(address).shutdown(nosave=True)
    run = probe(hub)
    assert run["failed"] == "token"
    assert "cache" in run["missing"]  # type: ignore[operator]
    assert "database" not in run["missing"]  # type: ignore[operator]

    program = shutil.which("redis-server")
    assert program
    again = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until("Redis is there again", lambda: listens(port))
        _without_a_database(hub)
    finally:
        again.terminate()
        again.wait()


def _without_a_database(hub: HubServer) -> None:
    with psycopg.connect(hub.environment["VDX_DATABASE_URL"]) as connection:
        folder = connection.execute("SHOW data_directory").fetchone()
    assert folder is not None
    pid = int((Path(folder[0]) / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGINT)
    wait_until("PostgreSQL has ended", lambda: not (Path(folder[0]) / "postmaster.pid").exists())

    run = probe(hub)

    assert run["failed"] == "token"
    assert "database" in run["missing"]  # type: ignore[operator]
    assert "cache" not in run["missing"]  # type: ignore[operator]


def test_both_run_commands_start_a_loop_unless_the_interval_is_none(settings: LazySettings) -> None:
    settings.VDX_PROBE_SECONDS, settings.VDX_MEDIA_ENGINE = 60, "relay"
    assert (probe_command() or [])[1:] == ["-m", "monitoring.probe", "--loop"]
    assert [worker.name for worker in RelayWorkers(print)._workers] == ["relay-1", "probe"]

    settings.VDX_PROBE_SECONDS = 0
    assert probe_command() is None
    assert [worker.name for worker in RelayWorkers(print)._workers] == ["relay-1"]
