"""The test page in a real browser: what works, what does not, and where the result goes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.conftest import GIVEN, PICTURES, Prepared, launch
from tests.e2e.people import PHONE, Hub, Someone, host, knock, window
from tests.support.net import Network, network, program
from tests.support.turn import Turn, coturn

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "device-test"
# Devices, ways round a wall, the round itself: some 15 s on a machine with nothing else to do.
LONG = 90_000


def begin(someone: Someone, path: str = "/test") -> None:
    someone.page.goto(f"{someone.home}{path}")
    someone.page.get_by_role("button", name="Begynd testen").click()


def verdict_of(page: Page) -> tuple[str | None, str | None]:
    """What the page says in the end."""
    said = page.locator("#verdict [data-verdict]")
    expect(said).to_be_visible(timeout=LONG)
    return said.get_attribute("data-verdict"), said.get_attribute("data-reason")


def stored(hub: Hub, code: str) -> dict[str, object]:
    """The record under the code that the page shows."""
    found: dict[str, object] = json.loads(
        hub.server.shell(f"""
import json
from monitoring.models import DeviceTest
t = DeviceTest.objects.get(code={code.lower()!r})
print(json.dumps(dict(verdict=t.verdict, reason=t.reason, room=str(t.room_uuid), browser=t.browser, **t.measures)))
""")
    )
    return found


def code_on(page: Page) -> str:
    expect(page.locator("#code")).to_have_text(re.compile(r"^[0-9A-Z]{6}$"), timeout=15_000)
    return page.locator("#code").inner_text()


def media_rooms(hub: Hub) -> int:
    """The rooms that are on a media server: other tests' calls too."""
    return int(hub.server.shell("from media.models import MediaRoom; print(MediaRoom.objects.count())"))


def test_everything_works_and_the_result_goes_to_the_door_and_to_medcom(browser: Browser, embedded: Hub) -> None:
    code = embedded.room()
    before = media_rooms(embedded)
    with (
        window(browser, embedded.url(), SHOTS, size=PHONE, camera="") as patient,
        window(browser, embedded.url(), SHOTS) as doctor,
    ):
        page = patient.page
        page.goto(f"{patient.home}/m/{code}/test")
        patient.seen("01-before")
        page.get_by_role("button", name="Begynd testen").click()
        expect(page.locator("#step-camera")).to_have_class(re.compile("is-good"))
        expect(page.locator("#step-microphone")).to_have_class(re.compile("is-good"))
        page.get_by_role("button", name="Afspil lyden").click()
        page.get_by_role("button", name="Ja, jeg kunne").click()
        expect(page.get_by_role("button", name="Afspil lyden")).to_be_focused()
        page.get_by_role("button", name="Optag fire sekunder").click()
        patient.seen("02-under-way")
        verdict = verdict_of(page)
        expect(page.locator("#record-state")).to_contain_text("Optagelsen er væk igen", timeout=15_000)
        shown = code_on(page)
        patient.seen("03-done")

        record = stored(embedded, shown)
        # The embedded hub carries two ends of a call and a browser that draws both: on a busy machine frames go first.
        assert verdict in {("ok", "fine"), ("poor", "slow")}
        assert record["verdict"] == verdict[0]
        working = ("camera", "microphone", "speaker", "socket", "loop", "udp")
        assert {name: record[name] for name in (*working, "way")} == {**dict.fromkeys(working, "ok"), "way": "udp"}
        assert record["turnUdp"] == record["turnTcp"] == record["turnTls"] == "none"
        assert 7 <= float(str(record["seconds"])) <= 20
        assert 50 <= float(str(record["receivedKbps"])) <= 4000
        assert 50 <= float(str(record["sentKbps"])) <= 4000
        assert 1 <= float(str(record["framesPerSecond"])) <= 40
        assert 0 <= float(str(record["lossPercent"])) < 20
        assert 0 <= float(str(record["rttMs"])) < 1000
        assert record["browser"] == "Chrome, Linux"
        assert media_rooms(embedded) == before

        page.get_by_role("link", name="Gå til din konsultation").click()
        knock(patient, code, "Grethe Sand")
        host(doctor, embedded, code)
        expect(doctor.page.locator("#knocks")).to_contain_text("Grethe Sand")
        words = {"ok": "Billede og lyd virker", "poor": "Det virker dårligt"}
        expect(doctor.page.locator("#knocks")).to_contain_text(words[str(verdict[0])])
        doctor.seen("04-door")
    with window(browser, embedded.url(), SHOTS) as medcom:
        medcom.comes_back(embedded, "medcom")
        medcom.page.goto(f"{medcom.home}/admin/monitoring/devicetest/?q={shown}")
        medcom.page.get_by_role("link", name=shown.lower()).click()
        expect(medcom.page.locator("#content")).to_contain_text("receivedKbps")
        medcom.picture("05-admin")


