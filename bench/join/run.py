"""From the link to the other's first picture, beside two bare pages in the same run.

usage: python -m bench.join.run [--runs 30] [--out FILE]

One hub as `make run` starts it, a Chromium with a fake camera for each call, the patient's window as small as a
telephone's. The doctor (and the first of the bare pages) is there already; the second opens its link in a window that
has never been there, and seconds count from the navigation to the first remote frame on the screen. Typing the name,
and the time from there to the doctor's press on "Ja, luk ind", is taken out; the bare page has neither. The two are
measured in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from bench.join.report import MOST, verdict
from bench.media.report import conditions
from tests.e2e.conftest import GIVEN, launch
from tests.e2e.people import Hub
from tests.e2e.seed import Person
from tests.support.servers import HubServer

PHONE = {"width": 360, "height": 740}
# Moments are seconds since 1970: both windows are on one machine.
WATCH = """
window.marks = {opened: performance.timeOrigin / 1000, taps: 0};
const now = () => (performance.timeOrigin + performance.now()) / 1000;
addEventListener("click", (event) => {
  if (!event.isTrusted) return;
  marks.taps += 1;
  if (event.target.closest("dialog [value=yes]")) marks.letIn = now();
}, true);
const watched = new WeakSet();
setInterval(() => {
  // The question is on the screen, and an answer would be taken.
  const field = document.getElementById("knock-name");
  const painted = performance.getEntriesByName("first-contentful-paint").length > 0;
  if (painted && field?.checkVisibility() && !document.getElementById("knock-button").disabled) marks.asked ??= now();
  for (const video of document.querySelectorAll("#call-stage .call__remote video, video#other")) {
    if (watched.has(video)) continue;
    watched.add(video);
    video.requestVideoFrameCallback(() => { marks.seen ??= now(); });
  }
}, 10);
"""


def main() -> int:
    """Measure, print, keep; the exit code says whether the aim was met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--out", type=Path, default=Path("var/bench-join.json"))
    options = parser.parse_args()
    # Playwright's loop and Django's guard against one do not meet here: the hub is a process of its own.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    ours: list[float] = []
    bare: list[float] = []
    taps: list[int] = []
    with HubServer.embedded(environment={"DJANGO_SETTINGS_MODULE": "bench.join.settings"}) as server:
        hub = Hub(server, json.loads(server.module("tests.e2e.seed")))
        codes = rooms(hub, options.runs + 1)
        with sync_playwright() as playwright:
            # One of each is not counted: programs and files are read from the disk then.
            for number, code in enumerate(codes):
                with started(playwright) as browser:
                    doctor = window(browser)
                    log_in(doctor, hub.url(), hub.person("doctor"))
                    seconds, presses = consultation(browser, doctor, hub.url(), code)
                with started(playwright) as browser:
                    beside = bare_call(browser, hub.url(), f"call{number}")
                print(f"{number:3}  VDX {seconds:.2f} s, {presses} taps; bare {beside:.2f} s", flush=True)
                if number:
                    ours.append(seconds)
                    taps.append(presses)
                    bare.append(beside)
    found = verdict(ours, bare, taps)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    rows = {"vdx": ours, "bare": bare}
    options.out.write_text(json.dumps({"conditions": conditions(), **found, "seconds": rows}, indent=1) + "\n")
    for name in ("vdx", "bare"):
        print(
            f"{name:5} median {found[name]['median']:.2f} s, p95 {found[name]['p95']:.2f} s, {found[name]['runs']} runs"
        )
    print(f"ratio {found['ratio_median']} (at most {MOST}), taps {found['most_taps']}; {options.out}")
    return 0 if found["passed"] else 1


