"""The patient's way in: from link to picture, with devices that fail, and called up when the doctor is ready."""

from __future__ import annotations

import http.server
import json
import queue
import re
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, Playwright, Route, expect

from tests.e2e.conftest import GIVEN, NO_DEVICES, PICTURES, launch
from tests.e2e.frozen import frozen
from tests.e2e.people import Hub, Someone, flowing, host, knock, let_in, window
from vdx.lib import vapid

pytestmark = pytest.mark.e2e
SHOTS = PICTURES / "arrival"
SMALL = {"width": 360, "height": 740}
# A camera and microphone that nobody has said yes or no to for the page.
ASKED_FOR = ["--use-fake-device-for-media-stream"]
NO_CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=0"]
AUTH = bytes(range(16))

# Stands in for the push service that a test cannot reach: where the browser is to be rung, and its keys.
SUBSCRIBED = """
if (window.PushManager) {
  PushManager.prototype.subscribe = async () => ({ toJSON: () => (%s) });
}
"""


@contextmanager
def chromium(playwright: Playwright, flags: list[str]) -> Iterator[Browser]:
    browser = launch(playwright, flags)
    yield browser
    browser.close()


def open_link(patient: Someone, code: str) -> None:
    patient.page.goto(f"{patient.home}/m/{code}")
    expect(patient.page.get_by_label("Dit navn").first).to_be_visible()


def test_from_the_link_to_the_picture_with_one_tap(browser: Browser, embedded: Hub) -> None:
    code, home = embedded.room(), embedded.url()
    with window(browser, home, SHOTS) as doctor, window(browser, home, SHOTS, size=SMALL) as patient:
        patient.page.context.grant_permissions(["camera", "microphone"], origin=home)
        host(doctor, embedded, code)
        patient.page.goto(f"{home}/m/{code}")
        name, button = patient.page.get_by_label("Dit navn").first, patient.page.get_by_role("button", name="Bank på")
        # Allowed before: one's own picture comes by itself.
        expect(patient.page.locator("#preview-off")).to_be_hidden()
        for part in (name, button):
            box = part.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= SMALL["height"], "it must be tapped, and lies below the fold"
        assert patient.page.evaluate("scrollY") == 0
        name.fill("Grethe Sand")
        button.click()
        let_in(doctor, "Grethe Sand")
        flowing(doctor, patient)
        assert patient.interactions() <= 2


def test_what_is_pressed_before_the_rooms_script_comes_is_done_when_it_comes(browser: Browser, embedded: Hub) -> None:
    code, home = embedded.room(), embedded.url()
    with window(browser, home, SHOTS) as doctor, window(browser, home, SHOTS, size=SMALL) as patient:
        host(doctor, embedded, code)
        # The network holds it back.
        held: list[Route] = []
        patient.page.route(re.compile(r"/js/pages/room\.[0-9a-f]+\.js$"), lambda route: held.append(route))
        patient.page.goto(f"{home}/m/{code}", wait_until="commit")
        heading = patient.page.get_by_role("heading", name="Velkommen til din videokonsultation")
        expect(heading).to_be_focused()
        patient.page.get_by_role("button", name="Tænd kamera og mikrofon").click()
        patient.page.get_by_label("Dit navn").first.fill("Grethe Sand")
        knock = patient.page.get_by_role("button", name="Bank på")
        knock.click()
        expect(knock).to_be_disabled()
        expect(patient.page).to_have_url(f"{home}/m/{code}")
        expect(patient.page.locator("#preview-off")).to_be_visible()
        held[0].continue_()
        expect(patient.page.locator("#waiting")).to_be_visible()
        expect(patient.page.locator("#preview-off")).to_be_hidden()
        let_in(doctor, "Grethe Sand")
        flowing(doctor, patient)


