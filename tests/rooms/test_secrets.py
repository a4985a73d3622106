"""Planted secrets: what must never be kept or logged is sent through a whole call, and then looked for everywhere."""

from __future__ import annotations

import base64
import logging
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.apps import apps
from django.test import Client

from rooms.models import Room
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.rooms import RoomFactory
from tests.rooms.sockets import Page

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Anna Plantet-Hemmelig"
PIN = 83147596
ADDRESS = "203.0.113.77"
AGENT = "Mozilla/5.0 PlantedAgent/9"
TYPED = "Plantet tekst om en sygdom"
LINK = "https://plantet.example.dk/skema"
# The bytes of a picture, as they travel.
PICTURE = base64.b64encode(b"planted picture of a rash").decode()
CANDIDATE = "candidate:1 1 udp 2 198.51.100.33 5000 typ host"


def everything_stored() -> str:
    """All rows of all tables, as text."""
    rows = [row for model in apps.get_models() for row in model._default_manager.values()]
    return "\n".join(str(row) for row in rows)


def enter(room: Room) -> tuple[str, str]:
    """The doctor by login, the patient by link and pin; their seats' tokens."""
    doctor = MembershipFactory(organisation=room.organisation, user__name="Lise Holm").user
    host, guest = Client(REMOTE_ADDR=ADDRESS), Client(REMOTE_ADDR=ADDRESS, headers={"user-agent": AGENT})
    host.login(email=doctor.email, password=PASSWORD)
    assert host.post(f"/m/{room.short_id}/vaert").status_code == 302
    for path in (f"/m/{room.short_id}", f"/m/{(room.short_id or '').upper()}", "/m/000000000000"):
        guest.get(path)
    for pin in ("1", str(PIN)):
        guest.post(f"/m/{room.short_id}/bank", {"pin": pin}, content_type="application/json")
    return host.cookies["vdx_seat"].value, guest.cookies["vdx_seat"].value


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Any:
    """Everything written to a log or a stream, at every level."""
    caplog.set_level(logging.DEBUG)
    return lambda: caplog.text + "".join(capfd.readouterr())


async def test_name_code_pin_token_address_agent_and_what_is_shown_are_nowhere(logged: Any) -> None:
    room = await database_sync_to_async(RoomFactory)(guest_pin=PIN)
    tokens = await database_sync_to_async(enter)(room)
    doctor, patient = (Page(room, token) for token in tokens)
    await doctor.hello()
    seat = (await patient.hello(NAME))["you"]["seat"]
    await doctor.until("participant", lambda message: message["participant"]["name"] == NAME)
    await doctor.say("admit", seat=seat)
    await patient.until("admitted")
    await doctor.until("participant", lambda message: message["participant"]["state"] == "admitted")
    await doctor.say("signal", to=seat, instance=patient.instance, data={"candidate": {"candidate": CANDIDATE}})
    assert (await patient.until("signal"))["data"] == {"candidate": {"candidate": CANDIDATE}}
    for kind, data in (
        ("text", {"text": TYPED, "sent": True}),
        ("picture", {"bytes": PICTURE}),
        ("link", {"url": LINK}),
    ):
        piece = {"id": "0123456789abcdef", "kind": kind, "part": 0, "parts": 1, "data": data}
        await doctor.say("piece", to=seat, **piece)
        heard = await patient.until("piece")
        assert heard["data"] == data
        await patient.say("got", to=heard["from"], id=piece["id"], part=0)
        await doctor.until("got")
        # Refusals tell nothing either.
        await doctor.say("piece", to="nobody", **piece)
        await patient.say("piece", to=heard["from"], **{**piece, "parts": 99, "kind": TYPED})
    await patient.say("admit", seat=NAME)
    await patient.say("dance", name=NAME)
    await patient.say("name", name=NAME * 9)
    await doctor.say("end")
    for page in (doctor, patient):
        await page.until("closed")
        await page.go()

    logs, stored = logged(), await database_sync_to_async(everything_stored)()
    code = room.short_id or ""
    assert "rooms:knock" in logs, "there is a log to look through"
    assert str(room.uuid) in stored, "there are rows to look through"
    for secret in (NAME, "Plantet", CANDIDATE, "198.51.100.33", ADDRESS, "PlantedAgent", TYPED, PICTURE, LINK, *tokens):
        assert secret not in stored
        assert secret not in logs
    assert (code in logs, str(PIN) in logs) == (False, False)
    # The room itself holds its code and its pin, and nothing else does.
    assert (stored.count(code), stored.count(str(PIN))) == (1, 1)
