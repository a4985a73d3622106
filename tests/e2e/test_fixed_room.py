"""A fixed room from end to end: made, gone into, and found again the next day as another call."""

from __future__ import annotations

import re
import time

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
        chief.page.goto(f"{chief.home}/portal/moederum")
        whole(chief, "list")
        chief.page.goto(f"{chief.home}/portal/grupper")
        chief.page.get_by_label("Navn").fill("Onkologi")
        whole(chief, "groups")
        chief.page.get_by_role("button", name="Lav gruppen").click()
        whole(chief, "group")

        colleague.comes_back(embedded, "doctor")
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
        # Whole seconds are written down.
        time.sleep(2)
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


def test_without_a_waiting_room_a_guest_comes_straight_in(browser: Browser, embedded: Hub) -> None:
    doctor = embedded.person("doctor")
    embedded.server.shell(_END)
    pin = embedded.server.shell(_WITHOUT_WAITING_ROOM.format(email=doctor.email)).strip()
    with window(browser, embedded.url(), SHOTS) as host, window(browser, embedded.url(), SHOTS, size=NARROW) as guest:
        # Before anybody is there the guest waits, and comes in with the host, who is asked nothing.
        _come(guest, pin, address="vagt")
        whole(guest, "straight-in-early")
        host.comes_back(embedded, "doctor")
        host.page.goto(f"{host.home}/f/vagt/vaert")
        host.page.get_by_role("button", name="Gå ind som vært").click()
        for someone in (host, guest):
            expect(someone.page.locator("#screen-call")).to_be_visible()
        flowing(host, guest)
        expect(host.page.get_by_role("button", name=re.compile("Luk ind"))).to_have_count(0)
        whole(guest, "straight-in")
        embedded.server.shell(_END)
        expect(guest.page.get_by_text("Samtalen er slut.")).to_be_visible()

        # The pin was good for that call alone.
        guest.page.goto(f"{guest.home}/f/vagt")
        guest.page.get_by_label("Pinkode").fill(pin)
        guest.page.get_by_role("button", name="Gå videre").click()
        expect(guest.page.get_by_text("Pinkoden passer ikke").first).to_be_visible()
        whole(guest, "spent-pin")
        pin = embedded.server.shell(_NEXT_PIN).strip()

        # Somebody is there: nobody waits at all.
        host.page.goto(f"{host.home}/f/vagt/vaert")
        host.page.get_by_role("button", name="Gå ind som vært").click()
        expect(host.page.locator("#screen-call")).to_be_visible()
        _knock(guest, pin, address="vagt")
        expect(guest.page.locator("#screen-call")).to_be_visible()
        flowing(host, guest)
        embedded.server.shell(_END)


_WITHOUT_WAITING_ROOM = """
from rooms.models_fixed import FixedRoom
from rooms.services import fixed
from vdx.accounts.models import Organisation, User
from vdx.lib import clock
# A second try finds the room of the first one.
room = FixedRoom.objects.filter(address="vagt").first() or fixed.create_fixed_room(
    organisation=Organisation.objects.get(code="laegehuset-nord"), name="Vagtmøde", address="vagt", description="",
    waiting_room=False, with_host_pin=False, actor=None, now=clock.now())
fixed.add_person(fixed_room_id=room.pk, user=User.objects.get(email="{email}"), actor=None)
fixed.renew_spent_pins(now=clock.now())
room.refresh_from_db()
print(room.guest_pin)
"""
_NEXT_PIN = """
from rooms.models_fixed import FixedRoom
from rooms.services import fixed
from vdx.lib import clock
fixed.renew_spent_pins(now=clock.now())
print(FixedRoom.objects.get(address="vagt").guest_pin)
"""


def _come(guest: Someone, pin: str, address: str = "onsdag") -> None:
    """By the address and the pin to the door, and knock; nobody opens yet."""
    _knock(guest, pin, address)
    expect(guest.page.get_by_role("heading", name="Værten kan se, at du er her")).to_be_visible()


def _knock(guest: Someone, pin: str, address: str) -> None:
    guest.page.goto(f"{guest.home}/f/{address}")
    whole(guest, "door")
    guest.page.get_by_label("Pinkode").fill(pin)
    guest.page.get_by_role("button", name="Gå videre").click()
    guest.page.get_by_label("Dit navn").first.fill("Grethe Sand")
    expect(guest.page.locator("#knock-pin")).to_have_count(0)
    whole(guest, "arrival")
    guest.page.get_by_role("button", name="Bank på").click()