def test_a_refused_camera_is_allowed_in_this_browsers_settings(playwright: Playwright, embedded: Hub) -> None:
    code = embedded.room()
    with (
        chromium(playwright, ASKED_FOR) as asked,
        window(asked, embedded.url(), SHOTS, size=SMALL) as patient,
    ):
        open_link(patient, code)
        patient.page.get_by_role("button", name="Tænd kamera og mikrofon").click()
        problem = patient.page.locator("#device-problem")
        expect(problem).to_contain_text("ikke lov til at bruge dit kamera og din mikrofon")
        # The words are this browser's: Chrome's on a computer.
        expect(problem).to_contain_text("Tryk på tegnet til venstre for sidens adresse øverst på skærmen")
        patient.seen("1-refused")
        problem.get_by_role("button", name="Prøv igen").click()
        expect(problem).to_be_visible()
        # The person finds the settings; the page notices by itself.
        patient.page.context.grant_permissions(["camera", "microphone"], origin=patient.home)
        expect(problem).to_be_hidden()
        expect(patient.page.locator("#preview-off")).to_be_hidden()
        expect(patient.page.locator("#level-row")).to_be_visible()
        patient.seen("2-allowed")


def test_without_a_camera_one_comes_in_with_sound(playwright: Playwright, browser: Browser, embedded: Hub) -> None:
    code, home = embedded.room(), embedded.url()
    with (
        chromium(playwright, NO_CAMERA) as blind,
        window(browser, home, SHOTS) as doctor,
        window(blind, home, SHOTS, size=SMALL) as patient,
    ):
        host(doctor, embedded, code)
        open_link(patient, code)
        patient.page.get_by_role("button", name="Tænd kamera og mikrofon").click()
        expect(patient.page.locator("#device-problem")).to_contain_text("Vi kan ikke finde et kamera")
        expect(patient.page.locator("#level-row")).to_be_visible()
        patient.seen("3-no-camera")
        patient.page.get_by_label("Dit navn").first.fill("Grethe Sand")
        patient.page.get_by_role("button", name="Bank på").click()
        let_in(doctor, "Grethe Sand")
        flowing(patient)
        expect(doctor.page.locator("#people li")).to_have_count(2)
        doctor.page.wait_for_function(
            """async () => {
              for (const pc of window.keptConnections) {
                for (const row of (await pc.getStats()).values()) {
                  if (row.type === "inbound-rtp" && row.kind === "audio" && row.totalAudioEnergy > 0) return true;
                }
              }
              return false;
            }"""
        )


