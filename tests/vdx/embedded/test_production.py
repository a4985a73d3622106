"""The hub in service, as `make run-production` starts it: on PostgreSQL and Redis, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import MANAGE, ROOT, free_port, wait_until
from tests.support.stores import postgres, redis, service_environment

pytestmark = pytest.mark.skipif(
    "VDX_DATABASE_URL" in os.environ, reason="Starts servers of its own; tested in the run on SQLite."
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("VDX_", "DJANGO_"))}
    with postgres() as database, redis() as broker:
        folder = tmp_path_factory.mktemp("var")
        settings = service_environment(database, broker, folder, free_port())
        yield {**inherited, **settings, "PYTHONUNBUFFERED": "1"}


def ready(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/sundhed/klar", timeout=2) as response:
            return bool(json.load(response)["status"] == "ok")
    except (urllib.error.URLError, OSError):
        return False


NAMES = {"web": "web", "worker": "worker", "beat": "beat", "media.engines.relay.worker": "relay"}


def children(pid: int) -> dict[str, int]:
    """Process ids of a process's children, by the management command or the module that each runs."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        arguments = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        command = next((NAMES[a] for a in arguments if a in NAMES), "starting")
        found[command + str(sum(key.startswith(command) for key in found))] = int(child)
    return found


def test_it_runs_survives_dead_processes_and_stops_in_order(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*MANAGE, "run_production"],
            cwd=ROOT,
            env={**environment, "VDX_WEB_PROCESSES": "2", "VDX_RELAY_WORKERS": "2"},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until("the hub is ready", lambda: ready(environment["VDX_PORT"]))
        family = children(process.pid)
        assert sorted(family) == ["beat0", "relay0", "relay1", "web0", "web1", "worker0"]

        # Young processes are not started again.
        time.sleep(5)
        for dead, name in (("web0", "web-1"), ("worker0", "worker"), ("beat0", "beat"), ("relay1", "relay-2")):
            os.kill(family[dead], signal.SIGKILL)
            sentence = f"{name} er stoppet af sig selv (kode -9) og startes igen."
            wait_until("it is said", lambda sentence=sentence: sentence in log.read_text())
        wait_until("all are there again", lambda: sorted(children(process.pid)) == sorted(family))
        wait_until("the hub is ready again", lambda: ready(environment["VDX_PORT"]))
        wait_until("the relay is ready again", lambda: log.read_text().count("relay worker ready") == 3)
        family = children(process.pid)

        started = time.monotonic()
        process.terminate()
        assert process.wait(40) == 0
        assert time.monotonic() - started < 30
        assert not any(Path(f"/proc/{pid}").exists() for pid in family.values())
        assert log.read_text().rstrip().endswith("VDX er stoppet.")
    finally:
        process.kill()
        process.wait()


def refusal(environment: dict[str, str]) -> str:
    done = subprocess.run([*MANAGE, "run_production"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_guessable_secret_stops_the_start(environment: dict[str, str]) -> None:
    assert "vdx.E001" in refusal({**environment, "VDX_SECRET_KEY": "abc" * 20})


MAKE_DEMO_USER = """
from vdx.accounts.services import create_user
create_user(email="d@demo.invalid", name="D", actor=None, is_demo=True)
"""
REMOVE_DEMO_USER = """
from vdx.accounts.models import AuditEntry, User
AuditEntry.objects.all().delete()
User.objects.all().delete()
"""


def test_demo_users_stop_the_start(environment: dict[str, str]) -> None:
    def shell(code: str) -> None:
        subprocess.run([*MANAGE, "shell", "--no-imports", "-c", code], cwd=ROOT, env=environment, check=True)

    subprocess.run([*MANAGE, "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True)
    shell(MAKE_DEMO_USER)
    try:
        assert "vdx.E003" in refusal(environment)
    finally:
        shell(REMOVE_DEMO_USER)


def test_without_servers_it_says_what_to_do(environment: dict[str, str], tmp_path: Path) -> None:
    embedded = {name: value for name, value in environment.items() if not name.startswith("VDX_")}
    assert "VDX_DATABASE_URL" in refusal({**embedded, "VDX_VAR_DIR": str(tmp_path)})
