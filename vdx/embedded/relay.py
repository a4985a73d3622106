"""The relay's workers, which carry sound and picture, and the probe, beside the hub's own processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

from django.conf import settings

from vdx.embedded.watched import Watched

LOOK_SECONDS = 0.1
# A worker says goodbye to its browsers within two.
STOP_SECONDS = 5.0


def own_workers() -> int:
    """How many of them are ours to start: none where they are a service of their own, or are not needed."""
    stands_in = settings.VDX_MEDIA_ENGINE == "janus" and settings.VDX_JANUS_FALLBACK
    if settings.VDX_RELAY_URLS or not (settings.VDX_MEDIA_ENGINE == "relay" or stands_in):
        return 0
    return int(settings.VDX_RELAY_WORKERS)


def command(number: int) -> list[str]:
    """The command of worker ``number``, counted from 0."""
    return [sys.executable, "-m", "media.engines.relay.worker", "--number", str(number)]


def probe_command() -> list[str] | None:
    """The command of the probe; None where there shall be none."""
    return [sys.executable, "-m", "monitoring.probe", "--loop"] if settings.VDX_PROBE_SECONDS else None


class RelayWorkers:
    """All of them, and the probe, watched by a thread. ``say`` is told in a sentence when one dies or cannot start."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="relay")
        self._workers = [
            Watched(f"relay-{number + 1}", lambda number=number: _start(command(number)), say)  # type: ignore[misc]
            for number in range(own_workers())
        ]
        probe = probe_command()
        if probe is not None:
            self._workers.append(Watched("probe", lambda: _start(probe), say))

    def start(self) -> None:
        """Start them, and from then on again whenever one dies."""
        self._thread.start()

    def stop(self) -> None:
        """Stop them. Returns when none is left, after some seconds at most."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            for worker in self._workers:
                worker.look()
        for worker in self._workers:
            worker.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for worker in self._workers:
            worker.wait(deadline - time.monotonic())


def _start(own: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own command
        [*own, "--watch-stdin"],
        # Nothing is ever written: should this process be killed, the pipe closes, and the worker ends.
        stdin=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        # Ctrl-C is for this process, which stops them last.
        start_new_session=True,
    )
