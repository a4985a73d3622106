"""People at their browsers: what a doctor, a patient and MedCom do, one method an act, by roles and words on the page.

A call's sound and picture are measured by the browsers' own ``getStats``: an init script keeps every
RTCPeerConnection that the page makes, and asks for a small camera.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.seed import Person, totp
from tests.support.servers import HubServer

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

KEEP_CONNECTIONS = """
window.keptConnections = [];
const Native = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Native {
  constructor(...given) { super(...given); window.keptConnections.push(this); }
};
"""
# Pixels: the camera is a small one, since several browsers share the processor with whatever else goes on.
CAMERA_WIDTH = 640
SMALL_CAMERA = """
if (navigator.mediaDevices) {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const size = {width: {ideal: 640}, height: {ideal: 360}};
  navigator.mediaDevices.getUserMedia = (wanted) =>
    ask(wanted.video ? {...wanted, video: {...(wanted.video === true ? {} : wanted.video), ...size}} : wanted);
}
"""
# What a person does with mouse, finger or key, counted over all pages of the window until it is asked for.
COUNT_INTERACTIONS = """
for (const kind of ["click", "keydown"]) {
  addEventListener(kind, (event) => {
    if (event.isTrusted) sessionStorage.setItem("acts", Number(sessionStorage.getItem("acts") || 0) + 1);
  }, true);
}
"""
RECEIVED = """async () => {
  const sum = {frames: 0, energy: 0, connections: 0};
  for (const pc of window.keptConnections) {
    if (pc.connectionState !== "connected") continue;
    sum.connections += 1;
    (await pc.getStats()).forEach((row) => {
      if (row.type !== "inbound-rtp") return;
      if (row.kind === "video") sum.frames += row.framesDecoded || 0;
      if (row.kind === "audio") sum.energy += row.totalAudioEnergy || 0;
    });
  }
  return sum;
}"""


# All that axe-core found is long, and takes longer to hand over than to find: what is wrong alone is asked for.
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"


# The step of time (RFC 6238) of the last code that was typed, for each key: a code opens once.
TYPED: dict[str, int] = {}


def unused_code(key: str) -> str:
    """The code that an app shows, once it is another than the last one that was typed."""
    generator = totp(key)
    while (step := generator.timecode(datetime.now(UTC))) <= TYPED.get(key, -1):
        time.sleep(0.5)
    TYPED[key] = step
    return generator.generate_otp(step)


@dataclass
class Hub:
    """A running hub and the people who may log in there."""

    server: HubServer
    logins: dict[str, dict[str, str]]
    name: str = "embedded"

    def person(self, name: str) -> Person:
        """Login of ``doctor``, ``secretary``, ``stranger``, ``administrator``, ``medcom`` or ``researcher``."""
        return Person(**self.logins[name])

    def session(self, who: Person) -> str:
        """The cookie of a session in which this person has logged in, with the second factor where there is one."""
        return self.server.shell(f"""
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from vdx.accounts.models import User
browser, user = Client(), User.objects.get(email={who.email!r})
browser.force_login(user)
session = browser.session
for device in TOTPDevice.objects.filter(user=user, confirmed=True):
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
session.save()
print(session.session_key)
""").strip()

    def newcomer(self) -> Person:
        """One more doctor of the practice, whose day is empty whatever other tests have booked."""
        made: list[str] = json.loads(
            self.server.shell("""
import json, secrets
from vdx.accounts import services
from vdx.accounts.enums import Role
from vdx.accounts.models import Organisation
from vdx.lib import clock
password = secrets.token_urlsafe(12)
email = f"laege-{secrets.token_hex(4)}@test.invalid"
user = services.create_user(email=email, name="Anne Holm", password=password, actor=None)
practice = Organisation.objects.get(code="laegehuset-nord")
services.add_membership(user=user, organisation=practice, role=Role.DOCTOR, actor=None, now=clock.now())
print(json.dumps([email, password]))
""")
        )
        return Person(made[0], "Anne Holm", made[1])

    def room(self, *, minutes: int = 5, devices: int = 0, direct: bool = True, organiser: str = "doctor") -> str:
        """Book a meeting that starts in so many minutes, of the doctor or a colleague; the code of its room.

        ``direct``: browsers try to reach each other before the media server.
        """
        who = self.person(organiser)
        return self.server.shell(f"""
from datetime import timedelta
from booking.services import book
from rooms.models import Room
from vdx.accounts.models import Organisation
from vdx.lib import clock
now = clock.now()
start = now + timedelta(minutes={minutes})
meeting = book(organisation=Organisation.objects.get(code="laegehuset-nord"), organiser_email={who.email!r},
    creator_email={who.email!r}, subject="", start=start, end=start + timedelta(minutes=15), actor=None, now=now,
    max_participants={devices})
if not {direct}:
    Room.objects.filter(pk=meeting.room_id).update(direct_media="never")
