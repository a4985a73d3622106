"""Several processes started together and stopped together, for ``make run-production``.

An operator with a process manager of their own (systemd, containers) starts the same commands with that instead:
docs/operations.md.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from vdx.embedded.watched import Watched

# From <sys/prctl.h>: the signal that a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Program:
    """One process to run. ``restart``: start it again when it dies, else its death is the end of all.

    ``keep_trying``: start it again also when it cannot start, since the rest can do without it for a while.
    ``folder``: where it runs, if not here.
    """

    name: str
    command: Sequence[str]
    restart: bool = False
    descriptors: tuple[int, ...] = ()
    keep_trying: bool = False
    folder: Path | None = None


@dataclass
class _Running:
    program: Program
    process: subprocess.Popen[bytes]
    since: float


class Supervisor:
    """Runs programs until SIGTERM, Ctrl-C, or the death of one that may not die.

    ``say`` is told, in a sentence, whatever happens unasked. ``grace`` is how long a program may take to stop.
    A program that dies within ``young`` seconds of its start is not worth starting again.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        say: Callable[[str], None],
        *,
        grace: float = 30.0,
        young: float = 5.0,
    ) -> None:
        self._programs = programs
        self._say = say
        self._grace = grace
        self._young = young
        self._asked = False
        self._running: list[_Running] = []
        self._watched = [
            Watched(program.name, partial(self._popen, program), say, young=young)
            for program in programs
            if program.keep_trying
        ]

    def run(self) -> int:
        """Run; 0 after an orderly stop that was asked for, else 1."""
        previous = {sign: signal.signal(sign, self._ask) for sign in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._running = [self._start(program) for program in self._programs if not program.keep_trying]
            code = self._watch()
        finally:
            killed = self._stop()
            for sign, handler in previous.items():
                signal.signal(sign, handler)
        return 1 if killed else code

    def pids(self) -> dict[str, int]:
        """Process ids by name."""
        found = {running.program.name: running.process.pid for running in self._running}
        return found | {watched.name: watched.process.pid for watched in self._watched if watched.process is not None}

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def _start(self, program: Program) -> _Running:
        return _Running(program, self._popen(program), time.monotonic())

    def _popen(self, program: Program) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # our own commands
            program.command,
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            pass_fds=program.descriptors,
            # Ctrl-C is for us, who stop them in order; should we be killed, they are told to stop too.
            start_new_session=True,
            preexec_fn=_stop_with_parent,  # noqa: PLW1509  # we have one thread
        )

    def _watch(self) -> int:
        while not self._asked:
            for position, running in enumerate(self._running):
                code = running.process.poll()
                if code is None:
                    continue
                name, age = running.program.name, time.monotonic() - running.since
                if not running.program.restart:
                    self._say(f"{name} er stoppet af sig selv (kode {code}), så alt stoppes.")
                    return 1
                if age < self._young:
                    self._say(f"{name} kan ikke starte (kode {code}), så alt stoppes.")
                    return 1
                self._say(f"{name} er stoppet af sig selv (kode {code}) og startes igen.")
                self._running[position] = self._start(running.program)
            for watched in self._watched:
                watched.look()
            time.sleep(0.1)
        return 0

    def _stop(self) -> bool:
        """Stop everything; whether somebody had to be killed."""
        killed = False
        for running in self._running:
            if running.process.poll() is None:
                running.process.terminate()
        for watched in self._watched:
            watched.ask_to_stop()
        deadline = time.monotonic() + self._grace
        for running in self._running:
            try:
                running.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._say(f"{running.program.name} stoppede ikke inden for {self._grace:.0f} sekunder og blev afbrudt.")
                running.process.kill()
                running.process.wait()
                killed = True
        for watched in self._watched:
            killed |= not watched.wait(deadline - time.monotonic())
        return killed


def _stop_with_parent() -> None:
    parent = os.getppid()
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
