"""A process that is started again whenever it dies."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.support.processes import wait_until
from vdx.embedded.watched import Watched

LIVES = [sys.executable, "-c", "import time; time.sleep(60)"]
FAILS = [sys.executable, "-c", "exit(78)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import pathlib,signal,sys,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "pathlib.Path(sys.argv[1]).touch(); time.sleep(60)",
]


class Starts:
    """Starts a command, and counts."""

    def __init__(self, command: list[str]) -> None:
        self.command, self.times = command, 0

    def __call__(self) -> subprocess.Popen[bytes]:
        self.times += 1
        return subprocess.Popen(self.command, stdin=subprocess.PIPE)


def look_for(watched: Watched, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        watched.look()
        time.sleep(0.02)


def end(watched: Watched) -> None:
    watched.ask_to_stop()
    watched.wait(5)


def test_who_dies_is_started_again_at_once_and_it_is_said() -> None:
    said: list[str] = []
    starts = Starts(LIVES)
    watched = Watched("relay-1", starts, said.append, pause=10)
    look_for(watched, 0.4)
    assert watched.process is not None
    watched.process.kill()
    watched.process.wait()
    look_for(watched, 0.1)
    assert starts.times == 2
    assert said == ["relay-1 er stoppet af sig selv (kode -9) og startes igen."]
    end(watched)


def test_who_is_killed_time_and_again_waits(tmp_path: Path) -> None:
    said: list[str] = []
    starts = Starts([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    watched = Watched("relay-1", starts, said.append, pause=10)
    look_for(watched, 1)
    assert starts.times == 2
    assert said[1].startswith("relay-1 kan ikke starte (kode -9).")
    end(watched)


def test_who_cannot_start_is_tried_again_ever_more_seldom() -> None:
    said: list[str] = []
    starts = Starts(FAILS)
    watched = Watched("relay-1", starts, said.append, pause=0.3)
    look_for(watched, 2.5)
    # At 0, 0.3, 0.9 and 2.1 seconds, and somewhat later on a busy machine.
    assert 2 <= starts.times <= 4
    assert said[0].startswith("relay-1 kan ikke starte (kode 78).")
    end(watched)


def test_a_system_that_has_no_room_for_a_process_is_tried_again() -> None:
    said: list[str] = []
    starts = Starts(LIVES)

    def start() -> subprocess.Popen[bytes]:
        if not said:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return starts()

    watched = Watched("relay-1", start, said.append, pause=0.1)
    look_for(watched, 0.5)
    assert starts.times == 1
    assert said == [
        "relay-1 kan ikke starte (Resource temporarily unavailable). Der prøves igen om 0 sek.",
    ]
    end(watched)


def test_a_stubborn_one_is_killed(tmp_path: Path) -> None:
    said: list[str] = []
    watched = Watched("relay-1", Starts([*STUBBORN, str(tmp_path / "deaf")]), said.append)
    watched.look()
    process = watched.process
    assert process is not None
    wait_until("it does not listen", (tmp_path / "deaf").exists)
    watched.ask_to_stop()
    assert watched.wait(0.3) is False
    assert process.poll() == -9
    assert said == ["relay-1 stoppede ikke i tide og blev afbrudt."]


def test_what_was_never_started_has_stopped() -> None:
    watched = Watched("relay-1", Starts(LIVES), [].append)
    watched.ask_to_stop()
    assert watched.wait(0) is True
