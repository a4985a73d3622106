"""By keyboard alone, narrow, enlarged, without motion, in the reader's own colours; axe-core in each state."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import DESKTOP, Hub, Someone, host, right_one, window
from vdx.lib import clock

pytestmark = pytest.mark.e2e

NARROW: ViewportSize = {"width": 320, "height": 640}
SMALL: ViewportSize = {"width": 360, "height": 740}
# Half of 1280: what 200 % makes of an ordinary screen.
ENLARGED: ViewportSize = {"width": 640, "height": 400}
SHOTS = PICTURES / "accessibility"
PUBLIC = ["/", "/test", "/hjaelp", "/tilgaengelighed", "/konto/log-ind", "/status", "/status?sprog=en"]
PORTAL = ["/portal/", "/portal/vente", "/portal/klar", "/portal/statistik/", "/portal/resultater/svarprocent/"]
RESULTS = "/portal/resultater/"
# Two and a half years of the probe, with faults, days that are missing, and the runs of the last days.
PROBED = """
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from monitoring.models import ProbeDay, ProbeRun
from monitoring.probe.legs import LEGS
from vdx.lib import clock
now = clock.now()
today, minute = clock.local_date(now), int(now.timestamp()) // 60
ProbeDay.objects.all().delete()
for back in range(1, 913):
    begin, end = (int(moment.timestamp()) for moment in clock.day_bounds(today - timedelta(days=back)))
    due, bad = (end - begin) // 300, 5 * (back % 20 == 3)
    if back % 300:
        ProbeDay.objects.create(day=today - timedelta(days=back), interval=300, first_slot=begin,
            last_slot=end - 300, succeeded=due - bad, failed=bad, failed_legs={"socket": bad} if bad else {},
            typical={leg: 100 + 40 * number + back % 7 for number, leg in enumerate(LEGS)})
for number in range(400):
    slot = (minute - 5 * number) // 5 * 300
    bad = number % 90 in (40, 41)
    ProbeRun.objects.create(key=uuid4(), slot=slot, interval=300, started_at=datetime.fromtimestamp(slot, UTC),
        failed="socket" if bad else "", reason="timeout" if bad else "", missing=["channel_layer"] if bad else [],
        legs=dict.fromkeys(LEGS[: 3 if bad else len(LEGS)], 120))
"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by {most} presses of Tab")


