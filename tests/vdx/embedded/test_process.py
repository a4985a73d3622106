"""Signals: the first one is a wish, told twice or not; a later one is an order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import sys, time
from vdx.embedded.process import stop_on_signals
wishes = []
stop_on_signals(lambda: (wishes.append(1), print("asked", flush=True)))
print("ready", flush=True)
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    time.sleep(0.05)
sys.exit(10 + len(wishes))
"""


def start(seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_wish_that_is_told_twice_is_one_wish(sign: signal.Signals) -> None:
    with start(1.5) as process:
        os.kill(process.pid, sign)
        os.kill(process.pid, signal.SIGTERM)
        assert process.stdout is not None
        assert process.stdout.read() == "asked\n"
        assert process.wait() == 11


def test_who_asks_again_gets_their_way_at_once() -> None:
    with start(30) as process:
        process.terminate()
        time.sleep(1.3)
        process.terminate()
        assert process.wait(5) == 128 + signal.SIGTERM
