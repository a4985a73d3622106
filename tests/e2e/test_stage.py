"""What people see in a call of two to six, on telephones, tablets and desktops; with drawn pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import Hub, Someone, window

pytestmark = pytest.mark.e2e

STAGE = (Path(__file__).parent / "stage.js").read_text()
NAMES = ["Lise Holm", "Grethe Kirstine Sand-Mortensen", "Ahmed Yilmaz (tolk)", "Bodil Hjemmesygeplejerske", "Per"]
SIZES = {
    "small-phone": {"width": 320, "height": 640},
    "phone": {"width": 390, "height": 844},
    "phone-on-its-side": {"width": 844, "height": 390},
    "tablet": {"width": 768, "height": 1024},
    "desktop": {"width": 1280, "height": 800},
    # What 200 per cent leaves of a desktop.
    "zoomed": {"width": 640, "height": 400},
}
# What lies where it must not, in words; nothing where all is well.
WRONG = """() => {
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push("the page scrolls sideways");
  const box = (element) => element.getBoundingClientRect();
  const seen = (element) => element && box(element).width > 1 && getComputedStyle(element).clipPath === "none";
  const meet = (one, other) => {
    const [a, b] = [box(one), box(other)];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    return across > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  };
  const stage = document.getElementById("call-stage");
  const corner = ["alone", "pair"].includes(stage.dataset.mode) ? document.getElementById("self") : null;
  const figures = [...stage.querySelectorAll("figure")].filter(seen);
  figures.forEach((figure, index) => {
    const [place, whole] = [box(figure), box(stage)];
    const says = figure.textContent.trim();
    if (place.right > whole.right + 1 || place.bottom > whole.bottom + 1) wrong.push(`${says} leaves the stage`);
    if (place.width < 60 || place.height < 50) wrong.push(`${says} is too small`);
    for (const other of figures.slice(index + 1)) {
      if (other !== corner && meet(figure, other)) wrong.push(`${says} meets ${other.textContent.trim()}`);
    }
    const parts = [".call__name", ".call__pin", ".call__person p", ".call__initials"]
      .map((name) => figure.querySelector(name)).filter((part) => seen(part) && part.textContent.trim());
    parts.forEach((part, at) => {
      for (const other of parts.slice(at + 1)) {
        if (meet(part, other)) wrong.push(`${part.textContent} meets ${other.textContent}`);
      }
      if (corner && figure !== corner && meet(part, corner)) wrong.push(`oneself lies over ${part.textContent}`);
    });
  });
  return wrong;
}"""


@contextmanager
def stage(browser: Browser, hub: Hub, size: str) -> Iterator[Someone]:
    """A window with the call on, and nobody in it yet."""
    with window(browser, hub.url(), PICTURES / "stage" / size, size=SIZES[size]) as someone:
        someone.page.goto(f"{someone.home}/m/{hub.room()}")
        expect(someone.page.get_by_role("button", name="Bank på")).to_be_visible()
        someone.page.evaluate(STAGE)
        yield someone


def put(page: Page, number: int, **media: bool) -> None:
    """The person with this number comes, or something about them changes."""
    page.evaluate("([seat, name, media]) => stage.put(seat, name, media)", [f"s{number}", NAMES[number], media])


def large(page: Page) -> list[str]:
    """Whose pictures are large."""
    return sorted(page.locator(".call__remote.is-large .call__who").all_inner_texts())


@pytest.mark.parametrize("size", SIZES)
def test_nothing_lies_over_anything_else(browser: Browser, embedded: Hub, size: str) -> None:
    with stage(browser, embedded, size) as someone:
        page = someone.page

        def sound(name: str) -> None:
            page.wait_for_timeout(300)
            someone.picture(name)
            assert page.evaluate(WRONG) == [], name

        for number in range(5):
            put(page, number)
            sound(f"{number + 2}-devices")
        page.evaluate("stage.speaks('s1')")
        put(page, 2, camera=False)
        put(page, 3, microphone=False)
        page.evaluate("stage.view.peerState('s4', 'interrupted')")
        sound("each-in-another-state")
        page.evaluate("stage.view.pin('s2')")
        sound("one-is-held")
        someone.accessible()
        put(page, 0, screen=True)
        sound("a-screen-and-one-who-is-held")
        for number in (1, 2, 3, 4):
            page.evaluate("(seat) => stage.take(seat)", f"s{number}")
        sound("a-screen-of-the-only-other")
        put(page, 0, camera=False, microphone=False)
        page.evaluate("stage.view.audioOnly({chosen: false, weakUp: true, weakDown: true})")
        sound("two-with-sound-alone")
        someone.accessible()


def test_one_is_held_large_by_keyboard_and_let_go_when_they_leave(browser: Browser, embedded: Hub) -> None:
    with stage(browser, embedded, "phone") as someone:
        page = someone.page
        put(page, 0)
        expect(page.get_by_role("button", name="Vis stort")).to_have_count(0)
        put(page, 1)
        put(page, 2)
        hold = page.get_by_role("button", name=f"Vis stort: {NAMES[2]}")
        for _ in range(20):
            page.keyboard.press("Tab")
            if hold.evaluate("(button) => button === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Vis alle", exact=True)).to_be_focused()
        put(page, 3)
        page.evaluate("stage.speaks('s0')")
        page.evaluate("stage.take('s1')")
        assert large(page) == [NAMES[2]]
        put(page, 0, screen=True)
        assert large(page) == [NAMES[2], f"{NAMES[0]} deler sin skærm"]
        put(page, 0, screen=False)
        page.evaluate("stage.take('s2')")
        assert large(page) == []
        expect(page.locator("#call-heading")).to_be_focused()


def test_a_lost_connection_is_said_once_and_so_is_its_return(browser: Browser, embedded: Hub) -> None:
    with stage(browser, embedded, "phone") as someone:
        page = someone.page
        put(page, 0)
        said = page.locator("#announcer")
        page.evaluate("stage.view.peerState('s0', 'interrupted')")
        lost = "Forbindelsen til Lise Holm er afbrudt. Vi prøver igen."
        expect(said).to_have_text(lost)
        expect(page.locator(".call__person p").first).to_have_text(lost)
        page.evaluate("document.getElementById('announcer').textContent = ''")
        page.evaluate("stage.view.peerState('s0', 'interrupted')")
        page.wait_for_timeout(200)
        expect(said).to_have_text("")
        page.evaluate("stage.view.peerState('s0', 'connecting')")
        page.evaluate("stage.view.peerState('s0', 'connected')")
        expect(said).to_have_text("Forbindelsen er tilbage.")
        expect(page.locator("#notice")).to_contain_text("Forbindelsen er tilbage.")


def test_the_button_for_sound_alone_says_what_a_press_does(browser: Browser, embedded: Hub) -> None:
    with stage(browser, embedded, "phone") as someone:
        page = someone.page
        put(page, 0)
        alone, again = (
            page.get_by_role("button", name=words, exact=True) for words in ("Kun lyd", "Vis billeder igen")
        )
        expect(again).to_have_count(0)
        page.evaluate("stage.view.audioOnly({chosen: true, weakUp: false, weakDown: false})")
        expect(again).to_be_visible()
        expect(alone).to_have_count(0)
        # The words say it; a pressed state besides would say the opposite.
        assert again.get_attribute("aria-pressed") is None
        page.evaluate("stage.view.audioOnly({chosen: false, weakUp: true, weakDown: false})")
        expect(alone).to_be_visible()
        expect(page.locator("#self-name")).to_contain_text("billedet sendes ikke")


def test_a_trouble_that_lasts_is_read_aloud_once_and_taken_away_when_it_is_over(
    browser: Browser, embedded: Hub
) -> None:
    with stage(browser, embedded, "phone") as someone:
        page = someone.page
        read, shown = page.locator("#announcer"), page.locator("#notice")
        page.evaluate("stage.view.notice('Vent lidt', 'warning')")
        expect(read).to_have_text("Vent lidt")
        page.evaluate("document.getElementById('announcer').textContent = ''")
        page.evaluate("stage.view.notice('Vent lidt', 'warning', {quiet: true})")
        page.wait_for_timeout(300)
        expect(read).to_have_text("")
        page.evaluate("stage.view.withdraw('Noget andet')")
        expect(shown).to_be_visible()
        page.evaluate("stage.view.withdraw('Vent lidt')")
        expect(shown).to_be_hidden()