def press(page: Page, selector: str) -> None:
    """Go there, and press Enter."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


@pytest.fixture
def patient(browser: Browser, embedded: Hub) -> Iterator[Someone]:
    with window(browser, embedded.url(), SHOTS, size=NARROW) as someone:
        someone.page.emulate_media(reduced_motion="reduce")
        yield someone


def test_the_patients_whole_way_by_keyboard_alone(browser: Browser, embedded: Hub, patient: Someone) -> None:
    code = embedded.room(organiser="secretary")
    with window(browser, embedded.url(), SHOTS) as doctor:
        host(doctor, embedded, code)
        page = patient.page
        page.goto(f"{patient.home}/m/{code}")
        expect(page.locator("#knock-name")).to_be_visible()
        patient.seen("arrival")
        tab_to(page, "#knock-name")
        page.keyboard.type("Grethe Sand")
        page.keyboard.press("Enter")
        expect(page.locator("#waiting")).to_be_visible()
        patient.seen("waiting")

        # Help without losing one's place: it opens, tells, and closes by Escape, and the focus comes back.
        press(page, ".room-header [data-help]")
        expect(page.locator("#help")).to_be_visible()
        patient.seen("help")
        press(page, "#help [data-help=no_sound]")
        expect(page.locator("#help-no_sound-heading")).to_be_focused()
        patient.accessible()
        page.keyboard.press("Escape")
        expect(page.locator("#help")).to_be_hidden()

        # At the door: how late it gets, in one tap, and the question whether it is the right one.
        doctor.page.get_by_text("Send en besked").click()
        doctor.page.get_by_role("button", name="Lægen er ca. 10 minutter forsinket.").click()
        expect(page.locator("#host-presence")).to_contain_text("10 minutter")
        doctor.page.get_by_role("button", name=re.compile("Luk ind")).first.click()
        doctor.seen("guard")
        right_one(doctor, "Grethe Sand")
        expect(page.locator("#screen-call")).to_be_visible()
        expect(page.locator("#call-heading")).to_be_focused()
        assert not page.evaluate(SIDEWAYS)
        patient.seen("call")
        for opens, panel, closes in (
            ("#toggle-exchange", "#exchange", "#close-exchange"),
            ("#rescue-open", "#rescue", "#rescue-close"),
        ):
            press(page, opens)
            expect(page.locator(panel)).to_be_visible()
            assert not page.evaluate(SIDEWAYS)
            patient.seen(panel.removeprefix("#"))
            press(page, closes)
            expect(page.locator(panel)).to_be_hidden()
        press(page, "#toggle-microphone")
        expect(page.locator("#toggle-microphone")).to_contain_text("Tænd mikrofon")
        press(page, "#leave")
        expect(page.locator("#leave-dialog")).to_be_visible()
        patient.accessible()
        press(page, "#leave-dialog button[value=yes]")
        expect(page).to_have_url(re.compile("/tak$"))
        patient.seen("thanks")


@pytest.mark.parametrize("size", [NARROW, ENLARGED], ids=["320 points", "200 per cent"])
def test_no_page_scrolls_sideways_and_axe_finds_nothing(browser: Browser, embedded: Hub, size: ViewportSize) -> None:
    with window(browser, embedded.url(), SHOTS, size=size) as someone:
        for address in PUBLIC:
            someone.page.goto(f"{someone.home}{address}")
            assert not someone.page.evaluate(SIDEWAYS), address
            someone.accessible()
        # The menu that tells that one is logged in is folded on a small screen.
        someone.page.set_viewport_size(DESKTOP)
        someone.comes_back(embedded, "doctor")
        someone.page.set_viewport_size(size)
        for address in PORTAL:
            someone.page.goto(f"{someone.home}{address}")
            assert not someone.page.evaluate(SIDEWAYS), address
            someone.accessible()


def test_in_the_readers_own_colours_what_can_be_pressed_has_an_edge(browser: Browser, embedded: Hub) -> None:
    with window(browser, embedded.url(), SHOTS) as someone:
        someone.page.emulate_media(forced_colors="active")
        for address in PUBLIC:
            someone.page.goto(f"{someone.home}{address}")
            edges = someone.page.eval_on_selector_all(
                ".button", "all => all.filter((e) => e.checkVisibility()).map((e) => getComputedStyle(e).borderStyle)"
            )
            assert "none" not in edges, address
            someone.picture(f"forced-colors-{address.strip('/').replace('/', '-') or 'front'}")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_help_is_one_sheet_of_paper_a_reader(browser: Browser, embedded: Hub, language: str) -> None:
    with window(browser, embedded.url(), SHOTS) as someone:
        someone.page.goto(f"{someone.home}/hjaelp")
        if language == "en":
            someone.page.get_by_role("button", name="English").click()
        expect(someone.page.locator("html")).to_have_attribute("lang", language)
        someone.page.emulate_media(media="print")
        for gone in (".site-header", ".help-contents", "[data-print]"):
            expect(someone.page.locator(gone)).to_be_hidden()
        paper = someone.page.pdf(path=SHOTS / f"help-{language}.pdf", prefer_css_page_size=True)
        # One for patients, one for doctors.
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2


def test_the_uptime_and_the_list_of_practices_for_medcom(browser: Browser, embedded: Hub) -> None:
    embedded.server.shell(PROBED)
    with window(browser, embedded.url(), SHOTS) as medcom:
        medcom.comes_back(embedded, "medcom")
        medcom.page.set_viewport_size(NARROW)
        year = clock.local_date(clock.now()).year - 1
        for name, address in (("uptime", f"/portal/oppetid?fra={year}-01"), ("status", "/status")):
            medcom.page.goto(f"{medcom.home}{address}")
            medcom.page.wait_for_load_state("networkidle")
            expect(medcom.page.get_by_role("heading", level=2).first).to_be_visible()
            assert medcom.page.get_by_role("table").first.get_by_role("row").count() > 10
            assert not medcom.page.evaluate(SIDEWAYS), address
            medcom.seen(name)
        medcom.page.goto(f"{medcom.home}/portal/klar")
        expect(medcom.page.get_by_role("link", name="Lægehuset Nord")).to_be_visible()
        assert not medcom.page.evaluate(SIDEWAYS)
        medcom.seen("readiness")
        medcom.page.get_by_role("link", name="Lægehuset Nord").click()
        medcom.seen("readiness-practice")


ANSWERED = """
from datetime import date
from uuid import uuid4
from surveys.enums import InvitationKind, InvitationState
from surveys.models import Invitation, Questionnaire
from tests.factories.responses import response
from tests.factories.surveys import PostcardFactory
from vdx.accounts.models import Organisation
for number in range(40):
    response(
        {"sex": 1 + number % 2, "birth_year": 1935 + number, "contact": 1 + (number % 9 == 0), "sound": 1 + number % 3,
         "picture": 1, "advantages": [1, 6] if number % 2 else [2, 5], "easy_to_use": 1 + number % 6},
        context={"region": "region-nordjylland", "outcome": "carried_out"},
    )
    PostcardFactory.create(sound=1 + (number % 7 == 0), carried_out=1 + (number % 14 == 0))
states = list(InvitationState)
for number in range(60):
    Invitation.objects.create(
        questionnaire=Questionnaire.objects.get(key="patients"), room_uuid=uuid4(), seat_key="seat",
        kind=InvitationKind.SEAT, state=states[number % len(states)], week=date.fromordinal(739936 - 7 * (number % 8)),
        region_code="region-nordjylland", organisation=Organisation.objects.get(code="laegehuset-nord"),
        updated=date(2026, 11, 2))
"""


@pytest.mark.parametrize("size", [SMALL, DESKTOP], ids=["phone", "screen"])
def test_the_results_on_a_phone_and_on_a_screen(browser: Browser, embedded: Hub, size: ViewportSize) -> None:
    embedded.server.shell(ANSWERED)
    with window(browser, embedded.url(), SHOTS) as medcom:
        medcom.comes_back(embedded, "medcom")
        medcom.page.set_viewport_size(size)
        for name, address in {
            "overview": "",
            "question": "patients/1/?sp=sound",
            "several": "patients/1/?sp=advantages",
            "together": "patients/1/?sp=birth_year&kryds=easy_to_use",
            "postcard": "postcard_national/1/?sp=sound&kryds=carried_out",
            "words": "patients/1/?sp=comments",
            "nobody": "postcard_syddanmark/1/",
            "rate": "svarprocent/?fra=2026-09",
        }.items():
            medcom.page.goto(f"{medcom.home}{RESULTS}{address}")
            medcom.page.wait_for_load_state("networkidle")
            pictures = medcom.page.locator(".chart img")
            for number in range(pictures.count()):
                assert pictures.nth(number).evaluate("picture => picture.naturalWidth") > 300, name
            assert not medcom.page.evaluate(SIDEWAYS), name
            medcom.page.screenshot(path=SHOTS / f"results-{size['width']}-{name}.png", full_page=True)
            medcom.accessible()
        assert not medcom.errors
