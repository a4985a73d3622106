"""A browser that understands none of our scripts: a Chromium that gets none, and lacks what they are made with."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.calls import cause_of, close
from tests.e2e.conftest import PICTURES
from tests.e2e.people import PHONE, Hub, host, window

pytestmark = pytest.mark.e2e
SHOTS = PICTURES / "old-browser"
OLD = "delete Array.prototype.at;"


def test_a_browser_that_is_too_old_says_so_with_what_to_do_and_the_cause_is_known(
    browser: Browser, embedded: Hub
) -> None:
    code, home = embedded.room(organiser="secretary"), embedded.url()
    with (
        window(browser, home, SHOTS) as doctor,
        window(browser, home, SHOTS, size=PHONE, script=OLD) as patient,
    ):
        host(doctor, embedded, code)
        patient.page.route("**/js/pages/*.js", lambda route: route.abort())
        patient.page.goto(f"{home}/m/{code}")
        heading = patient.page.get_by_role("heading", name="Din browser er for gammel til video")
        expect(heading).to_be_focused()
        expect(patient.page.locator("#too-old")).to_contain_text("så ring til")
        expect(patient.page.locator("#screen-arrival")).to_be_hidden()
        patient.seen("too-old")
        patient.page.goto(f"{home}/m/{code}/test")
        expect(heading).to_be_visible()
        expect(patient.page.get_by_role("button", name="Begynd testen")).to_be_hidden()
        patient.seen("too-old-test")
        doctor.page.goto("about:blank")
    close(embedded, code)
    judged = cause_of(embedded, code)
    assert (judged.outcome, judged.cause) == ("technical_failure", "patient_device"), judged
    assert judged.evidence == ["patient_too_old_browser"]
