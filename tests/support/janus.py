"""A real Janus for tests, as Debian's package ``janus`` has it, on free ports and an address of this machine's own.

Janus gives no addresses of the loopback interface to browsers, so a test needs another: a pair of virtual interfaces
with 10.99.8.N, made for the test and removed after it. That takes root; without it the fixtures fail and say so.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from media.engines.janus.configuration import configuration
from tests.support.processes import ServerFailed, free_port, listens, wait_until

START_SECONDS, STOP_SECONDS = 30, 10
SECRET = "for tests alone"
NEEDS_ROOT = "the tests of Janus need root: they make a virtual network interface (ip link add ... type veth)"
NEEDS_JANUS = "the tests of Janus need the Debian package janus (apt-get install janus)"


def _ip(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ip", *words], capture_output=True, text=True)


@contextlib.contextmanager
def address() -> Iterator[str]:
    """An address of this machine that is not on its loopback interface. Raises ``ServerFailed``."""
    if os.getuid() != 0:
        raise ServerFailed(NEEDS_ROOT)
    for number in range(1, 250):
        name = f"vdxjanus{number}"
        made = _ip("link", "add", name, "type", "veth", "peer", "name", f"{name}p")
        if made.returncode == 0:
            break
        if "exists" not in made.stderr:
            raise ServerFailed(f"{NEEDS_ROOT}: {made.stderr}")
    else:
        raise ServerFailed("no name is free for a virtual interface: remove the vdxjanus ones (ip link delete)")
    try:
        for words in (
            ("addr", "add", f"10.99.8.{number}/32", "dev", name),
            ("link", "set", name, "up"),
            ("link", "set", f"{name}p", "up"),
        ):
            done = _ip(*words)
            if done.returncode:
                raise ServerFailed(f"ip {' '.join(words)}: {done.stderr}")
        yield f"10.99.8.{number}"
    finally:
        _ip("link", "delete", name)


class Janus:
    """One Janus: its address for the hub is ``url``. It is started again on the same port."""

    def __init__(self, folder: Path, ice_address: str, *, secret: str = SECRET) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"ws://127.0.0.1:{self.port}"
        self.log = folder / "janus.log"
        self._process: subprocess.Popen[bytes] | None = None
        for name, text in configuration(
            listen="127.0.0.1", port=self.port, secret=secret, address=ice_address, log=str(self.log)
        ).items():
            (folder / name).write_text(text)

    def start(self) -> None:
        """Return when it answers. Raises ``ServerFailed``."""
        program = shutil.which("janus")
        if program is None:
            raise ServerFailed(NEEDS_JANUS)
        self._process = subprocess.Popen(
            [program, "-F", str(self.folder), "-C", str(self.folder / "janus.jcfg")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
        )
        try:
            wait_until("Janus answers", lambda: listens(self.port) or self._process.poll() is not None, START_SECONDS)
            if self._process.poll() is not None:
                raise ServerFailed(f"Janus ended at once:\n{self.log.read_text() if self.log.exists() else ''}")
        except ServerFailed:
            self.kill()
            raise

    def stop(self) -> None:
        """In order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """At once, as when its machine dies."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Neither answer nor end, as when its network goes. ``kill`` ends it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def restart(self) -> None:
        self.kill()
        self.start()

    def _end(self, sign: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def janus(ice_address: str) -> Iterator[Janus]:
    """A Janus that answers."""
    folder = Path(tempfile.mkdtemp(prefix="vdx-janus-", dir="/tmp"))
    server = Janus(folder, ice_address)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
