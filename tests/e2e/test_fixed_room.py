"""A fixed room from end to end: made, gone into, and found again the next day as another call."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import Hub, Someone, flowing, let_in, window

pytestmark = pytest.mark.e2e

SHOTS = PICTURES / "fixed"
NARROW: ViewportSize = {"width": 320, "height": 640}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

# What the records of the last calls in fixed rooms came to: devices, booked, whether two were there at once.
RECORDS = """
from monitoring.models import CallRecord
from rooms.models import Room
uuids = list(Room.objects.filter(kind="fixed").values_list("uuid", flat=True))
for call in CallRecord.objects.filter(room_uuid__in=uuids).order_by("pk"):
    print(call.device_count, call.booked, call.instant, call.seconds_together > 0, call.is_final)
"""


def whole(someone: Someone, name: str) -> None:
    """Looked at: nothing for axe-core to find, and nothing beside the screen."""
    someone.seen(name)
    assert someone.page.evaluate(SIDEWAYS) is False, someone.page.url


def test_a_fixed_room_from_the_administrator_to_the_guest(browser: Browser, embedded: Hub) -> None:
    doctor = embedded.person("doctor")
    with (
        window(browser, embedded.url(), SHOTS) as chief,
        window(browser, embedded.url(), SHOTS) as colleague,
        window(browser, embedded.url(), SHOTS, size=NARROW) as guest,
    ):
        chief.log_in(embedded.person("administrator"))
        chief.page.set_viewport_size(NARROW)
        chief.page.goto(f"{chief.home}/portal/moederum")
        whole(chief, "list-empty")
        chief.page.get_by_role("link", name="Nyt fast møderum").click()
        whole(chief, "new")
        chief.page.get_by_label("Navn").fill("Onsdagskonference")
        chief.page.get_by_label("Adresse").fill("onsdag")
        chief.page.get_by_role("button", name="Lav rummet").click()
        expect(chief.page.get_by_role("heading", name="Onsdagskonference")).to_be_visible()
        chief.page.get_by_label("Kollegas e-mail").fill(doctor.email)
        chief.page.get_by_role("button", name="Tilføj kollegaen").click()
        expect(chief.page.locator(".named")).to_contain_text(doctor.name)
        whole(chief, "room")
        pin = chief.page.locator("[id^=guest-pin-].code").inner_text().strip()
        chief.page.goto(f"{chief.home}/portal/grupper")
        chief.page.get_by_label("Navn").fill("Onkologi")
        whole(chief, "groups")
        chief.page.get_by_role("button", name="Lav gruppen").click()
        whole(chief, "group")

        colleague.log_in(doctor)
        colleague.page.goto(f"{colleague.home}/portal/moederum")
        colleague.page.get_by_text("Invitér en gæst").click()
        whole(colleague, "own")
        colleague.page.get_by_role("button", name=re.compile("Gå ind")).click()
        expect(colleague.page.locator("#screen-call")).to_be_visible()

        _come(guest, pin)
        whole(guest, "waiting")
        let_in(colleague, "Grethe Sand")
        expect(guest.page.locator("#screen-call")).to_be_visible()
        flowing(colleague, guest)
        first = guest.page.url

        # It ends, and nobody is asked: the same page for both.
        embedded.server.shell(_END)
        expect(guest.page.get_by_text("Samtalen er slut.")).to_be_visible()
        whole(guest, "after")
        expect(colleague.page.get_by_text("Samtalen er slut.")).to_be_visible()
        guest.page.goto(first)
        whole(guest, "closed")
        guest.page.get_by_role("link", name="Gå til møderummet igen").click()

        # Another day: the same address and pin, another call.
        _come(guest, pin)
        assert guest.page.url != first
        colleague.page.goto(f"{colleague.home}/f/onsdag/vaert")
        whole(colleague, "host")
        colleague.page.get_by_role("button", name="Gå ind som vært").click()
        expect(colleague.page.locator("#screen-call")).to_be_visible()
        expect(colleague.page.locator("#knocks")).to_contain_text("Grethe Sand")
        guest.page.get_by_role("button", name="Gå ud af venterummet").click()
        expect(guest.page.get_by_role("button", name="Bank på").or_(guest.page.get_by_role("link"))).not_to_have_count(
            0
        )
        embedded.server.shell(_END)

        records = embedded.server.shell(RECORDS).split("\n")
        assert records[0] == "2 False False True True"

        guest.page.goto(f"{guest.home}/f/findes-ikke")
        whole(guest, "unknown")


_END = """
from rooms import services
from rooms.enums import CloseReason
from rooms.models import Room
from vdx.lib import clock
for room in Room.objects.filter(kind="fixed").exclude(state="closed"):
    services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=clock.now())
"""


def _come(guest: Someone, pin: str) -> None:
    """By the address and the pin to the door, and knock."""
    guest.page.goto(f"{guest.home}/f/onsdag")
    whole(guest, "door")
    guest.page.get_by_label("Pinkode").fill(pin)
    guest.page.get_by_role("button", name="Gå videre").click()
    guest.page.get_by_label("Dit navn").first.fill("Grethe Sand")
    expect(guest.page.locator("#knock-pin")).to_have_count(0)
    whole(guest, "arrival")
    guest.page.get_by_role("button", name="Bank på").click()
    expect(guest.page.get_by_role("heading", name="Værten kan se, at du er her")).to_be_visible()
