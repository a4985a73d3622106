"""Sending a link and keeping a calendar: on a narrow screen, by axe-core, and with what goes wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import Hub, window

pytestmark = pytest.mark.e2e

NARROW: ViewportSize = {"width": 320, "height": 640}
SHOTS = PICTURES / "links"
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_a_link_is_sent_and_both_have_the_time_in_their_calendars(browser: Browser, embedded: Hub) -> None:
    code = embedded.room(minutes=90)
    uuid = embedded.server.shell(
        f"from booking.models import Meeting\nprint(Meeting.objects.get(room__short_id={code!r}).uuid)"
    ).strip()
    with window(browser, embedded.url(), SHOTS) as doctor:
        doctor.comes_back(embedded, "doctor")
        page = doctor.page
        page.set_viewport_size(NARROW)
        page.goto(f"{doctor.home}/portal/moede/{uuid}/")
        form = page.locator('form[action$="/send"]')
        form.get_by_label("Hvordan får patienten linket?").select_option(label="Send som SMS")
        form.get_by_label("Patientens mobilnummer").fill("12")
        form.get_by_role("button", name=re.compile("^Send")).click()
        expect(page.locator(".form-error").first).to_be_visible()
        doctor.seen("not-a-number")
        assert page.evaluate(SIDEWAYS) is False

        form.get_by_label("Patientens mobilnummer").fill("20 12 34 56")
        form.get_by_role("button", name=re.compile("^Send")).click()
        expect(page.get_by_text("Linket bliver sendt nu.").first).to_be_visible()
        for _ in range(20):
            if page.get_by_text(re.compile("SMS sendt")).count():
                break
            page.wait_for_timeout(250)
            page.reload()
        expect(page.get_by_text(re.compile("SMS sendt")).first).to_be_visible()
        doctor.seen("sent")
        assert page.evaluate(SIDEWAYS) is False

        page.goto(f"{doctor.home}/portal/kalender")
        doctor.seen("calendar")
        page.get_by_role("button", name="Lav min adresse").click()
        expect(page.locator("#feed-address")).to_contain_text(".ics")
        doctor.seen("calendar-address")
        assert page.evaluate(SIDEWAYS) is False
        page.goto(f"{doctor.home}/portal/kalender")
        page.get_by_role("button", name="Luk adressen").click()
        expect(page.get_by_text("Adressen virker ikke længere.")).to_be_visible()
        assert doctor.errors == []

    with window(browser, embedded.url(), SHOTS, size=NARROW) as patient:
        page = patient.page
        page.goto(f"{patient.home}/m/{code}")
        link = page.get_by_role("link", name="Gem tiden i din kalender")
        patient.seen("in-good-time")
        assert page.evaluate(SIDEWAYS) is False
        with page.expect_download() as waiting:
            link.click()
        assert waiting.value.suggested_filename == "videokonsultation.ics"
        [event] = Calendar.from_ical(Path(waiting.value.path()).read_bytes()).walk("VEVENT")
        assert str(event["URL"]).endswith(f"/m/{code}")
        assert patient.errors == []
