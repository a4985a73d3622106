"""Several processes, started and stopped together."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from vdx.embedded.supervisor import Program, Supervisor

# A well-behaved process says goodbye; a stubborn one does not listen.
POLITE = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path(sys.argv[1]).touch(), sys.exit(0)))
time.sleep(60)
"""
STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


class Later(threading.Thread):
    """Does something to this process after a moment, while the supervisor holds its main thread."""

    def __init__(self, seconds: float, act) -> None:
        super().__init__()
        self.seconds, self.act = seconds, act
        self.start()

    def run(self) -> None:
        time.sleep(self.seconds)
        self.act()


def ask_to_stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_all_are_stopped_when_asked(tmp_path: Path) -> None:
    said: list[str] = []
    marks = [tmp_path / "one", tmp_path / "two"]
    supervisor = Supervisor([Program(mark.name, python(POLITE, str(mark))) for mark in marks], said.append)
    later = Later(1.0, ask_to_stop)
    assert supervisor.run() == 0
    later.join()
    assert said == []
    assert all(mark.exists() for mark in marks)


def test_the_death_of_one_is_the_end_of_all_and_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    mark = tmp_path / "web"
    programs = [
        Program("web", python(POLITE, str(mark))),
        Program("worker", python("import time; time.sleep(1); exit(3)")),
    ]
    assert Supervisor(programs, said.append).run() == 1
    assert said == ["worker er stoppet af sig selv (kode 3), så alt stoppes."]
    assert mark.exists()


def test_a_web_process_is_started_again_and_it_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(
        [Program("web-1", python(POLITE, str(tmp_path / "x")), restart=True)], said.append, young=0.2
    )
    first: list[int] = []

    def kill() -> None:
        first.append(supervisor.pids()["web-1"])
        os.kill(first[0], signal.SIGKILL)
        time.sleep(0.6)
        first.append(supervisor.pids()["web-1"])
        ask_to_stop()

    later = Later(0.6, kill)
    assert supervisor.run() == 0
    later.join()
    assert said == ["web-1 er stoppet af sig selv (kode -9) og startes igen."]
    assert first[0] != first[1]


def test_a_web_process_that_cannot_start_is_not_tried_for_ever() -> None:
    said: list[str] = []
    assert Supervisor([Program("web-1", python("exit(1)"), restart=True)], said.append).run() == 1
    assert said == ["web-1 kan ikke starte (kode 1), så alt stoppes."]


def test_who_does_not_stop_in_time_is_ended_and_it_is_said() -> None:
    said: list[str] = []
    supervisor = Supervisor([Program("worker", python(STUBBORN))], said.append, grace=0.5)
    later = Later(1.0, ask_to_stop)
    assert supervisor.run() == 1
    later.join()
    assert said == ["worker stoppede ikke inden for 0 sekunder og blev afbrudt."]


def test_signals_are_as_they_were_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    Supervisor([Program("x", python("exit(0)"))], lambda _: None).run()
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("inherited", [True, False])
def test_a_listening_socket_is_passed_on_to_those_who_ask(inherited: bool) -> None:
    read, write = os.pipe()
    os.set_inheritable(write, True)
    code = f"import os; os.write({write}, b'hello')"
    program = Program("x", python(code), descriptors=(write,) if inherited else ())
    Supervisor([program], lambda _: None).run()
    os.close(write)
    assert os.read(read, 10) == (b"hello" if inherited else b"")
    os.close(read)
