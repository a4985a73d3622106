"""The statistics on a phone, on a screen, in English and on paper: from the nation down to one call; axe on each."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import DESKTOP, Hub, window

pytestmark = pytest.mark.e2e

NARROW: ViewportSize = {"width": 320, "height": 640}
SHOTS = PICTURES / "statistics"
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Half a year of calls in two regions, with everything that is told of them.
HELD = """
from datetime import timedelta
from booking.enums import Cause, Confidence, Outcome
from monitoring.models import CallStretch, DeviceQuality, DeviceRecord, DeviceStay
from monitoring.rules.period import plus
from monitoring.services import count_all
from tests.factories.accounts import OrganisationFactory
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.models import Organisation
from vdx.lib import clock
now = clock.now()
north = Organisation.objects.get(code="laegehuset-nord")
south = OrganisationFactory.create(name="Klinikken ved Åen", kind="specialist",
    parent=Organisation.objects.get(code="region-syddanmark"))
for number in range(120):
    bad = number % 11 == 0
    began = now - timedelta(days=number * 3 // 2, hours=number % 5)
    call = CallRecordFactory.create(organisation=north if number % 3 else south, started_at=began,
        seconds_together=300 + 37 * (number % 20), device_count=2 + (number % 9 == 0), instant=number % 5 == 0,
        app_count=number % 2, outcome=Outcome.SOUND_ONLY if bad else Outcome.CARRIED_OUT, is_poor=bad,
        cause=Cause.PATIENT_NETWORK if bad else Cause.NONE, confidence=Confidence.MEDIUM if bad else "",
        evidence=["patient_loses_packets"] if bad else [])
    ended = began + timedelta(seconds=call.seconds_together)
    CallStretch.objects.create(call=call, began_at=began, ended_at=ended)
    guest = ("guest", "app", "Safari", "iOS") if number % 2 else ("guest", "browser", "Chrome", "Android")
    for role, kind, browser, system in (("host", "browser", "Edge", "Windows"), guest):
        device = DeviceRecord.objects.create(call=call, seat_key=role, kind=kind, role=role,
            waited_seconds=None if role == "host" else 17 * (number % 40))
        DeviceStay.objects.create(device=device, joined_at=began, left_at=ended)
        DeviceQuality.objects.create(room_uuid=call.room_uuid, seat_key=role, samples=100, packets_received=30000,
            packets_lost=3000 if bad else 60, rtt_ms_sum=6000, rtt_samples=100, jitter_ms_sum=800, jitter_samples=100,
            freezes=number % 4, media_seconds=500, picture_seconds=490, browser=browser, system=system,
            seconds_to_picture=None if role == "host" else 1 + (number % 30) / 5)
for number in range(6):
    CallRecordFactory.create(organisation=north, started_at=None, ended_at=None, device_count=1, seconds_together=0,
        starts_at=now - timedelta(days=number), outcome=Outcome.NO_SHOW_PATIENT, cause=Cause.HUMAN_NEVER_OPENED,
        evidence=["patient_never_opened"])
count_all(now=now)
"""


def test_from_the_nation_to_one_call_on_a_phone_in_english_and_on_paper(browser: Browser, embedded: Hub) -> None:
    embedded.server.shell(HELD)
    with window(browser, embedded.url(), SHOTS) as medcom:
        page = medcom.page
        medcom.comes_back(embedded, "medcom")

        def looked_at(name: str) -> None:
            page.wait_for_load_state("networkidle")
            pictures = page.locator(".chart img")
            for number in range(pictures.count()):
                pictures.nth(number).scroll_into_view_if_needed()
                expect(pictures.nth(number)).to_have_js_property("complete", True)
                assert pictures.nth(number).evaluate("picture => picture.naturalWidth") > 300, name
            assert not page.evaluate(SIDEWAYS), name
            page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
            medcom.accessible()

        page.goto(f"{medcom.home}/portal/statistik/")
        looked_at("screen")
        page.set_viewport_size(NARROW)
        looked_at("phone")

        # Down: a practice, its month, its calls, one call.
        page.get_by_role("link", name="Lægehuset Nord").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Lægehuset Nord")
        looked_at("practice")
        page.get_by_role("link", name="Se samtalerne én for én").click()
        looked_at("calls")
        page.get_by_role("row", name=re.compile("Konsultation")).get_by_role("link").first.click()
        expect(page.get_by_role("heading", name="Enheder")).to_be_visible()
        looked_at("call")

        # The way to choose, by keyboard, and what was chosen stands in the address.
        page.goto(f"{medcom.home}/portal/statistik/?slags=consultation&region=region-nordjylland")
        page.locator("#id_slags").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Vis").press("Enter")
        expect(page).to_have_url(re.compile("slags=consultation"))
        expect(page.locator(".font-lead")).to_contain_text("Region Nordjylland")

        page.context.add_cookies([{"name": "django_language", "value": "en", "url": medcom.home}])
        page.goto(f"{medcom.home}/portal/statistik/")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        looked_at("english")

        page.set_viewport_size(DESKTOP)
        page.emulate_media(media="print")
        page.goto(f"{medcom.home}/portal/statistik/")
        expect(page.locator("form.filters")).to_be_hidden()
        looked_at("paper")
        page.pdf(path=SHOTS / "paper.pdf")
        assert not medcom.errors
