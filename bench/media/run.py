"""The media benchmark: our relay and Janus in turn, each alone on core 0, the generator on core 1.

usage: python -m bench.media.run [--loads 80,140] [--rounds 3] [--only relay] [--workers 2] [--hour] [--out FILE]

Runs itself anew in a network namespace with a loopback interface and nothing else that leads anywhere, and therefore
needs root. Rows that were not fair are kept in the JSON, with the reason, and left out of the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.media.clocks import GENERATOR_CORE, SERVER_CORE
from bench.media.report import Row, conditions, reasons, show, summary

ADDRESS = "10.99.0.1"
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SECRET = "bench"  # noqa: S105 - of a worker that lives for half a minute
#: Turns of relay and Janus at one load: until there are enough fair rows of each, but no more than so many times that.
MOST_TURNS = 2
#: Two workers share this machine's two cores with the generator: the load goes down from here until a row is fair.
FIRST_LOAD, LOAD_STEP = 140, 20


def enter_namespace() -> None:
    """Run again inside a namespace of our own. Janus takes no loopback interface, so the address stands on a veth
    without traffic: what goes to an address of this very machine goes through ``lo``."""
    if os.environ.get("BENCH_INSIDE"):
        commands = [
            "ip link set lo up",
            "ip link add bench0 type veth peer name bench1",
            f"ip addr add {ADDRESS}/24 dev bench0",
            "ip link set bench0 up",
            "ip link set bench1 up",
        ]
        for command in commands:
            subprocess.run(command.split(), check=True)
        return
    if os.geteuid() != 0:
        sys.exit("make bench-media needs root: it makes a network namespace and pins processes to cores.")
    os.environ["BENCH_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", "--net", sys.executable, "-m", "bench.media.run", *sys.argv[1:]])


def start_relay(folder: Path, cores: str, number: int = 0) -> tuple[subprocess.Popen[bytes], str]:
    url = f"unix://{folder}/relay{number}.sock"
    command = [sys.executable, "-m", "bench.media.relay_worker", url, ADDRESS]
    return _pinned(command, cores), url


def start_janus(_: Path, cores: str) -> tuple[subprocess.Popen[bytes], str]:
    return _pinned(["janus", "-F", str(HERE / "janus")], cores), "ws://127.0.0.1:8188"


def _pinned(command: list[str], cores: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "BENCH_SECRET": SECRET}
    return subprocess.Popen(["taskset", "-c", cores, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


START: dict[str, Callable[[Path, str], tuple[subprocess.Popen[bytes], str]]] = {
    "relay": start_relay,
    "janus": start_janus,
}


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def one_row(server: str, calls: int, warm_up: float, seconds: float) -> Row:
    """Start a server on its core, load it from the other one, stop it."""
    with tempfile.TemporaryDirectory() as folder:
        process, url = START[server](Path(folder), str(SERVER_CORE))
        try:
            row = _load(server, [process], [url], calls, str(GENERATOR_CORE), warm_up, seconds)
        finally:
            stop([process])
    row["rejected"] = reasons(row)
    return row


def two_workers(warm_up: float, seconds: float) -> list[Row]:
    """Two workers and the generator on the same two cores: the load goes down until the generator keeps time."""
    rows: list[Row] = []
    for calls in range(FIRST_LOAD, 0, -LOAD_STEP):
        with tempfile.TemporaryDirectory() as folder:
            cores = f"{SERVER_CORE},{GENERATOR_CORE}"
            started = [start_relay(Path(folder), cores, number) for number in range(2)]
            processes = [process for process, _ in started]
            try:
                row = _load("relay", processes, [url for _, url in started], calls, cores, warm_up, seconds)
            finally:
                stop(processes)
        row["rejected"] = reasons(row)
        row["why_this_load"] = "two workers and the generator share two cores; " + (
            f"the step above, {calls + LOAD_STEP} calls, was not fair" if rows else "the first load tried was fair"
        )
        rows.append(row)
        print(show(row), flush=True)
        if not row["rejected"]:
            break
    return rows


def _load(
    server: str,
    processes: list[subprocess.Popen[bytes]],
    urls: list[str],
    calls: int,
    cores: str,
    warm_up: float,
    seconds: float,
) -> Row:
    time.sleep(1.0)
    command = [sys.executable, "-m", "bench.media.generate", "--server", server, "--url", *urls]
    command += ["--pid", *(str(process.pid) for process in processes), "--calls", str(calls), "--address", ADDRESS]
    command += ["--warm-up", str(warm_up), "--seconds", str(seconds)]
    done = subprocess.run(
        ["taskset", "-c", cores, *command],
        cwd=ROOT,
        env={**os.environ, "BENCH_SECRET": SECRET},
        stdout=subprocess.PIPE,
        timeout=180,
        check=True,
    )
    row: Row = json.loads(done.stdout)
    return row


def rounds_at(calls: int, servers: list[str], wanted: int, warm_up: float, seconds: float) -> tuple[list[Row], str]:
    """A, B, A, B until there are ``wanted`` fair rows of each; and why it ended."""
    rows: list[Row] = []
    for _ in range(MOST_TURNS * wanted):
        for server in servers:
            rows.append(one_row(server, calls, warm_up, seconds))
            print(show(rows[-1]), flush=True)
        if all(sum(row["server"] == server and not row["rejected"] for row in rows) >= wanted for server in servers):
            return rows, f"{wanted} fair rows of each"
    return rows, f"the limit of {MOST_TURNS * wanted} turns, with fewer than {wanted} fair rows of one"


def hour(minutes: int, out: Path) -> int:
    """Joins and leaves; the worker's memory must not grow."""
    with tempfile.TemporaryDirectory() as folder:
        process, url = start_relay(Path(folder), str(SERVER_CORE))
        try:
            time.sleep(1.0)
            command = [sys.executable, "-m", "bench.media.hour", "--url", url, "--pid", str(process.pid)]
            command += ["--minutes", str(minutes), "--address", ADDRESS, "--out", str(out)]
            environment = {**os.environ, "BENCH_SECRET": SECRET}
            return subprocess.run(
                ["taskset", "-c", str(GENERATOR_CORE), *command], cwd=ROOT, env=environment, check=False
            ).returncode
        finally:
            stop([process])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.media.run", description=__doc__)
    parser.add_argument("--loads", default="80,140", help="calls at the same time, one after the other")
    parser.add_argument("--rounds", type=int, default=3, help="fair rows wanted of relay and Janus each, in turn")
    parser.add_argument("--only", choices=sorted(START), help="one server alone, for development")
    parser.add_argument("--workers", type=int, choices=[1, 2], help="1: no row with two workers; 2: that row alone")
    parser.add_argument("--hour", action="store_true", help="joins and leaves instead, and the worker's memory")
    parser.add_argument("--minutes", type=int, default=60, help="how long --hour lasts")
    parser.add_argument("--warm-up", type=float, default=3.0)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench-media.json")
    arguments = parser.parse_args()
    enter_namespace()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    if arguments.hour:
        sys.exit(hour(arguments.minutes, arguments.out.with_name("bench-media-hour.json")))
    rows: list[Row] = []
    ended: dict[str, str] = {}
    servers = [arguments.only] if arguments.only else ["relay", "janus"]
    for calls in [int(load) for load in arguments.loads.split(",")] if arguments.workers != 2 else []:
        found, why = rounds_at(calls, servers, arguments.rounds, arguments.warm_up, arguments.seconds)
        rows += found
        ended[str(calls)] = why
    two = two_workers(arguments.warm_up, arguments.seconds) if arguments.workers != 1 else []
    result = {"conditions": conditions(), **summary(rows), "ended": ended, "rows": rows, "two_workers": two}
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in result.items():
        if isinstance(value, float):
            print(f"{name}: {value:.3f}")


if __name__ == "__main__":
    main()
