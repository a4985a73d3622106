"""What people hand to each other in a call: text as it is typed, pictures, links; kept nowhere.

In service the doctor and the patient sit at different web processes.
"""

from __future__ import annotations

import base64
import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from redis import Redis

from tests.e2e import files
from tests.e2e.calls import DOCTOR, GRETHE, call, end
from tests.e2e.conftest import PICTURES, Far
from tests.e2e.people import Hub, Someone

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "exchange"
SECRET = "Det klør under venstre fod"

EVERYTHING = """
from django.apps import apps
print("\\n".join(str(row) for model in apps.get_models() for row in model._default_manager.values()))
"""


def opened(someone: Someone) -> None:
    """Open the panel by its button."""
    someone.page.get_by_role("button", name="Skriv og vis").click()
    expect(someone.page.locator("#exchange")).to_be_visible()


def pieces_on_the_wire(someone: Someone) -> Callable[[], bytes]:
    """From now on: what this page is handed of pictures, byte for byte, as the socket carries it."""
    parts: dict[tuple[str, int], bytes] = {}

    def heard(payload: str | bytes) -> None:
        message = json.loads(payload)
        if message["type"] == "piece" and "bytes" in message["data"]:
            parts[message["id"], message["part"]] = base64.b64decode(message["data"]["bytes"])

    someone.page.on("websocket", lambda socket: socket.on("framereceived", heard))
    return lambda: b"".join(parts[key] for key in sorted(parts))


def choose(someone: Someone, folder: Path, name: str, content: bytes) -> None:
    """Press "Vis billede" and choose a file, which stands in the folder: handed over by its name it takes no time."""
    (folder / name).write_bytes(content)
    if not someone.page.locator("#picture-dialog").is_visible():
        someone.page.get_by_role("button", name="Vis billede", exact=True).click()
    someone.page.locator("#picture-file").set_input_files(folder / name)


def test_letters_are_seen_as_they_are_typed(browser: Browser, service: Hub) -> None:
    with call(browser, service, SHOTS) as (doctor, patient):
        opened(patient)
        box = patient.page.get_by_role("textbox", name="Skriv")
        box.press_sequentially(SECRET[:12], delay=60)
        # The doctor's panel opens by itself, and shows what is not finished.
        typing = doctor.page.locator("#exchange-typing")
        expect(typing).to_contain_text(SECRET[:12])
        expect(typing).to_contain_text(f"{GRETHE} skriver")
        expect(doctor.page.locator("#exchange-log li")).to_have_count(0)
        # The other way, at the same time.
        doctor.page.get_by_role("textbox", name="Skriv").press_sequentially("Hvor længe har", delay=30)
        expect(patient.page.locator("#exchange-typing")).to_contain_text("Hvor længe har")
        patient.seen("typing-patient")
        doctor.seen("typing-doctor")
        # Taken back and written anew; then finished, by key and by button.
        box.press("Backspace")
        expect(typing).not_to_contain_text(SECRET[:12])
        box.fill(SECRET)
        box.press("Enter")
        log = doctor.page.get_by_role("log", name="Beskeder og billeder")
        expect(log).to_contain_text(SECRET)
        expect(log).to_contain_text(GRETHE)
        expect(typing.locator("li")).to_have_count(0)
        expect(box).to_have_value("")
        doctor.page.get_by_role("textbox", name="Skriv").fill("Hvor længe har du haft det?")
        doctor.page.get_by_role("button", name="Send", exact=True).click()
        expect(patient.page.get_by_role("log")).to_contain_text("Hvor længe har du haft det?")
        # Closed with Esc: the focus is back at the button, which says in words that something is new.
        box.press("Escape")
        expect(patient.page.locator("#exchange")).to_be_hidden()
        expect(patient.page.locator("#toggle-exchange")).to_be_focused()
        doctor.page.get_by_role("textbox", name="Skriv").fill("Er du der?")
        doctor.page.keyboard.press("Enter")
        expect(patient.page.get_by_role("button", name="Skriv og vis (1 ny)")).to_be_visible()
        expect(patient.page.locator("#exchange")).to_be_hidden()

        # A link: only one that is safe to open, in full, its host in bold.
        doctor.page.get_by_role("button", name="Send link").click()
        field = doctor.page.get_by_label("Linket eller formularen")
        for wrong, words in (
            ("http://borger.dk/", "skal begynde med https"),
            ("javascript:alert(1)", "skal begynde med https"),
            ("https://borger.dk@evil.example/", "kan snyde"),
            ("", "Sæt linket ind"),
        ):
            field.fill(wrong)
            field.press("Enter")
            expect(doctor.page.get_by_role("alert").filter(has_text=words)).to_be_visible()
        field.fill("https://www.sundhed.dk/borger?skema=ryg")
        doctor.seen("link-doctor")
        doctor.page.locator("#link-dialog").get_by_role("button", name="Send", exact=True).click()
        expect(doctor.page.locator("#link-dialog")).to_be_hidden()
        patient.page.get_by_role("button", name="Skriv og vis (2 nye)").click()
        expect(patient.page.locator("#exchange-log strong")).to_have_text("www.sundhed.dk")
        opens = patient.page.get_by_role("link", name="Åbn linket i en ny fane")
        assert opens.get_attribute("href") == "https://www.sundhed.dk/borger?skema=ryg"
        assert (opens.get_attribute("target"), opens.get_attribute("rel")) == ("_blank", "noopener noreferrer")
        expect(patient.page.get_by_role("button", name="Send link")).to_have_count(0)
        patient.seen("link-patient")
        end(doctor)
        # Gone with the call, also for who goes back.
        expect(patient.page).to_have_url(re.compile("/tak$"))
        patient.page.go_back()
        expect(patient.page.locator("body")).not_to_contain_text(SECRET)
    stored, broker = service.server.shell(EVERYTHING), Redis.from_url(service.server.environment["VDX_REDIS_URL"])
    kept = str([(key, broker.dump(key)) for key in broker.scan_iter()])
    assert "laegehuset-nord" in stored, "there are rows to look through"
    assert "web-1" in service.server.log(), "there is a log to look through"
    for text in (SECRET, SECRET.encode().hex(), "sundhed.dk/borger", "Hvor længe har du"):
        assert text not in stored
        assert text not in service.server.log()
        assert text not in kept


