"""The one-process hub, as `make run` starts it: its beginning, its end, and what survives."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import ServerFailed, free_port, wait_until
from tests.support.servers import HubServer

pytestmark = pytest.mark.skipif(
    "VDX_DATABASE_URL" in os.environ, reason="The one-process hub has its own database; tested in the run on SQLite."
)

# An app of the test's own, with a task that takes two seconds and leaves marks.
TASKS = """
import time
from pathlib import Path
from celery import shared_task
from django.conf import settings

SCHEDULE = {"tests.slow": {"task": "tests.slow", "schedule": 3600}}

@shared_task(name="tests.slow")
def slow():
    folder = Path(settings.VAR_DIR)
    (folder / "begun").touch()
    time.sleep(2)
    (folder / "finished").touch()
"""
SETTINGS = """
from vdx.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "slow_app"]
"""


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer.embedded() as hub:
        yield hub


def group_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5) as response:
        return int(response.status)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_seconds_and_leaves_nothing(hub: HubServer, sign: signal.Signals) -> None:
    pid = hub.pids()["web-0"]
    assert get(f"{hub.url}/sundhed/levende") == 200
    started = time.monotonic()
    os.kill(pid, sign)
    wait_until("the hub stops", lambda: not hub.pids(), 30)
    assert time.monotonic() - started < 20
    assert not group_lives(pid)
    assert hub.stop() == {"web-0": 0}
    assert "VDX er klar på" in hub.log()
    assert hub.log().rstrip().endswith("VDX er stoppet.")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", hub.ports[0])) != 0


def test_it_can_be_stopped_the_moment_it_says_it_is_ready(hub: HubServer) -> None:
    # The signal handlers are there before the sentence.
    hub.stop()
    hub._launch(hub.children["web-0"])
    log = hub.folder / "web-0.log"
    wait_until("the hub says it is ready", lambda: log.read_text().count("VDX er klar") == 2)
    assert hub.stop() == {"web-0": 0}


def test_a_task_that_has_begun_is_finished(tmp_path: Path) -> None:
    (tmp_path / "slow_app").mkdir()
    (tmp_path / "slow_app" / "__init__.py").touch()
    (tmp_path / "slow_app" / "tasks.py").write_text(TASKS)
    (tmp_path / "slow_settings.py").write_text(SETTINGS)
    environment = {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "slow_settings"}
    with HubServer.embedded(environment=environment) as hub:
        folder = hub.folder / "var"
        wait_until("the task begins", (folder / "begun").exists)
        assert not (folder / "finished").exists()
        assert hub.stop() == {"web-0": 0}
        assert (folder / "finished").exists()


def test_a_file_of_ones_own_is_served_without_demo_people_and_it_is_said(tmp_path: Path) -> None:
    environment = {
        "VDX_DATABASE_URL": f"sqlite:///{tmp_path}/own.sqlite3",
        "VDX_SECRET_KEY": "q8Zt3Lw0Vx5Nc7Rb1Ym4Hs9Kd2Fg6Jp-aEoUiTzXlWkMn_BvCrQ",
        "VDX_MAIL_URL": "smtp://localhost:25",
    }
    # Ready is only a hub whose worker has worked.
    with HubServer.embedded(demo=True, environment=environment) as hub:
        assert "ingen demobrugere" in hub.log()
        assert hub.shell("from vdx.accounts.models import User; print(User.objects.count())").strip() == "0"
        assert hub.stop() == {"web-0": 0}
    assert (tmp_path / "own.sqlite3").exists()


def test_a_second_start_keeps_what_was_there(hub: HubServer) -> None:
    hub.shell("from vdx.accounts.services import create_user; create_user(email='a@example.dk', name='A', actor=None)")
    secret = json.loads((hub.folder / "var" / "secrets.json").read_text())
    hub.stop()
    hub.start(0)
    assert json.loads((hub.folder / "var" / "secrets.json").read_text()) == secret
    count = "from vdx.accounts.models import User; print(User.objects.filter(email='a@example.dk').count())"
    assert hub.shell(count).strip() == "1"


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        environment = {"VDX_PORT": str(port), "VDX_PUBLIC_URL": f"http://localhost:{port}"}
        with pytest.raises(ServerFailed) as failed, HubServer.embedded(environment=environment):
            pass
    assert f"Port {port} er optaget af et andet program." in str(failed.value)
    assert "Traceback" not in str(failed.value)


def test_it_is_not_for_service() -> None:
    port = free_port()
    environment = {"VDX_REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with pytest.raises(ServerFailed, match="run-production"), HubServer.embedded(environment=environment):
        pass


MAKE_ROOM = """
from datetime import timedelta
from uuid import uuid4
from rooms.services import RoomSettings, create_room
from vdx.accounts.services import create_organisation
from vdx.lib import clock
now = clock.now()
create_room(
    uuid=uuid4(), organisation=create_organisation(code="nord", name="Nord", kind="", parent=None, actor=None),
    settings=RoomSettings(open_after_minutes=0), starts_at=now, ends_at=now + timedelta(seconds=3),
    host_label="", host_phone="", host_pin=None, guest_pin=None, created_by=None, now=now,
)
"""


def test_what_is_due_while_the_hub_is_dead_is_done_when_it_comes_back(hub: HubServer) -> None:
    hub.shell(MAKE_ROOM)
    hub.kill(0)
    time.sleep(3)
    states = "from rooms.models import Room; print(*Room.objects.values_list('state', flat=True))"
    assert hub.shell(states).strip() == "planned"
    hub.start(0)
    wait_until("the room is closed", lambda: hub.shell(states).strip() == "closed", 20)
