"""The hub holds one call: what both sides of the next one read, while the first goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PICTURES, Prepared
from tests.e2e.people import PHONE, Hub, flowing, host, knock, let_in, window

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

SHOTS = PICTURES / "capacity"


@pytest.fixture
def small(prepared: Prepared) -> Iterator[Hub]:
    """A hub for one call at a time."""
    with prepared.hub({"VDX_CAPACITY": "1", "VDX_CAPACITY_GRACE": "0"}) as hub:
        yield hub


def test_the_call_too_many_is_kindly_told_and_the_one_that_runs_goes_on(browser: Browser, small: Hub) -> None:
    running, next_one = small.room(), small.room(organiser="secretary")
    home = small.url()
    with (
        window(browser, home, SHOTS) as doctor,
        window(browser, home, SHOTS, size=PHONE) as patient,
        window(browser, home, SHOTS) as colleague,
        window(browser, home, SHOTS, size=PHONE) as other,
    ):
        host(doctor, small, running)
        knock(patient, running, "Grethe Sand")
        let_in(doctor, "Grethe Sand")
        flowing(doctor, patient)
        host(colleague, small, next_one)
        knock(other, next_one, "Hans Sand")
        let_in(colleague, "Hans Sand")
        expect(other.page.locator("#no-place")).to_contain_text("Der er ikke plads til flere videosamtaler i VDX")
        expect(other.page.locator("#no-place")).to_contain_text("ring til")
        expect(other.page.locator("#waiting-phone")).to_be_visible()
        expect(colleague.page.locator("#notice-text")).to_contain_text("eller tal sammen i telefon")
        other.seen("patient-reads")
        other.page.set_viewport_size({"width": 320, "height": 640})
        other.seen("patient-reads-320")
        colleague.seen("doctor-reads")
        # The call that runs is not touched.
        flowing(doctor, patient)

        doctor.page.get_by_role("button", name="Afslut for alle").click()
        doctor.page.get_by_role("button", name="Ja, afslut for alle").click()
        let_in(colleague, "Hans Sand")
        flowing(colleague, other)
        expect(other.page.locator("#no-place")).to_be_hidden()
        expect(colleague.page.locator("#notice")).to_be_hidden()

    with window(browser, home, SHOTS) as medcom:
        medcom.comes_back(small, "medcom")
        medcom.page.goto(f"{home}/portal/statistik/kapacitet/")
        expect(medcom.page.locator("#capacity-live")).to_be_visible()
        expect(medcom.page.get_by_role("heading", name="Kapacitet", exact=True)).to_be_visible()
        expect(medcom.page.locator("#main")).to_contain_text(re.compile("VDX er fuldt|Der er plads"))
        medcom.seen("staff")
        medcom.page.set_viewport_size({"width": 320, "height": 640})
        medcom.seen("staff-320")
