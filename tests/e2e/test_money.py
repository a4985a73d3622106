"""Honoraria and the business case in a browser: sliders that count, narrow, on paper and in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import Hub, window
from tests.e2e.test_accessibility import NARROW, SIDEWAYS

pytestmark = pytest.mark.e2e

SHOTS = PICTURES / "money"
PERIOD = "?fra=2019-06&til=2020-01"
# Three practices with calls of the pilot's months: one without an agreement, one of two regions' kinds of conference.
CALLS = """
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from monitoring.models import CallRecord, Cost
from vdx.accounts import services
from vdx.accounts.models import Organisation
def practice(code, name, region):
    above = Organisation.objects.filter(code=region).first() or services.create_organisation(
        code=region, name="Region Sjælland", kind="region", parent=None, actor=None)
    return services.create_organisation(code=code, name=name, kind="general", parent=above, actor=None,
        pilot_from=date(2019, 6, 1))
# A second try finds what the first one made.
again = Organisation.objects.filter(code="odense").exists()
places = [] if again else [Organisation.objects.get(code="laegehuset-nord"),
    practice("odense", "Lægerne på Havnen", "region-syddanmark"),
    practice("naestved", "Lægehuset i Næstved", "region-sjaelland")]
for number in range(0 if again else 90):
    start = datetime(2019, 9, 2, 8, tzinfo=UTC) + timedelta(days=number // 2, minutes=20 * (number % 3))
    booked = number % 9 != 0
    CallRecord.objects.create(room_uuid=uuid4(), organisation=places[number % 3], booked=booked, instant=False,
        starts_at=start if booked else None, started_at=start, ended_at=start + timedelta(minutes=14),
        seconds_together=840, device_count=2, is_final=True,
        outcome="carried_out" if number % 20 else "no_show_patient")
again or Cost.objects.create(item="Webkameraer", quantity=12, unit="stk.", amount_ore=598800, day=date(2019, 6, 3),
    region="Syddanmark")
again or Cost.objects.create(item="Datakonsulenter", quantity="37.5", unit="timer", amount_ore=1875000,
    day=date(2019, 8, 1))
"""


def test_medcom_reads_the_honoraria_and_tries_other_numbers(browser: Browser, embedded: Hub) -> None:
    embedded.server.shell(CALLS)
    with window(browser, embedded.url(), SHOTS) as medcom:
        medcom.comes_back(embedded, "medcom")
        page = medcom.page
        page.goto(f"{medcom.home}/portal/statistik/")
        page.get_by_role("navigation", name="Statistik").get_by_role("link", name="Honorarer").click()
        page.goto(f"{medcom.home}/portal/statistik/honorarer/{PERIOD}")
        expect(page.get_by_role("rowheader", name="Lægerne på Havnen")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("Uden aftale om honorar")
        medcom.seen("honoraria")

        page.goto(f"{medcom.home}/portal/statistik/okonomi/{PERIOD}")
        sliders = page.get_by_role("slider")
        expect(sliders).to_have_count(3)
        medcom.seen("business-case")
        # The slider and its field say the same, and the sums follow by themselves, in the address as well.
        sliders.nth(1).fill("25")
        expect(page.get_by_label("Andel på video, i procent").first).to_have_value("25")
        page.get_by_label("Konsultationer i alt").first.fill("1000")
        expect(page.locator("#sums")).to_contain_text("Med 1.000 konsultationer, hvoraf 25 % er på video")
        expect(page.locator("#sums-said")).to_contain_text("250 videokonsultationer")
        expect(page).to_have_url(re.compile("antal=1000&andel=25"))
        medcom.accessible()
        # By keyboard, as by pointer.
        sliders.nth(1).focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#sums")).to_contain_text("hvoraf 26 % er på video")
        # Offline in the middle: what stood there stands, it is said, and the next move asks again.
        page.context.set_offline(True)
        sliders.nth(1).fill("50")
        expect(page.get_by_role("alert").filter(has_text="Tallene kunne ikke hentes")).to_be_visible()
        expect(page.locator("#sums")).to_contain_text("hvoraf 26 % er på video")
        page.context.set_offline(False)
        sliders.nth(1).fill("60")
        expect(page.locator("#sums")).to_contain_text("hvoraf 60 % er på video")
        expect(page.locator("#sums-failed")).to_be_empty()
        # Whoever opens the address finds the same; without the script the button does it.
        page.reload()
        expect(page.locator("#sums")).to_contain_text("Med 1.000 konsultationer, hvoraf 60 % er på video")
        page.get_by_label("Konsultationer i alt").first.fill("2000")
        page.get_by_role("button", name="Regn ud").click()
        expect(page.locator("#sums")).to_contain_text("Med 2.000 konsultationer, hvoraf 60 % er på video")

        for address, name in (("honorarer", "honoraria"), ("okonomi", "business-case")):
            page.set_viewport_size(NARROW)
            page.goto(f"{medcom.home}/portal/statistik/{address}/{PERIOD}")
            assert not page.evaluate(SIDEWAYS), address
            medcom.seen(f"{name}-narrow")
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 794, "height": 1123})
            assert not page.evaluate(SIDEWAYS), f"{address} on paper"
            for hidden in page.locator(".filters, .ways").all():
                expect(hidden).to_be_hidden()
            medcom.picture(f"{name}-print")
            page.emulate_media(media="screen")
            page.set_viewport_size(NARROW)
            page.context.add_cookies([{"name": "django_language", "value": "en", "url": medcom.home}])
            page.reload()
            assert not page.evaluate(SIDEWAYS), f"{address} in English"
            medcom.seen(f"{name}-english")
            page.context.clear_cookies(name="django_language")