def test_a_picture_arrives_without_what_the_telephone_wrote_into_it(
    browser: Browser, service: Hub, tmp_path: Path
) -> None:
    sent = files.photo()
    assert files.PLANTED in sent
    with call(browser, service, SHOTS) as (doctor, patient):
        # A page loaded anew while this test listens to its socket.
        wire = pieces_on_the_wire(doctor)
        doctor.page.reload()
        expect(doctor.page.locator("#people")).to_contain_text(GRETHE)
        opened(patient)
        choose(patient, tmp_path, "sted.jpg", sent)
        expect(patient.page.get_by_alt_text("Billedet, som du er ved at vise")).to_be_visible()
        patient.seen("preview-patient")
        expect(doctor.page.locator("#exchange-log li")).to_have_count(0)
        patient.page.get_by_role("button", name="Vis til lægen").click()
        expect(doctor.page.get_by_alt_text(f"Billede fra {GRETHE}")).to_be_visible()
        expect(patient.page.locator("#exchange-log")).to_contain_text("Dit billede er vist.")
        came = wire()
        for planted in (files.PLANTED, b"PLANTED", b"Exif", b"GPS", b"\xff\xe1"):
            assert planted not in came, planted
        picture = Image.open(io.BytesIO(came))
        assert (picture.format, dict(picture.getexif())) == ("JPEG", {})
        # Upright: what the sensor saw on the left is above now.
        assert picture.size == (480, 640)
        assert picture.getpixel((240, 40))[0] > 150 > picture.getpixel((240, 600))[0]  # type: ignore[index]
        patient.picture("shown-patient")

        # Large, nearer by key, and the doctor may keep it.
        doctor.page.get_by_role("button", name="Vis stort").click()
        viewer = doctor.page.get_by_role("dialog", name=f"Billede fra {GRETHE}")
        expect(viewer).to_be_visible()
        before = viewer.locator("img").bounding_box()
        doctor.page.keyboard.press("+")
        after = viewer.locator("img").bounding_box()
        assert before is not None
        assert after is not None
        assert after["width"] > before["width"]
        doctor.seen("large-doctor")
        with doctor.page.expect_download() as download:
            viewer.get_by_role("link", name="Gem til journalen").click()
        assert download.value.suggested_filename.startswith("billede-")
        assert download.value.path().read_bytes() == came
        doctor.page.keyboard.press("Escape")
        expect(viewer).to_be_hidden()

        # 14 MB travel as little as any other; the doctor shows one, which the patient cannot save.
        large = files.photo(4000, 3000, turned=False, size=14_200_000)
        assert 14_000_000 < len(large) <= 15 * 1024 * 1024
        choose(doctor, tmp_path, "stor.jpg", large)
        doctor.page.get_by_role("button", name=f"Vis til {GRETHE}").click()
        shown = patient.page.get_by_alt_text(f"Billede fra {DOCTOR}")
        expect(shown).to_be_visible()
        assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [2048, 1536]
        patient.page.get_by_role("button", name="Vis stort").last.click()
        expect(patient.page.locator("#picture-viewer")).to_be_visible()
        patient.seen("large-patient")
        expect(patient.page.get_by_role("link", name="Gem til journalen")).to_have_count(0)
        patient.page.keyboard.press("Escape")

        # What is no picture, or cannot be opened, is said in words; then one that can.
        for name, content, words in (
            ("brev.pdf", b"%PDF-1.7 and so on", "ikke et billede, vi kan vise"),
            ("tegning.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ikke et billede, vi kan vise"),
            ("foto.heic", files.heic(), "HEIC"),
            ("halvt.jpg", sent[:200], "gået i stykker"),
            ("tomt.jpg", b"", "gået i stykker"),
            ("stort.jpg", bytes(15 * 1024 * 1024 + 1), "højst fylde 15 MB"),
        ):
            choose(patient, tmp_path, name, content)
            expect(patient.page.locator("#picture-problem")).to_contain_text(words)
        patient.seen("refused-patient")
        for number, (name, content) in enumerate((("hud.png", files.png()), ("hud.webp", files.webp()))):
            choose(patient, tmp_path, name, content)
            patient.page.get_by_role("button", name="Vis til lægen").click()
            expect(doctor.page.get_by_alt_text(f"Billede fra {GRETHE}")).to_have_count(2 + number)
        end(doctor)


