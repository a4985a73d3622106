"""Processes that tests start: free ports, temporary folders, waiting, and a certain end."""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]
# A busy machine takes ten times what an idle one does.
START_SECONDS = 90
STOP_SECONDS = 40
PORTS = range(20_000, 32_000)


class ServerFailed(Exception):
    """A server did not start, or did not stop. The text says which, and what it printed."""


def free_port() -> int:
    """A port that nobody uses at the moment, by TCP or UDP.

    Below those that the kernel gives to sockets without a port of their own (from 32768 on): a server that starts a
    moment later still finds it free.
    """
    for port in random.SystemRandom().sample(PORTS, 200):
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram,
            contextlib.suppress(OSError),
        ):
            stream.bind(("", port))
            datagram.bind(("", port))
            return port
    raise ServerFailed("no port is free")


def wait_until(what: str, condition: Callable[[], object], seconds: float = START_SECONDS) -> None:
    """Return as soon as ``condition()`` is true. Raises :class:`ServerFailed` when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise ServerFailed(f"{what} within {seconds:.0f} s")


def listens(port: int, address: str = "127.0.0.1") -> bool:
    """Somebody takes TCP connections there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((address, port)) == 0


@contextlib.contextmanager
def scratch(owner: str | None = None) -> Iterator[Path]:
    """A temporary folder, gone at the end; ``owner`` is the user who may write in it."""
    path = Path(tempfile.mkdtemp(prefix="vdx-server-", dir="/tmp"))
    if owner and os.getuid() == 0:
        account = pwd.getpwnam(owner)
        os.chown(path, account.pw_uid, account.pw_gid)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def end(process: subprocess.Popen[bytes], sign: signal.Signals, name: str) -> None:
    """Stop a process. One that takes too long is killed, and that is an error: :class:`ServerFailed`."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise ServerFailed(f"{name} did not stop within {STOP_SECONDS} s") from None