def test_a_microphone_that_gives_nothing_is_told(playwright: Playwright, embedded: Hub, tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    with wave.open(str(silence), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(2 * 48_000))
    code = embedded.room()
    with (
        chromium(playwright, [*GIVEN, f"--use-file-for-fake-audio-capture={silence}"]) as mute,
        window(mute, embedded.url(), SHOTS, size=SMALL) as patient,
    ):
        open_link(patient, code)
        patient.page.get_by_role("button", name="Tænd kamera og mikrofon").click()
        warning = patient.page.locator("#microphone-silent")
        expect(warning).to_contain_text("Vi kan ikke høre din mikrofon", timeout=30_000)
        expect(warning).to_be_visible(timeout=30_000)
        patient.seen("4-silent-microphone")
        warning.get_by_role("button", name="Vælg en anden mikrofon").click()
        expect(patient.page.locator("#choose-microphone")).to_be_focused()
        # Off is not silent.
        patient.page.locator("#preview-microphone").click()
        expect(warning).to_be_hidden()


def test_without_any_device_one_sees_and_hears(playwright: Playwright, browser: Browser, embedded: Hub) -> None:
    code, home = embedded.room(), embedded.url()
    with (
        chromium(playwright, NO_DEVICES) as bare,
        window(browser, home, SHOTS) as doctor,
        window(bare, home, SHOTS, size=SMALL) as patient,
    ):
        host(doctor, embedded, code)
        knock(patient, code, "Grethe Sand")
        expect(patient.page.locator("#device-problem")).to_contain_text("Vi kan ikke finde et kamera eller en mikrofon")
        let_in(doctor, "Grethe Sand")
        flowing(patient)
        expect(doctor.page.locator("#people li")).to_have_count(2)


def test_in_an_app_the_way_out_stands_ready_and_blocks_nothing(browser: Browser, embedded: Hub) -> None:
    code = embedded.room()
    agent = (
        "Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
        "Chrome/130.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/489.0]"
    )
    with window(browser, embedded.url(), SHOTS, size=SMALL, agent=agent) as patient:
        open_link(patient, code)
        patient.page.get_by_text("Virker det ikke her i appen?").click()
        expect(patient.page.locator("#way-out-link")).to_have_value(re.compile(rf"/m/{code}$"))
        expect(patient.page.locator("#way-out")).to_contain_text("-".join(re.findall("....", code)))
        patient.seen("5-in-an-app")
        knock(patient, code, "Grethe Sand")


@contextmanager
def push_service() -> Iterator[tuple[str, queue.Queue[bytes]]]:
    """A push service on this machine: its address, and what came."""
    came: queue.Queue[bytes] = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Nothing on the screen."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/send/1", came
    finally:
        server.shutdown()
        server.server_close()


def deliver(patient: Someone, payload: str) -> None:
    """Hand the push to the page's worker, as the browser does when its push service has reached it."""
    session = patient.page.context.new_cdp_session(patient.page)
    registrations: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(row["registrationId"] for row in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    patient.page.wait_for_function("navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    assert registrations
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": patient.home, "registrationId": registrations[-1], "data": payload},
    )


@pytest.fixture
def phone(playwright: Playwright) -> Iterator[Browser]:
    """A browser that can be put on ice without anybody else's."""
    chromium = launch(playwright, GIVEN)
    yield chromium
    chromium.close()


def test_the_doctor_rings_the_patient_up(browser: Browser, phone: Browser, embedded: Hub) -> None:
    code, home = embedded.room(), embedded.url()
    key = ec.generate_private_key(ec.SECP256R1())
    keys = {"p256dh": vapid.encode(vapid.point_of(key.public_key())), "auth": vapid.encode(AUTH)}
    with push_service() as (endpoint, came):
        script = SUBSCRIBED % json.dumps({"endpoint": endpoint, "keys": keys})
        with (
            window(browser, home, SHOTS) as doctor,
            window(phone, home, SHOTS, size=SMALL, script=script) as patient,
        ):
            patient.page.context.grant_permissions(["camera", "microphone", "notifications"], origin=home)
            host(doctor, embedded, code)
            knock(patient, code, "Grethe Sand")
            patient.page.get_by_role("button", name="Ring mig op, når lægen er klar").click()
            expect(patient.page.locator("#ring-me-words")).to_contain_text("Du må gerne gå væk fra siden")
            patient.seen("6-will-be-rung")
            # A telephone puts the page on ice while its owner does something else. It is rung all the same.
            with frozen(phone):
                doctor.page.get_by_role("button", name=re.compile("Kald ind")).first.click()
                # The push service has got it, and only this browser can read it.
                read = http_ece.decrypt(came.get(timeout=30), private_key=key, auth_secret=AUTH, version="aes128gcm")

            # Back, the page rings, in words and in its title, until somebody is there.
            bell = patient.page.get_by_role("dialog", name="Lægen er klar")
            expect(bell).to_be_visible()
            expect(patient.page).to_have_title("Lægen er klar")
            patient.seen("7-rings")
            payload = json.loads(read)
            assert payload == {
                "title": "Lægen er klar",
                "body": "Tryk her for at komme tilbage til venterummet.",
                "path": f"/m/{code}",
            }
            deliver(patient, read.decode())
            patient.page.wait_for_function(
                """async () => {
                  const worker = await navigator.serviceWorker.getRegistration("/m/");
                  const [shown] = await worker.getNotifications();
                  return shown?.title === "Lægen er klar" && shown.tag === "vdx-ring";
                }"""
            )
            bell.get_by_role("button", name="Jeg er her").click()
            expect(bell).to_be_hidden()
            expect(patient.page).not_to_have_title("Lægen er klar")
            let_in(doctor, "Grethe Sand")
            flowing(doctor, patient)
            assert (
                embedded.server.shell(
                    "from rooms.models import PushAddress; print(PushAddress.objects.count())"
                ).strip()
                == "0"
            )
