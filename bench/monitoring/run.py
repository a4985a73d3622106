"""The monitoring benchmark: import, the evaluation's tables and the nation's statistics page.

usage: python -m bench.monitoring.run [--calls 1000000] [--rounds 3] [--requests 40] [--out FILE]

PostgreSQL, Redis and one web process, private to the run. ``manage.py import_calls`` takes in a year of 2,000 practices
(2.2 devices a call); COPY puts the very same rows into the same, emptied tables. Then every table of the evaluation of
the year is made beside SQL by hand for tables 2 to 6, in turn, with the month tables empty; the medians are compared.
Then the month tables are counted and the page is asked for over HTTP. What is aimed at: at most 3 times the SQL, under
one second at the 95th percentile, at least a quarter of COPY's speed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench.media.report import conditions
from bench.monitoring.history import YEAR, write
from bench.monitoring.report import verdict
from tests.support.processes import MANAGE, ROOT, STOP_SECONDS, free_port, scratch, wait_until
from tests.support.stores import postgres, redis, service_environment

WARM_UP = 5
PAGES = {
    # As long as the one that nobody chose, where there are calls.
    "usual": f"/portal/statistik/?fra={YEAR}-07&til={YEAR}-12",
    "year": f"/portal/statistik/?fra={YEAR}-01&til={YEAR}-12",
}


def main() -> int:
    """Measure, print, keep, and say by the exit code whether the aims were met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--out", type=Path, default=Path("var/bench-monitoring.json"))
    options = parser.parse_args()
    with postgres() as database, redis() as broker, scratch() as folder:
        port = free_port()
        settings = service_environment(database, broker, folder / "var", port)
        settings |= {"VDX_LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "vdx.settings"}
        run([*MANAGE, "migrate", "--verbosity", "0"], settings)
        run([*MANAGE, "collectstatic", "--no-input", "--verbosity=0"], settings)
        print(f"writing {options.calls} calls", file=sys.stderr)
        devices = write(folder, options.calls)
        taken = import_calls(folder, settings)
        print(f"import: {taken}", file=sys.stderr)
        copied = ask("copy", folder, settings)
        print(f"COPY: {copied}", file=sys.stderr)
        ask("settle", folder, settings)
        rounds = []
        for _ in range(options.rounds):
            rounds.append(ask("tables", folder, settings))
            print(f"tables: {rounds[-1]}", file=sys.stderr)
        begun = time.perf_counter()
        run([*MANAGE, "count_months"], settings)
        counted = time.perf_counter() - begun
        print(f"months counted: {counted:.1f} s", file=sys.stderr)
        pages = statistics_pages(settings, port, ask("cookie", folder, settings), options.requests)
    report = {
        "conditions": conditions(),
        "calls": options.calls,
        "devices": devices,
        "rows": copied["rows"],
        **verdict(
            tables=[one["seconds"] for one in rounds],
            by_hand=[one["by_hand_seconds"] for one in rounds],
            pages=pages,
            import_seconds=taken["seconds"],
            copy_seconds=copied["seconds"],
            differing=sorted({name for one in rounds for name in one["differing"]}),
        ),
        "import_peak_mb": taken["peak_mb"],
        "count_months_seconds": round(counted, 2),
        "rounds": rounds,
        "pages": pages,
    }
    print(json.dumps({name: value for name, value in report.items() if name not in {"rounds", "pages"}}, indent=1))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if report["passed"] else 1


def import_calls(folder: Path, settings: dict[str, str]) -> dict[str, float]:
    """The command as an operator gives it: its seconds, from start to end, and the most memory it had."""
    files = [f"--{name}={folder / name}.csv" for name in ("organisations", "calls", "devices")]
    begun = time.perf_counter()
    process = subprocess.Popen([*MANAGE, "import_calls", *files], cwd=ROOT, env={**os.environ, **settings})
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError("import_calls failed")
    # getrusage(2): kilobytes.
    return {"seconds": round(time.perf_counter() - begun, 2), "peak_mb": round(used.ru_maxrss / 1024, 1)}


def statistics_pages(
    settings: dict[str, str], port: int, cookie: dict[str, str], requests: int
) -> dict[str, list[float]]:
    """Seconds of each request to the pages, one after another, after some that are not counted."""
    found: dict[str, list[float]] = {}
    with (Path(settings["VDX_VAR_DIR"]) / "web.log").open("wb") as log:
        web = subprocess.Popen([*MANAGE, "web"], cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            address = f"http://localhost:{port}"
            wait_until("the hub starts", lambda: web.poll() is not None or _answers(f"{address}/sundhed/levende"))
            for name, path in PAGES.items():
                seconds = [_timed(address + path, cookie) for _ in range(WARM_UP + requests)]
                found[name] = [round(one, 4) for one in seconds[WARM_UP:]]
                print(f"{name}: {min(found[name])} to {max(found[name])} s", file=sys.stderr)
        finally:
            web.terminate()
            web.wait(STOP_SECONDS)
    return found


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  # our own server
            return bool(answer.status == 200)
    except OSError:
        return False


def _timed(address: str, cookie: dict[str, str]) -> float:
    request = urllib.request.Request(address, headers={"Cookie": f"{cookie['name']}={cookie['value']}"})  # noqa: S310
    begun = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310  # our own server
        body = answer.read()
    seconds = time.perf_counter() - begun
    if answer.url != address or "Statistik" not in body.decode():
        raise RuntimeError(f"{address} gave {answer.url}")
    return seconds


def ask(what: str, folder: Path, settings: dict[str, str]) -> dict[str, Any]:
    """One measurement, in a process of its own."""
    found: dict[str, Any] = json.loads(
        run([sys.executable, "-m", "bench.monitoring.measure", what, str(folder)], settings)
    )
    return found


def run(command: list[str], settings: dict[str, str]) -> str:
    """What a program prints in the hub's settings."""
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