def test_a_camera_that_is_refused_is_named_with_the_next_step(poor_browser: Browser, embedded: Hub) -> None:
    why = poor_browser.why  # type: ignore[attr-defined]
    with window(poor_browser, embedded.url(), SHOTS, size=PHONE) as patient:
        begin(patient)
        expect(patient.page.locator("#step-camera")).to_have_class(re.compile("is-bad"))
        # The network is measured all the same, with a picture and a tone of the page's own.
        assert verdict_of(patient.page) == ("failed", f"both_{why}")
        expect(patient.page.locator("#step-loop")).to_have_class(re.compile("is-good"))
        expect(patient.page.get_by_role("button", name="Prøv kameraet igen")).to_be_visible()
        assert stored(embedded, code_on(patient.page))["loop"] == "ok"
        patient.seen(f"devices-{why}")


@dataclass
class Walled:
    """A hub and its TURN server, and a browser at the far end of a cable that lets no UDP through."""

    hub: Hub
    cable: Network
    turn: Turn


@pytest.fixture
def walled(prepared: Prepared) -> Iterator[Walled]:
    with network() as cable, coturn("--allow", cable.near, addresses=(cable.near,)) as turn:
        address = f"{turn.address}:{turn.port}"
        settings = {
            "VDX_LISTEN": "0.0.0.0",
            "VDX_RELAY_ADDRESSES": cable.near,
            "VDX_TURN_URLS": f"{turn.urls} turn:{address}?transport=tcp",
            "VDX_TURN_SECRET": turn.secret,
        }
        with prepared.hub(settings) as hub:
            yield Walled(hub, cable, turn)


def test_without_udp_it_goes_by_turn_over_tcp_or_tls_and_says_so(playwright: Playwright, walled: Walled) -> None:
    with program(walled.cable) as chromium:
        # coturn's certificate vouches for itself alone.
        flags = [*GIVEN, "--ignore-certificate-errors", f"--host-resolver-rules=MAP localhost {walled.cable.near}"]
        browser = launch(playwright, flags, chromium.path)
        try:
            walled.cable.block_udp()
            with window(browser, walled.hub.url(), SHOTS, size=PHONE) as patient:
                begin(patient)
                verdict = verdict_of(patient.page)
                record = stored(walled.hub, code_on(patient.page))
                patient.seen("no-udp")
                assert {name: record[name] for name in ("udp", "turnUdp", "turnTcp", "turnTls", "loop")} == {
                    "udp": "failed", "turnUdp": "failed", "turnTcp": "ok", "turnTls": "ok", "loop": "ok",
                }  # fmt: skip
                assert record["way"] in {"turn-tcp", "turn-tls"}
                assert verdict in {("ok", "detour"), ("poor", "slow")}
                expect(patient.page.locator("#step-udp")).to_contain_text("omvej")
                expect(patient.page.locator("#turn-list")).to_contain_text("TCP: virker")
                expect(patient.page.locator("#turn-list")).to_contain_text("TLS: virker")
        finally:
            browser.close()