def test_a_picture_outlives_ten_seconds_without_network(
    far: Far, browser: Browser, far_browser: Browser, tmp_path: Path
) -> None:
    far.network()
    with call([browser, far_browser], far.hub, SHOTS) as (doctor, patient):
        opened(patient)
        choose(patient, tmp_path, "udslæt.jpg", files.photo(1600, 1200, noise=True))
        # Slow enough that the network can go while the picture is on its way.
        far.cable.narrow(1000)
        try:
            patient.page.get_by_role("button", name="Vis til lægen").click()
            coming = doctor.page.get_by_text("Et billede er på vej fra")
            expect(coming).to_be_visible()
            far.cable.pull_out()
            lost = time.monotonic()
            patient.page.get_by_role("textbox", name="Skriv").fill("Er du der?")
            patient.page.keyboard.press("Enter")
            # Said aloud as well: look at what stands in the log.
            expect(patient.page.get_by_role("log").get_by_text("Er ikke nået frem endnu").first).to_be_visible()
            patient.seen("offline-patient")
            time.sleep(max(0.0, lost + 10 - time.monotonic()))
            assert coming.is_visible(), "the picture came before the network went"
        finally:
            far.cable.widen()
            far.cable.put_in()
        expect(doctor.page.get_by_alt_text(f"Billede fra {GRETHE}")).to_be_visible(timeout=30_000)
        expect(doctor.page.get_by_role("log")).to_contain_text("Er du der?")
        expect(patient.page.get_by_role("log").get_by_text("Dit billede er vist.")).to_be_visible()
        expect(patient.page.get_by_role("log").get_by_text("Er ikke nået frem endnu")).to_have_count(0)
        end(doctor)
