"""A call between Chromium and Debian's Firefox ESR: each sees and hears the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PICTURES, Prepared
from tests.e2e.measure import WATCH, until
from tests.e2e.measure import sees as meets
from tests.e2e.people import Hub, host, let_in, window
from tests.support.firefox import Firefox, firefox
from tests.support.net import network

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

GRETHE = "Grethe Sand"
# What Firefox paints of the other, as a few numbers.
PAINTED = """
const [video] = document.querySelectorAll("#call-stage .call__remote:not([hidden]) video");
if (!video?.videoWidth) return "";
const canvas = Object.assign(document.createElement("canvas"), {width: 32, height: 18});
const brush = canvas.getContext("2d");
brush.drawImage(video, 0, 0, 32, 18);
return brush.getImageData(0, 0, 32, 18).data.join();
"""


def sees(fox: Firefox) -> None:
    """Wait until Firefox has painted five different pictures."""
    painted: set[str] = set()

    def moves() -> bool:
        painted.add(fox.run(PAINTED))
        return len(painted - {""}) >= 5

    until("Firefox paints the other's picture", moves, 40)


@pytest.fixture
def elsewhere(prepared: Prepared) -> Iterator[Hub]:
    """A hub whose media server has an address of its own: of a machine's loopback Firefox gathers nothing."""
    with network() as cable, prepared.hub({"VDX_RELAY_ADDRESSES": cable.near}) as hub:
        yield hub


def test_firefox_and_chromium_meet_on_the_media_server(browser: Browser, elsewhere: Hub) -> None:
    code = elsewhere.room(direct=False, organiser="secretary")
    with window(browser, elsewhere.url(), PICTURES / "firefox", script=WATCH) as doctor, firefox() as fox:
        host(doctor, elsewhere, code)
        fox.go(f"{elsewhere.url()}/m/{code}")
        fox.type("#knock-name", GRETHE)
        fox.press("#knock-button")
        let_in(doctor, GRETHE)
        meets(doctor.page, GRETHE, seconds=40)
        sees(fox)
        expect(doctor.page.locator("#screen-call")).to_contain_text(f"{GRETHE} kan høre dig", timeout=30_000)
        fox.picture(PICTURES / "firefox" / "on-the-server.png")


def test_a_patient_with_firefox_and_a_doctor_with_chromium(browser: Browser, embedded: Hub) -> None:
    code = embedded.room(direct=True, organiser="secretary")
    with window(browser, embedded.url(), PICTURES / "firefox", script=WATCH) as doctor, firefox() as fox:
        host(doctor, embedded, code)
        fox.go(f"{embedded.url()}/m/{code}")
        fox.type("#knock-name", GRETHE)
        fox.press("#knock-button")
        let_in(doctor, GRETHE)
        meets(doctor.page, GRETHE, seconds=40)
        sees(fox)
        # From Firefox's own counters, as it tells the other side.
        expect(doctor.page.locator("#screen-call")).to_contain_text(f"{GRETHE} kan høre dig", timeout=30_000)
        fox.picture(PICTURES / "firefox" / "call.png")
        # Silence and darkness cross the border between the two, and so does their end.
        fox.press("#toggle-camera")
        expect(doctor.page.locator("#call-stage .call__remote .call__person").first).to_be_visible()
        fox.press("#toggle-camera")
        meets(doctor.page, GRETHE, seconds=40)
        fox.press("#leave")
        fox.press("#leave-dialog button[value=yes]")
        fox.wait("return location.pathname.endsWith('/tak')")
        expect(doctor.page.locator("#people")).not_to_contain_text(GRETHE)
