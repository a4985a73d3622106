"""The settings as a worker reads them, and the worker as it is started with them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import LazySettings

from media.engines.relay import options, wire
from media.engines.relay.client import RelayClient
from tests.support.processes import ROOT


def test_without_addresses_there_is_a_socket_for_each_worker(settings: LazySettings, tmp_path: Path) -> None:
    settings.VDX_RELAY_URLS, settings.VDX_RELAY_WORKERS, settings.VAR_DIR = [], 2, tmp_path
    assert options.worker_urls() == [f"unix://{tmp_path}/relay/0.sock", f"unix://{tmp_path}/relay/1.sock"]


def test_each_worker_has_an_address_of_its_own_and_the_same_network(settings: LazySettings) -> None:
    settings.VDX_RELAY_URLS = ["tcp://127.0.0.1:7001", "tcp://127.0.0.1:7002"]
    settings.VDX_RELAY_ADDRESSES, settings.VDX_RELAY_PUBLIC_IP = ["10.0.0.5"], "192.0.2.7"
    settings.VDX_RELAY_PORTS = (40000, 40999)
    second = options.worker_options(1)
    assert second.url == "tcp://127.0.0.1:7002"
    assert second.addresses == options.worker_options(0).addresses
    assert second.addresses.bind == ("10.0.0.5",)
    assert second.addresses.ports == (40000, 40999)


def test_the_secret_hangs_on_the_hubs_own_and_does_not_give_it_away(settings: LazySettings) -> None:
    settings.SECRET_KEY = "north" * 10
    first = options.secret()
    settings.SECRET_KEY = "south" * 10
    assert first != options.secret()
    assert "south" not in options.secret()


@contextmanager
def started(
    url: str, settings: LazySettings, *arguments: str, stdin: int | None = None, more: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as an operator starts it."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "vdx.settings",
        "VDX_SECRET_KEY": settings.SECRET_KEY,
        "VDX_RELAY_URLS": url,
        **(more or {}),
    }
    command = [sys.executable, "-m", "media.engines.relay.worker", *arguments]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=stdin, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stderr):
            if pipe is not None:
                pipe.close()


async def reached(url: str) -> None:
    """Returns when the worker at ``url`` can be spoken to."""
    client = RelayClient(url, options.secret(), lambda message: None)
    client.start()
    try:
        await asyncio.wait_for(client.connected.wait(), 20)
    finally:
        await client.stop()


async def test_a_worker_starts_with_the_settings_and_ends_at_sigterm(settings: LazySettings, tmp_path: Path) -> None:
    url = f"unix://{tmp_path}/w.sock"
    with started(url, settings) as process:
        await reached(url)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 10) == 0
    assert not Path(wire.place(url).path).exists()


async def test_a_worker_ends_when_whoever_started_it_is_gone(settings: LazySettings, tmp_path: Path) -> None:
    url = f"unix://{tmp_path}/w.sock"
    with started(url, settings, "--watch-stdin", stdin=subprocess.PIPE) as process:
        await reached(url)
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.to_thread(process.wait, 5) == 0
    assert not Path(wire.place(url).path).exists()


LOG = """
import logging
from media.engines.relay.worker import log_as_the_hub
log_as_the_hub()
logging.getLogger("aioice.ice").info("Connection(0) Check CandidatePair(192.0.2.7)")
try:
    raise ValueError("192.0.2.8")
except ValueError:
    logging.getLogger("media.engines.relay.leg").exception("a leg could not connect")
"""


def test_what_a_worker_writes_is_masked_as_everywhere_in_the_hub(settings: LazySettings) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "vdx.settings", "VDX_SECRET_KEY": settings.SECRET_KEY}
    ended = subprocess.run([sys.executable, "-c", LOG], env=environment, cwd=ROOT, capture_output=True, check=True)
    assert b"ERROR media.engines.relay.leg a leg could not connect" in ended.stderr
    assert b"ValueError" in ended.stderr
    assert b"192.0.2." not in ended.stderr
    assert b"aioice" not in ended.stderr


def test_what_is_no_pipe_cannot_be_watched(settings: LazySettings, tmp_path: Path) -> None:
    with started(f"unix://{tmp_path}/w.sock", settings, "--watch-stdin", stdin=subprocess.DEVNULL) as process:
        _, words = process.communicate(timeout=20)
        assert process.returncode == 2
        assert b"needs a pipe" in words


def test_a_worker_that_cannot_run_says_why_and_with_which_address(settings: LazySettings, tmp_path: Path) -> None:
    with started(f"unix://{tmp_path}/w.sock", settings, more={"VDX_RELAY_ADDRESSES": "192.0.2.9"}) as process:
        _, words = process.communicate(timeout=20)
        assert process.returncode == os.EX_CONFIG
        assert b"VDX_RELAY_ADDRESSES: 192.0.2.9 cannot be used here" in words
