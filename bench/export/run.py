"""The export benchmark: memory, and the speed of data.csv beside PostgreSQL's own COPY of the same rows.

usage: python -m bench.export.run [--rows 1000000] [--rounds 3] [--out FILE]

PostgreSQL is private to the run. Each round is a process of its own that measures COPY and then an export of
everything; the medians are compared. What is aimed at: data.csv at least half as fast as COPY, and less than 200 MB of
memory.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from tests.support.processes import MANAGE, ROOT, free_port, scratch
from tests.support.stores import postgres, redis, service_environment

RATIO, MEGABYTES = 0.5, 200


def main() -> int:
    """Measure, print, and say by the exit code whether the aims were met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with postgres() as database, redis() as broker, scratch() as folder:
        settings = service_environment(database, broker, folder, free_port())
        settings |= {"VDX_LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "vdx.settings"}
        run([*MANAGE, "migrate", "--verbosity", "0"], settings)
        print(f"writing {options.rows} responses", file=sys.stderr)
        run([sys.executable, "-m", "bench.export.fill", str(options.rows)], settings)
        rounds = []
        for _ in range(options.rounds):
            rounds.append(json.loads(run([sys.executable, "-m", "bench.export.measure"], settings)))
            shown = {name: rounds[-1][name] for name in ("copy_seconds", "data_csv_seconds", "ratio", "peak_mb")}
            print(shown, file=sys.stderr)
    copy = statistics.median(one["copy_seconds"] for one in rounds)
    data = statistics.median(one["data_csv_seconds"] for one in rounds)
    report = {
        "rows": options.rows,
        "rounds": rounds,
        "copy_seconds": copy,
        "data_csv_seconds": data,
        "ratio": round(copy / data, 3),
        "peak_mb": max(one["peak_mb"] for one in rounds),
        "aims": {"ratio": RATIO, "peak_mb": MEGABYTES},
    }
    print(json.dumps(report, indent=1))
    if options.out:
        options.out.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if report["ratio"] >= RATIO and report["peak_mb"] < MEGABYTES else 1


def run(command: list[str], settings: dict[str, str]) -> str:
    """What a program prints in the hub's settings."""
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