def rooms(hub: Hub, count: int) -> list[str]:
    """Meetings of today, one a run, of a colleague of the doctor's."""
    email = hub.person("secretary").email
    printed = hub.server.shell(f"""
from datetime import timedelta
from booking.services import book
from vdx.accounts.models import Organisation
from vdx.lib import clock
now = clock.now()
for number in range({count}):
    meeting = book(organisation=Organisation.objects.get(code="laegehuset-nord"), organiser_email={email!r},
        creator_email={email!r}, subject="", start=now, end=now + timedelta(minutes=60), actor=None, now=now)
    print(meeting.short_id)
""")
    return printed.split()


@contextmanager
def started(playwright: Playwright) -> Iterator[Browser]:
    """A browser of its own for each call: one that has shown many windows keeps processes of theirs, and is slower."""
    browser = launch(playwright, GIVEN)
    try:
        # Its first window makes what any window needs.
        window(browser).goto("about:blank")
        yield browser
    finally:
        browser.close()


def window(browser: Browser, **size: int) -> Page:
    """A window that has never been anywhere."""
    context = browser.new_context(viewport=size or {"width": 1280, "height": 800}, locale="da-DK")  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    context.add_init_script(WATCH)
    return context.new_page()


def log_in(page: Page, home: str, who: Person) -> None:
    """As the doctor."""
    page.goto(f"{home}/konto/log-ind")
    page.get_by_label("E-mail").fill(who.email)
    page.get_by_label("Adgangskode", exact=False).first.fill(who.password)
    page.get_by_role("main").get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("button", name="Log ud")).to_be_attached()


def consultation(browser: Browser, doctor: Page, home: str, code: str) -> tuple[float, int]:
    """Seconds from the link to the doctor's picture, and the patient's taps."""
    doctor.goto(f"{home}/m/{code}/vaert")
    doctor.get_by_role("main").get_by_role("button").first.click()
    expect(doctor.locator("#screen-call")).to_be_visible(timeout=30_000)
    # There, with the camera open, as the first bare page is before the second comes.
    doctor.wait_for_function("() => [...document.querySelectorAll('#call-stage video')].some((v) => v.videoWidth > 0)")
    patient = window(browser, **PHONE)
    patient.goto(f"{home}/m/{code}", wait_until="commit")
    # A locator looks at the page over and over, and each look lays it out: nobody's browser does that.
    marked(patient, "asked")
    patient.get_by_label("Dit navn").first.fill("Grethe Sand")
    patient.get_by_role("button", name="Bank på").click()
    doctor.get_by_role("button", name=re.compile("Luk ind")).first.click()
    doctor.get_by_role("button", name="Ja, luk ind").click()
    marks = marked(patient, "seen")
    let_in = doctor.evaluate("marks.letIn")
    leave(patient)
    leave(doctor)
    to_field, to_picture = marks["asked"] - marks["opened"], marks["seen"] - let_in
    print(f"     link to name {to_field:.2f} s, let in to picture {to_picture:.2f} s", flush=True)
    return to_field + to_picture, int(marks["taps"])


def bare_call(browser: Browser, home: str, call: str) -> float:
    """The same of the bare pages."""
    first, second = window(browser), window(browser, **PHONE)
    first.goto(f"{home}/bare/{call}/")
    first.wait_for_selector("body[data-ready]")
    second.goto(f"{home}/bare/{call}/", wait_until="commit")
    marks = marked(second, "seen")
    leave(first)
    leave(second)
    seconds: float = marks["seen"] - marks["opened"]
    return seconds


def marked(page: Page, mark: str, patience: float = 30.0) -> dict[str, float]:
    """The page's marks once it has this one. Asked for slowly: the page has its own clock."""
    deadline = time.monotonic() + patience
    while mark not in (marks := page.evaluate("marks")):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no mark {mark!r} within {patience:.0f} s: {marks}")
        time.sleep(0.25)
    found: dict[str, float] = marks
    return found


def leave(page: Page) -> None:
    """Go away from a call. Chromium has been seen to wait for ever when a window with a call was closed."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")


if __name__ == "__main__":
    sys.exit(main())
