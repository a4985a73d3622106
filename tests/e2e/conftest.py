"""Real browsers against a real hub: Debian's Chromium with a fake camera and microphone, and HubServer.

Neither the browser nor the hub shares a process or a database connection with the tests.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.e2e.people import Hub
from tests.support.net import CHROMIUM, Network, Program, network, program
from tests.support.processes import ROOT, scratch
from tests.support.servers import HubServer

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    # Both browsers are on this machine: let them meet on its loopback, by address (and no mDNS, below).
    "--allow-loopback-in-peer-connection",
    # No page of the browser's own is got ready beside ours.
    "--disable-features=WebRtcHideLocalIpsWithMdns,PreloadTopChromeWebUI",
]
GIVEN = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
REFUSED = ["--use-fake-ui-for-media-stream=deny", "--use-fake-device-for-media-stream"]
NO_DEVICES = ["--use-fake-ui-for-media-stream"]

# A busy machine takes its time.
expect.set_options(timeout=15_000)

PICTURES = Path(os.environ.get("TEST_RESULTS", ROOT / "test-results")) / "e2e"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browsers."""
    with sync_playwright() as driver:
        yield driver


def launch(playwright: Playwright, flags: list[str], program: Path | str = CHROMIUM) -> Browser:
    """A Chromium with the usual quiet flags and some more."""
    return playwright.chromium.launch(executable_path=program, args=[*QUIET, *flags])


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that gives every page the fake camera and microphone."""
    chromium = launch(playwright, GIVEN)
    yield chromium
    chromium.close()


@pytest.fixture(params=["refused", "missing"])
def poor_browser(playwright: Playwright, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A Chromium whose user says no, and one without any device."""
    chromium = launch(playwright, REFUSED if request.param == "refused" else NO_DEVICES)
    chromium.why = request.param  # type: ignore[attr-defined]
    yield chromium
    chromium.close()


SEED = "import json; from tests.e2e.seed import seed; print(json.dumps(seed()))"
PREPARE = f"""
from django.core.management import call_command
from vdx.management.commands.serve import collect
call_command("migrate", verbosity=0, interactive=False)
collect()
{SEED}
"""


@dataclass
class Prepared:
    """A hub's folder, its database made and its files collected, with people who may log in there.

    To make one takes several times what starting a hub on it does.
    """

    folder: Path
    logins: dict[str, dict[str, str]]

    @contextmanager
    def hub(self, settings: dict[str, str] | None = None, *, relay: str = "") -> Iterator[Hub]:
        """The hub as `make run` starts it, one process on SQLite, on a copy of the folder."""
        with scratch() as place:
            copied = shutil.copytree(self.folder, place / "var")
            with HubServer.embedded(
                environment={"VDX_VAR_DIR": str(copied), **(settings or {})}, relay=relay
            ) as server:
                yield Hub(server, self.logins)


@pytest.fixture(scope="session")
def prepared() -> Iterator[Prepared]:
    """For every hub on SQLite."""
    with scratch() as place:
        nobody = HubServer(place, {"VDX_VAR_DIR": str(place / "var")}, [])
        try:
            logins = json.loads(nobody.shell(PREPARE))
        finally:
            nobody.stop()
        yield Prepared(place / "var", logins)


@pytest.fixture(scope="session")
def embedded(prepared: Prepared) -> Iterator[Hub]:
    """The hub as `make run` starts it: one process on SQLite. Push services may be on this machine."""
    with prepared.hub({"VDX_PUSH_LOOPBACK": "1"}) as hub:
        yield hub


@pytest.fixture(scope="session")
def service() -> Iterator[Hub]:
    """The hub in service: PostgreSQL, Redis, two web processes, worker, beat."""
    with HubServer.service() as server:
        yield Hub(server, json.loads(server.shell(SEED)))


@pytest.fixture(params=["embedded", "service"])
def hub(request: pytest.FixtureRequest) -> Hub:
    """Both set-ups, one after the other."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Hub)
    found.name = request.param
    return found


@dataclass
class Far:
    """A hub that browsers reach by a cable, and a relay worker whose network can be made poor."""

    hub: Hub
    cable: Network
    poor: Path

    @property
    def by_cable(self) -> str:
        """The flag by which the hub's name leads to it from the cable's far end. Only localhost does without TLS."""
        return f"--host-resolver-rules=MAP localhost {self.cable.near}"

    def network(self, *, loss: float = 0.0, kbps: int = 0) -> None:
        """Lose so many datagrams both ways, and carry no more than this to any browser; 0: everything."""
        self.poor.write_text(json.dumps({"loss": loss, "kbps": kbps}))


@pytest.fixture(scope="session")
def far(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Far]:
    """The hub as `make run` starts it, at this machine's end of a cable."""
    poor = tmp_path_factory.mktemp("poor") / "network.json"
    with network() as cable:
        settings = {"VDX_LISTEN": "0.0.0.0", "VDX_RELAY_ADDRESSES": cable.near, "POOR_FILE": str(poor)}
        with prepared.hub(settings, relay="tests.support.poor_worker") as hub:
            yield Far(hub, cable, poor)


@pytest.fixture
def far_program(far: Far) -> Iterator[Program]:
    """Chromium as a program at the far end of the cable."""
    with program(far.cable) as made:
        yield made


@pytest.fixture
def far_browser(playwright: Playwright, far: Far, far_program: Program) -> Iterator[Browser]:
    """A Chromium at the far end of the cable, which is in: a test that failed may have left it out."""
    far.cable.put_in()
    chromium = launch(playwright, [*GIVEN, far.by_cable], far_program.path)
    yield chromium
    chromium.close()
    far.cable.put_in()
