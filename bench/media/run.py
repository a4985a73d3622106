"""The media benchmark: our relay and Janus in turn, each alone on core 0, the generator on core 1.

usage: python -m bench.media.run [--loads 80,140] [--rounds 3] [--only relay] [--out FILE]

Runs itself anew in a network namespace with a loopback interface and nothing else that leads anywhere, and therefore
needs root. Rows that were not fair are kept in the JSON, with the reason, and left out of the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.media.clocks import GENERATOR_CORE, SERVER_CORE

ADDRESS = "10.99.0.1"
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SECRET = "bench"  # noqa: S105 - of a worker that lives for half a minute
#: A row is thrown away when the generator used more of its core, was later, or others used more.
MOST_GENERATOR, MOST_LATE_MS, MOST_FOREIGN = 0.85, 20.0, 0.05


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


def start_relay(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    url = f"unix://{folder}/relay.sock"
    command = [sys.executable, "-m", "bench.media.relay_worker", url, ADDRESS]
    return _pinned(command, SERVER_CORE), url


def start_janus(_: Path) -> tuple[subprocess.Popen[bytes], str]:
    return _pinned(["janus", "-F", str(HERE / "janus")], SERVER_CORE), "ws://127.0.0.1:8188"


def _pinned(command: list[str], core: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "BENCH_SECRET": SECRET}
    return subprocess.Popen(
        ["taskset", "-c", str(core), *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )


START = {"relay": start_relay, "janus": start_janus}


def one_row(server: str, calls: int, warm_up: float, seconds: float) -> dict[str, Any]:
    """Start a server, load it, stop it."""
    with tempfile.TemporaryDirectory() as folder:
        process, url = START[server](Path(folder))
        try:
            time.sleep(1.0)
            command = [sys.executable, "-m", "bench.media.generate", "--server", server, "--url", url]
            command += ["--pid", str(process.pid), "--calls", str(calls), "--address", ADDRESS]
            command += ["--warm-up", str(warm_up), "--seconds", str(seconds)]
            environment = {**os.environ, "BENCH_SECRET": SECRET}
            done = subprocess.run(
                ["taskset", "-c", str(GENERATOR_CORE), *command],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                timeout=180,
                check=True,
            )
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    row: dict[str, Any] = json.loads(done.stdout)
    row["rejected"] = reasons(row)
    return row


def reasons(row: dict[str, Any]) -> list[str]:
    """Why a row is not fair; empty when it is."""
    found = []
    if row["generator_share"] > MOST_GENERATOR:
        found.append("the generator used over 85 % of its core")
    if row["generator_late_ms"] > MOST_LATE_MS:
        found.append("the generator was over 20 ms late")
    if row["foreign_share"] > MOST_FOREIGN:
        found.append("other processes used over 5 %")
    return found


def median(rows: list[dict[str, Any]], server: str, calls: int, name: str) -> float | None:
    values = [row[name] for row in rows if row["server"] == server and row["calls"] == calls and not row["rejected"]]
    return statistics.median(values) if values else None


def summary(rows: list[dict[str, Any]], loads: list[int]) -> dict[str, Any]:
    """The medians and ratios of the fair rows."""
    found: dict[str, Any] = {}
    for calls in loads:
        relay = median(rows, "relay", calls, "cpu_us_per_packet")
        janus = median(rows, "janus", calls, "cpu_us_per_packet")
        relay_core = median(rows, "relay", calls, "core_us_per_packet")
        janus_core = median(rows, "janus", calls, "core_us_per_packet")
        found[f"relay_us_{calls}_calls"] = relay
        found[f"janus_us_{calls}_calls"] = janus
        found[f"ratio_median_{calls}_calls"] = relay / janus if relay and janus else None
        found[f"ratio_core_median_{calls}_calls"] = relay_core / janus_core if relay_core and janus_core else None
    return found


COLUMNS = (
    ("server", "{:>6}"),
    ("calls", "{:>5}"),
    ("cpu_us_per_packet", "{:>7.2f} us"),
    ("core_us_per_packet", "{:>7.2f} core"),
    ("server_share", "{:>6.1%} srv"),
    ("generator_share", "{:>6.1%} gen"),
    ("foreign_share", "{:>6.1%} other"),
    ("loss", "{:>8.4%} loss"),
    ("p50_ms", "{:>5.1f} p50"),
    ("p99_ms", "{:>5.1f} p99"),
    ("generator_late_ms", "{:>5.1f} late"),
    ("set_up_cpu_ms_per_call", "{:>5.1f} set-up"),
    ("memory_mb", "{:>5.0f} MB"),
)


def show(row: dict[str, Any]) -> str:
    line = " ".join(form.format(row[name]) for name, form in COLUMNS)
    return line + (f"  rejected: {'; '.join(row['rejected'])}" if row["rejected"] else "")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.media.run", description=__doc__)
    parser.add_argument("--loads", default="80,140", help="calls at the same time, one after the other")
    parser.add_argument("--rounds", type=int, default=3, help="of relay and Janus each, in turn")
    parser.add_argument("--only", choices=sorted(START), help="one server alone, for development")
    parser.add_argument("--warm-up", type=float, default=3.0)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench-media.json")
    arguments = parser.parse_args()
    enter_namespace()
    loads = [int(load) for load in arguments.loads.split(",")]
    rows: list[dict[str, Any]] = []
    for calls in loads:
        for _ in range(arguments.rounds):
            for server in [arguments.only] if arguments.only else ["relay", "janus"]:
                row = one_row(server, calls, arguments.warm_up, arguments.seconds)
                rows.append(row)
                print(show(row), flush=True)
    result = {"at": datetime.now(UTC).isoformat(), **summary(rows, loads), "rows": rows}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in result.items():
        if name.startswith(("ratio", "relay", "janus")) and value is not None:
            print(f"{name}: {value:.3f}")


if __name__ == "__main__":
    main()
