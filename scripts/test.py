"""Every check and test of the project, as ``make test`` and the build server run them.

Installs what is missing, runs each step, goes on when one fails, says at the end how long each took, and leaves
nothing behind. Exits with 0 only when every step passed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
# Programs that tests start, and the Debian packages that hold them.
PROGRAMS = {
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"),
    "redis-server": lambda: shutil.which("redis-server"),
    "chromium": lambda: shutil.which("chromium"),
    "firefox-esr": lambda: shutil.which("firefox-esr"),
    "gettext": lambda: shutil.which("msgfmt"),
    "fonts-dejavu-core": lambda: Path("/usr/share/fonts/truetype/dejavu").exists(),
    # Tests start these two with configurations and ports of their own; a service that Debian starts is not touched.
    "coturn": lambda: shutil.which("turnserver"),
    "janus": lambda: shutil.which("janus"),
    "iproute2": lambda: shutil.which("ip"),
    # It opens what researchers get.
    "r-base-core": lambda: shutil.which("Rscript"),
    "nodejs": lambda: shutil.which("node"),
    "npm": lambda: shutil.which("npm"),
}
# At the end: what was skipped, failed, or needed a second try, and what took longest.
PYTEST = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-raR", "--durations=20"]
UNIT = [*PYTEST, "-n", "2", "--dist", "loadfile", "--ignore=tests/e2e", "tests"]
# Of the VDX-API what writes, searches and counts queries is tested on both; how it looks from outside, once.
_API_ONCE = (
    *("at_once", "field_usage", "fuzz", "identity", "language", "links_open_no_door"),
    *("pools", "roles", "rooms", "templates", "transport"),
)
# Tested once: what has nothing to do with database and broker, and what starts hubs with stores of their own.
ONCE = (
    "architecture",
    "booking/api/organisations",
    "booking/api/test_example.py",
    "booking/api/v1",
    *(f"booking/api/v2/test_{name}.py" for name in _API_ONCE),
    "media/engines",
    "media/test_coturn.py",
    "vdx/embedded",
)
STORES = [*UNIT, "--reuse-db", "--ignore-glob=*/rules/*", *(f"--ignore=tests/{name}" for name in ONCE)]


# A browser that hangs shall not take the others' time.
BROWSER = [*PYTEST, "--timeout=240", "tests/e2e"]


@dataclass
class Step:
    """One command; ``seconds`` is the most it may take."""

    name: str
    command: list[str]
    seconds: int = 300


@dataclass
class Result:
    """How a step ended, and pytest's or node's last words where it had them."""

    step: Step
    passed: bool
    seconds: float
    closing: str


STEPS = [
    Step("style", [str(BIN / "ruff"), "check", "--no-cache", "."]),
    Step("format", [str(BIN / "ruff"), "format", "--check", "--no-cache", "."]),
    Step("types", [PYTHON, "-m", "mypy"]),
    Step("floors", [str(BIN / "lint-imports"), "--no-cache"]),
    Step("types of the pages' scripts", ["npm", "run", "--silent", "types"]),
    Step("tests of the pages' scripts", ["npm", "run", "--silent", "test"]),
    Step("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    Step("tests on SQLite", UNIT, 1200),
    # The server goes with its databases: dropping them first would only wait for connections of threads that end.
    Step("tests on PostgreSQL and Redis", [PYTHON, "-m", "tests.support.servers", "--", *STORES], 1200),
    Step("tests of pages in the browser", [*BROWSER, "-m", "not alone", "-n", "2", "--dist", "loadfile"], 900),
    Step("tests of calls in the browser, one at a time", [*BROWSER, "-m", "alone", "-p", "no:xdist"], 1800),
]


def main() -> int:
    """Run everything; the exit code."""
    # `make` passes SIGTERM on to us. Ctrl-C comes as KeyboardInterrupt by itself.
    signal.signal(signal.SIGTERM, _interrupt)
    os.chdir(ROOT)
    try:
        install_packages()
        install_scripts()
        results = [run(step) for step in STEPS]
    except KeyboardInterrupt:
        print("\nInterrupted. Nothing is left running.")
        return 130
    return report(results)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def install_packages() -> None:
    """Install the Debian packages that are missing, or say loudly which and stop."""
    missing = [package for package, found in PROGRAMS.items() if not found()]
    if not missing:
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"\nMISSING: {', '.join(missing)}.\nThe tests need them. Install them, for example with\n"
            f"    sudo apt-get install {' '.join(missing)}\nand run `make test` again."
        )
    print(f"Installing {', '.join(missing)} ...", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], check=True, env=environment, stdin=subprocess.DEVNULL)
    subprocess.run(
        [*apt, "install", "-y", "--no-install-recommends", *missing],
        check=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def install_scripts() -> None:
    """Install the compiler that checks the pages' scripts, when its lock has changed."""
    lock, stamp = ROOT / "package-lock.json", ROOT / "node_modules" / ".holds-package-lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], check=True, stdin=subprocess.DEVNULL)
    stamp.write_bytes(lock.read_bytes())


def run(step: Step) -> Result:
    """Run one step in a process group of its own, so that nothing of it outlives it."""
    print(f"\n=== {step.name}", flush=True)
    started = time.monotonic()
    # The hub's own settings of whoever runs this have no say in the tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VDX_")}
    process = subprocess.Popen(
        step.command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    closing = ""
    signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(step.seconds)
    try:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            closing = line.strip() or closing
        code = process.wait()
    except TimeoutError:
        print(f"TOO LATE: {step.name} took more than {step.seconds} s", flush=True)
        code = 1
    finally:
        signal.alarm(0)
        end(process)
    return Result(step, code == 0, time.monotonic() - started, closing)


def _too_late(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


def end(process: subprocess.Popen[str]) -> None:
    """End what is left of a step: politely, so that it can clean up, then at once."""
    for sign, patience in ((signal.SIGTERM, 30.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and _group_lives(process):
            time.sleep(0.1)
    process.wait()


def _group_lives(process: subprocess.Popen[str]) -> bool:
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def report(results: list[Result]) -> int:
    """Say how it went; the exit code."""
    print("\n=== How it went")
    for result in results:
        print(f"{'passed' if result.passed else 'FAILED'}  {result.seconds:6.1f} s  {result.step.name}")
    print(f"total   {sum(result.seconds for result in results):6.1f} s\n")
    for result in results:
        if "pytest" in result.step.command:
            print(f"{result.step.name}: {result.closing}")
    failed = [result.step.name for result in results if not result.passed]
    print(f"\n{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
