"""Kinds of calls that guests are asked about, what is asked and answered, and the keyboard by which it is done."""

from __future__ import annotations

import json
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.e2e.people import Hub
from tests.support.processes import ROOT


@dataclass(frozen=True)
class Call:
    """A kind of call: how it came about, what is answered about it on each page, and what stands there then."""

    reason: str
    doctor_came: bool
    pages: dict[int, tuple[dict[str, int | str], list[str]]]


ABOUT = ["about_you", "sex", "birth_year"]
CALLS = {
    "worked": Call(
        "ended",
        True,
        {
            1: ({"sex": 2, "birth_year": "1946"}, ABOUT),
            2: ({"contact": 1, "times_used": 1, "device": 2}, ["contact", "times_used", "device"]),
            3: (
                {"easy_to_use": 5, "helped": 1, "helped_by": 4, "helped_by_text": "nabo"},
                ["usability", "helped", "helped_by", "helped_by_text", "usability_comments"],
            ),
            4: ({"picture": 1, "sound": 1}, ["picture", "sound", "other_problems"]),
            5: ({"time_preparing": 3}, ["time", "transport_important"]),
            6: ({"accept_again": 1}, ["satisfaction", "accept_again"]),
            7: ({"advantages": 7}, ["advantages", "drawbacks", "comments"]),
        },
    ),
    "failed": Call(
        "telephone",
        True,
        {
            1: ({"sex": 1, "birth_year": "1951"}, ABOUT),
            2: ({"contact": 1}, ["contact", "times_used", "device"]),
            3: ({"helped": 2}, ["usability", "helped", "usability_comments"]),
            4: (
                {"picture": 2, "picture_prevented": 1, "sound": 2, "sound_prevented": 1, "other_problems": 1},
                [
                    *("picture", "picture_prevented", "sound", "sound_prevented"),
                    *("other_problems", "other_problems_text", "other_problems_prevented"),
                ],
            ),
            5: ({"transport_important": 2}, ["time", "transport_important"]),
            6: (
                {"accept_again": 3, "accept_again_why": "lyden"},
                ["satisfaction", "accept_again", "accept_again_why"],
            ),
            7: ({"drawbacks": 5}, ["advantages", "drawbacks", "drawbacks_text", "comments"]),
        },
    ),
    "without_contact": Call(
        "expired",
        False,
        {
            1: ({"sex": 2, "birth_year": "1961"}, ABOUT),
            2: ({"contact": 2, "contact_why": "mørkt", "device": 3}, ["contact", "contact_why", "device"]),
            6: ({"accept_again": 2}, ["accept_again"]),
            7: ({}, ["comments"]),
        },
    ),
}
SHIPPED = json.loads((ROOT / "surveys/migrations/shipped/patients.json").read_text(encoding="utf-8"))
TEXTS = {question["name"]: question["text"] for page in SHIPPED["pages"] for question in page}
SHOWN = "blocks => blocks.filter(each => !each.hidden).map(each => each.dataset.question)"
VALUES = "fields => fields.map(each => [each.type, each.value])"


def held(hub: Hub, call: Call) -> tuple[str, str, str]:
    """Such a call with two guests, over: the room's code, and the guests' cookies."""
    script = f"""
import json
from datetime import timedelta
from rooms import services
from tests.factories.monitoring import booked_meeting, guest_came, host_came
from vdx.accounts.models import User
from vdx.lib import clock
doctor = User.objects.get(email={hub.person("doctor").email!r})
start = clock.now() - timedelta(minutes=20)
meeting = booked_meeting(doctor, start=start)
host = host_came(meeting, doctor, at=start)[0] if {call.doctor_came} else None
tokens = [guest_came(meeting, at=start, let_in_by=host)[1] for _ in range(2)]
services.close_room(room_id=meeting.room_id, reason={call.reason!r}, now=start + timedelta(minutes=10))
print(json.dumps([meeting.short_id, *tokens]))
"""
    code, first, second = json.loads(hub.server.shell(script))
    return code, first, second


def counted(hub: Hub, code: str) -> list[str]:
    """How far the room's guests have come."""
    script = f"""
import json
from rooms.models import Room
from surveys.models import Invitation
room = Room.objects.get(short_id={code!r})
print(json.dumps(sorted(Invitation.objects.filter(room_uuid=room.uuid).values_list("state", flat=True))))
"""
    states: list[str] = json.loads(hub.server.shell(script))
    return states


def tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until it stands there."""
    for _ in range(60):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def press(page: Page, selector: str) -> None:
    """Go there by the tabulator, and press."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def type_in(page: Page, variable: str, value: int | str) -> None:
    """Answer by the keyboard alone."""
    field = f'[name="q-{variable}"]'
    options = page.locator(field).evaluate_all(VALUES)
    kind = options[0][0]
    if kind == "checkbox":
        tab_to(page, f'{field}[value="{value}"]')
        page.keyboard.press("Space")
        return
    tab_to(page, field)
    if kind == "radio":
        page.keyboard.press("Space")
        for _ in range([each[1] for each in options].index(str(value))):
            page.keyboard.press("ArrowDown")
    else:
        page.keyboard.type(str(value))