print(meeting.short_id)
""").strip()

    def url(self, number: int = 0) -> str:
        """Address of a web process; in the embedded set-up there is one only."""
        return self.server.urls[number % len(self.server.urls)]


@dataclass
class Someone:
    """One person's browser window. ``home`` is the address of the web process that serves it, ``code`` their room."""

    page: Page
    home: str
    pictures: Path
    errors: list[str] = field(default_factory=list)
    code: str = ""

    def picture(self, name: str) -> None:
        """Keep what the window shows."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def accessible(self) -> None:
        """Fail if axe-core finds anything on the page as it is now."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(VIOLATIONS)
        told = [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']]}" for v in found]
        assert told == [], f"{self.page.url}\n" + "\n".join(told)

    def seen(self, name: str) -> None:
        """A page of the way: its picture is kept, and axe-core finds nothing."""
        self.picture(name)
        self.accessible()

    def received(self) -> dict[str, Any]:
        """What this browser has decoded of the others: frames of picture, energy of sound, connections."""
        answer: dict[str, Any] = self.page.evaluate(RECEIVED)
        return answer

    def interactions(self) -> int:
        """How often the person has clicked or pressed a key since the last time this was asked."""
        counted: int = self.page.evaluate(
            "() => { const n = Number(sessionStorage.getItem('acts')); sessionStorage.removeItem('acts'); return n; }"
        )
        return counted

    def clipboard(self) -> str:
        """What was copied, found by pasting it (the hub's pages may write the clipboard, and not read it)."""
        self.page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'paste'}))")
        self.page.locator("#paste").press("Control+V")
        pasted = self.page.locator("#paste").input_value()
        self.page.evaluate("document.getElementById('paste').remove()")
        return pasted

    # --- Logging in -------------------------------------------------------------------------------------

    def comes_back(self, hub: Hub, who: str | Person) -> None:
        """A person, or ``doctor`` and the like, who has logged in before here: by the cookie of the session alone.

        Logging in itself is tried where it is looked at. A code of the second factor opens once, and the next comes
        half a minute later.
        """
        session = hub.session(who if isinstance(who, Person) else hub.person(who))
        cookie = {"name": "sessionid", "value": session, "url": self.home}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def log_in(self, who: Person) -> None:
        """E-mail, password and, where there is one, the code of the second factor."""
        self.page.goto(f"{self.home}/konto/log-ind")
        self.page.get_by_label("E-mail").fill(who.email)
        self.page.get_by_label("Adgangskode", exact=False).first.fill(who.password)
        self.page.get_by_role("main").get_by_role("button", name="Log ind").click()
        if who.totp_key:
            self.page.get_by_role("textbox").first.fill(unused_code(who.totp_key))
            self.page.get_by_role("main").get_by_role("button").first.click()
        expect(self.page.get_by_role("button", name="Log ud")).to_be_attached()


@contextmanager
def window(
    browser: Browser,
    home: str,
    pictures: Path,
    *,
    size: dict[str, int] = DESKTOP,
    script: str = "",
    agent: str = "",
    camera: str = SMALL_CAMERA,
) -> Iterator[Someone]:
    """A person with a browser of their own (cookies, storage). A script error on any page fails the test.

    ``agent`` is the user agent of another program than the browser, for example an app with a web view. With an
    empty ``camera`` the fake one is as large as the page asks for.
    """
    context: BrowserContext = browser.new_context(
        viewport=size, locale="da-DK", permissions=["clipboard-read", "clipboard-write"], user_agent=agent or None
    )
    context.set_default_timeout(15_000)
    context.add_init_script(KEEP_CONNECTIONS + COUNT_INTERACTIONS + camera + script)
    someone = Someone(context.new_page(), home, pictures)
    someone.page.on("pageerror", lambda error: someone.errors.append(str(error)))
    someone.page.on(
        "console",
        lambda line: someone.errors.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield someone
    # The pages are left, not closed: Chromium has been seen to wait for ever when a window with a call was closed.
    # The browser goes at the end of the test, and with it what is left.
    for page in context.pages:
        page.goto("about:blank")
    assert someone.errors == [], "\n".join(someone.errors)


def knock(patient: Someone, code: str, name: str) -> None:
    """Open the short link, say the name, knock."""
    patient.page.goto(f"{patient.home}/m/{code}")
    patient.page.get_by_label("Dit navn").first.fill(name)
    patient.page.get_by_role("button", name="Bank på").click()
    expect(patient.page.get_by_role("heading", name="Lægen kan se, at du er her")).to_be_visible()


def host(doctor: Someone, hub: Hub, code: str) -> None:
    """Logged in already, enter the room as its host."""
    doctor.comes_back(hub, "doctor")
    doctor.page.goto(f"{doctor.home}/m/{code}/vaert")
    doctor.page.get_by_role("main").get_by_role("button").first.click()
    expect(doctor.page.locator("#screen-call")).to_be_visible()


def let_in(doctor: Someone, name: str) -> None:
    """See who waits, by name and in the window's title, and let them in."""
    expect(doctor.page.locator("#knocks")).to_contain_text(name)
    expect(doctor.page).to_have_title(re.compile(r"^\(1\)"))
    doctor.page.get_by_role("button", name=re.compile("Luk ind")).first.click()
    right_one(doctor, name)


def right_one(doctor: Someone, name: str) -> None:
    """The guard asks once, with the name in large letters and the focus on the safe answer: it is the right one."""
    guard = doctor.page.get_by_role("dialog", name="Er det den rigtige?")
    expect(guard).to_contain_text(name)
    expect(guard.get_by_role("button", name="Nej, bed personen vente")).to_be_focused()
    guard.get_by_role("button", name="Ja, luk ind").click()


def flowing(*people: Someone, seconds: float = 15.0) -> None:
    """Wait until every browser decodes more picture and more sound from one moment to a later one."""
    deadline = time.monotonic() + seconds
    while True:
        before = [person.received() for person in people]
        # The fake microphone is heard once a second.
        for _ in range(4):
            time.sleep(0.25)
            after = [person.received() for person in people]
            if all(
                late["frames"] > early["frames"] and late["energy"] > early["energy"]
                for early, late in zip(before, after, strict=True)
            ):
                return
        assert time.monotonic() < deadline, f"no sound and picture both ways: {before} {after}"


def link_in(message: str) -> str:
    """The short link in a patient's message."""
    found = re.search(r"https?://\S+/m/[0-9a-z]{12}", message)
    assert found, "no link in the message"
    return found[0]
