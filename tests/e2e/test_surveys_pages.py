"""What researchers and doctors meet of the surveys beside the questionnaire: narrow, in both languages, by axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import Hub, window
from tests.e2e.test_accessibility import ANSWERED, NARROW, SIDEWAYS, tab_to

pytestmark = pytest.mark.e2e

SHOTS = PICTURES / "surveys"
# Of forty answers a table by sex has small cells; of those of the tests before too, it may have none.
NOTHING_BEFORE = """
from surveys.models import Response
Response.objects.all().delete()
"""
# Of a month that is over, so that an export may hold them.
LAST_MONTH = """
from datetime import date
from surveys.models import Response
Response.objects.update(date=date(2026, 1, 2))
"""
# Calls of the last days that the doctor has not told about.
UNANSWERED = """
from datetime import timedelta
from tests.factories.monitoring import held_call
from vdx.accounts.models import User
from vdx.lib import clock
doctor = User.objects.get(email="%s")
for days in (0, 1, 3):
    held_call(doctor, start=clock.now() - timedelta(days=days, minutes=20), minutes=8)
"""


@pytest.mark.parametrize(("language", "taken"), [("da", "Hent ZIP-fil"), ("en", "Download ZIP file")])
def test_the_export_and_a_table_with_hidden_cells(browser: Browser, embedded: Hub, language: str, taken: str) -> None:
    embedded.server.shell(NOTHING_BEFORE + ANSWERED + LAST_MONTH)
    with window(browser, embedded.url(), SHOTS) as researcher:
        page = researcher.page
        researcher.comes_back(embedded, "researcher")
        # The menu that tells that one is logged in is folded on a small screen.
        page.set_viewport_size(NARROW)
        page.context.add_cookies([{"name": "django_language", "value": language, "url": researcher.home}])
        page.goto(f"{researcher.home}/portal/forskning/")
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert not page.evaluate(SIDEWAYS)
        researcher.seen(f"export-{language}")
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(taken)).click()
        assert download.value.suggested_filename.endswith(".zip")

        page.goto(f"{researcher.home}/portal/resultater/patients/1/?sp=sex&kryds=easy_to_use")
        page.wait_for_load_state("networkidle")
        expect(page.locator("table")).to_contain_text(re.compile("skjult|hidden"))
        assert not page.evaluate(SIDEWAYS)
        researcher.seen(f"hidden-cells-{language}")
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile("CSV")).click()
        assert download.value.suggested_filename == "vdx-patients-1-sex-easy_to_use.csv"


def test_the_doctors_list_of_calls_without_a_postcard(browser: Browser, embedded: Hub) -> None:
    anne = embedded.newcomer()
    embedded.server.shell(UNANSWERED % anne.email)
    with window(browser, embedded.url(), SHOTS) as doctor:
        page = doctor.page
        doctor.comes_back(embedded, anne)
        page.set_viewport_size(NARROW)
        page.goto(f"{doctor.home}/portal/")
        # Behind all meetings of the day, to which other tests add.
        tab_to(page, ".unanswered > summary", most=400)
        page.keyboard.press("Enter")
        cards = page.locator(".unanswered__list a")
        expect(cards).to_have_count(3)
        assert not page.evaluate(SIDEWAYS)
        doctor.seen("unanswered-postcards")
        cards.first.click()
        expect(page).to_have_url(re.compile("/postkort$"))
        doctor.seen("postcard")
