"""What is made of the rows: which are fair, medians and ratios, the conditions, and the table."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: A row is thrown away when the generator used more of its core, was later, or others used more.
MOST_GENERATOR, MOST_LATE_MS, MOST_FOREIGN = 0.85, 20.0, 0.05
#: The hub's whole load, in calls and in packets a second each way.
ALL_CALLS, ALL_PACKETS = 250, 75_000

Row = dict[str, Any]


def conditions() -> dict[str, str]:
    """Where and with what it was measured."""
    cpu = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    try:
        asked = ["dpkg-query", "--show", "--showformat=${Version}", "janus"]
        janus = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        janus = ""
    return {
        "at": datetime.now(UTC).isoformat(),
        "cpu": f"{os.cpu_count()} x {cpu[0] if cpu else platform.machine()}",
        "kernel": platform.release(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("aiortc", "aioice", "pylibsrtp")},
        "janus": janus or "unknown",
    }


def reasons(row: Row) -> list[str]:
    """Why a row is not fair; empty when it is."""
    found = []
    if row["generator_share"] > MOST_GENERATOR:
        found.append("the generator used over 85 % of its core")
    if row["generator_late_ms"] > MOST_LATE_MS:
        found.append("the generator was over 20 ms late")
    if row["foreign_share"] > MOST_FOREIGN:
        found.append("other processes used over 5 %")
    return found


def median(rows: Sequence[Row], server: str, calls: int, name: str) -> float | None:
    values = [row[name] for row in rows if row["server"] == server and row["calls"] == calls and not row["rejected"]]
    return statistics.median(values) if values else None


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """The medians and ratios of the fair rows. ``ratio_median_80_calls`` is always there; None: not measured."""
    found: dict[str, Any] = {"ratio_median_80_calls": None}
    for calls in sorted({row["calls"] for row in rows}):
        for name, column in (("", "cpu_us_per_packet"), ("core_", "core_us_per_packet")):
            relay, janus = (median(rows, server, calls, column) for server in ("relay", "janus"))
            found[f"relay_{name}us_{calls}_calls"] = relay
            found[f"janus_{name}us_{calls}_calls"] = janus
            found[f"ratio_{name}median_{calls}_calls"] = relay / janus if relay and janus else None
    measured = [row["calls"] for row in rows if row["server"] == "relay" and not row["rejected"]]
    found["all_calls"] = _calculated(rows, max(measured)) if measured else None
    return found


def _calculated(rows: Sequence[Row], calls: int) -> dict[str, Any]:
    cost = median(rows, "relay", calls, "core_us_per_packet") or 0.0
    return {
        "calls": ALL_CALLS,
        "packets_per_second_each_way": ALL_PACKETS,
        "cores": ALL_PACKETS * cost / 1e6,
        "is": f"calculated, not measured: packets a second times the median core time of a packet at {calls} calls",
    }


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


def show(row: Row) -> str:
    line = " ".join(form.format(row[name]) for name, form in COLUMNS)
    return line + (f"  rejected: {'; '.join(row['rejected'])}" if row["rejected"] else "")
