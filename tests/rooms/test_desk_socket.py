"""The desk's socket: who waits where, live, for as long as the login stands."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from booking.models import Meeting
from rooms import services
from rooms.enums import CloseReason, ReadySentence
from rooms.models import PushAddress, Seat
from rooms.signals import ring_asked
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from tests.rooms.sockets import ORIGIN, Page, db, guest_of, host_of
from vdx.accounts import services as accounts
from vdx.accounts.enums import Role
from vdx.accounts.models import Membership, User
from vdx.asgi import application
from vdx.lib import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


class DeskPage:
    """The doctor's page: its login, and its socket."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.user = user
        session = self.client.session.session_key
        self.socket = WebsocketCommunicator(
            application,
            "/portal/vente/ws",
            headers=[
                (b"origin", ORIGIN),
                (b"host", b"localhost"),
                (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()),
            ],
            subprotocols=["vdx.desk.1"],
        )

    def ticket(self) -> str:
        return str(self.client.get("/portal/vente/nyt").json()["ticket"])

    async def watch(self, ticket: str = "") -> dict[str, Any]:
        ticket = ticket or await db(self.ticket)()
        await self.socket.send_json_to({"type": "watch", "ticket": ticket})
        return await self.until(lambda message: message["type"] in {"watching", "error"})

    async def until(self, where: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            message: dict[str, Any] = await self.socket.receive_json_from(timeout=5)
            if where(message):
                return message

    async def person(self, name: str) -> dict[str, Any]:
        return await self.until(lambda one: one["type"] == "participant" and one["participant"]["name"] == name)

    async def closed_with(self) -> int:
        while True:
            output = await self.socket.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                return int(output["code"])

    async def go(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await self.socket.disconnect(timeout=5)


@pytest.fixture
async def desks() -> AsyncIterator[list[DeskPage]]:
    """Desks put here are closed at the end."""
    opened: list[DeskPage] = []
    yield opened
    for desk in opened:
        if not desk.socket.future.done():
            await desk.go()


def two_meetings() -> tuple[User, Meeting, Meeting]:
    doctor = member(Role.DOCTOR, name="Lise Holm")
    now = clock.now()
    first, second = (book_meeting(doctor=doctor, start=now + timedelta(minutes=n)) for n in (1, 10))
    return doctor, first, second


def asks_to_be_rung(meeting: Meeting) -> None:
    """As services.ask_to_be_rung does, whose address the tests of the push look at."""
    seat = Seat.objects.get(room=meeting.room)
    PushAddress.objects.create(seat=seat, sealed="x")
    ring_asked.tell(room_uuid=meeting.room.uuid, seat_key=seat.key, is_asked=True)


async def at_the_desk(desks: list[DeskPage], user: User) -> DeskPage:
    desk = await db(DeskPage)(user)
    desks.append(desk)
    accepted, _ = await desk.socket.connect(timeout=5)
    assert accepted
    return desk


async def waits(pages: list[Page], meeting: Meeting, name: str) -> Page:
    page = Page(meeting.room, await db(guest_of)(meeting.room))
    pages.append(page)
    await page.hello(name)
    return page


async def test_everybody_who_waits_is_there_with_no_host_in_any_room(pages, desks) -> None:
    doctor, first, second = await db(two_meetings)()
    await waits(pages, first, "Grethe Sand")
    desk = await at_the_desk(desks, doctor)
    assert sorted((await desk.watch())["rooms"]) == sorted([first.room.uuid.hex, second.room.uuid.hex])
    # Was there before the desk: asked, and so at once.
    grethe = await desk.person("Grethe Sand")
    assert (grethe["room"], grethe["participant"]["state"]) == (first.room.uuid.hex, "waiting")
    # Comes later, and goes again.
    hans = await waits(pages, second, "Hans Sand")
    assert (await desk.person("Hans Sand"))["room"] == second.room.uuid.hex
    await hans.say("leave")
    gone = await desk.until(lambda one: one["type"] == "gone")
    assert (gone["room"], gone["reason"]) == (second.room.uuid.hex, "left")


async def test_a_phone_that_sleeps_can_be_rung_from_the_desk_and_from_the_room(pages, desks) -> None:
    doctor, first, _ = await db(two_meetings)()
    page = await waits(pages, first, "Grethe Sand")
    desk = await at_the_desk(desks, doctor)
    await desk.watch()
    await desk.person("Grethe Sand")
    await db(asks_to_be_rung)(first)
    await page.go()
    # Not gone: only away.
    asleep = await desk.until(lambda one: one["type"] in {"participant", "gone"})
    assert (asleep["type"], asleep["participant"]["connected"]) == ("participant", False)
    # A desk opened now knows it as well, and so does a host who comes to the room.
    later = await at_the_desk(desks, doctor)
    await later.watch()
    found = (await later.person("Grethe Sand"))["participant"]
    host = Page(first.room, await db(host_of)(first.room))
    pages.append(host)
    (seen,) = (await host.hello())["participants"]
    for one in (found, seen):
        assert (one["seat"], one["state"], one["connected"]) == (asleep["participant"]["seat"], "waiting", False)
    rung = await db(later.client.post)(f"/portal/vente/{first.uuid}/kald", {"seat": found["seat"]})
    assert rung.status_code == 200
    # The push wakes the phone, and the page comes back.
    again = Page(first.room, page.token)
    pages.append(again)
    await again.hello("Grethe Sand")
    await again.until("ringing")
    assert (await later.person("Grethe Sand"))["participant"]["connected"] is True


async def test_a_reload_of_the_desk_shows_them_again(pages, desks) -> None:
    doctor, first, _ = await db(two_meetings)()
    await waits(pages, first, "Grethe Sand")
    for _ in range(2):
        desk = await at_the_desk(desks, doctor)
        await desk.watch()
        await desk.person("Grethe Sand")
        await desk.go()


async def test_a_ring_a_sentence_and_a_delay_reach_the_one_who_waits(pages, desks) -> None:
    doctor, first, second = await db(two_meetings)()
    page, other = await waits(pages, first, "Grethe Sand"), await waits(pages, second, "Hans Sand")
    desk = await at_the_desk(desks, doctor)
    await desk.watch()
    seat = (await desk.person("Grethe Sand"))["participant"]["seat"]
    post = db(desk.client.post)
    assert (await post(f"/portal/vente/{first.uuid}/kald", {"seat": seat})).status_code == 200
    await page.until("ringing")
    await post(f"/portal/vente/{first.uuid}/besked", {"seat": seat, "sentence": "papers"})
    told = await page.until("told")
    assert (told["sentence"], told["text"]) == ("papers", ReadySentence.PAPERS.label)
    key = await db(lambda: Membership.objects.get(user=doctor).pk)()
    await post("/portal/vente/forsinket", {"host": key, "minutes": "15"})
    for one in (page, other):
        await one.until("room", lambda message: message["room"]["delayMinutes"] == 15)


async def test_a_page_that_comes_back_hears_that_it_rang(pages, desks) -> None:
    doctor, first, _ = await db(two_meetings)()
    page = await waits(pages, first, "Grethe Sand")
    token = dict(page.socket.scope["headers"])[b"cookie"].decode().split("=", 1)[1]
    await page.go()
    seat = await db(lambda: first.room.seats.get().key)()
    await db(services.ring)(room_id=first.room_id, seat_key=seat, actor=doctor, now=clock.now())
    again = Page(first.room, token)
    pages.append(again)
    await again.hello("Grethe Sand")
    await again.until("ringing")


async def test_a_host_in_the_room_rings_and_speaks_by_the_rooms_socket(pages) -> None:
    doctor, first, _ = await db(two_meetings)()
    page = await waits(pages, first, "Grethe Sand")
    _, token = await db(services.take_host_seat)(
        room_id=first.room_id, user=doctor, device_kind="browser", now=clock.now()
    )
    host = Page(first.room, token)
    pages.append(host)
    (guest,) = (await host.hello())["participants"] or [
        (await host.until("participant", lambda one: one["participant"]["name"] == "Grethe Sand"))["participant"]
    ]
    await host.say("ring", seat=guest["seat"])
    await page.until("ringing")
    await host.say("ring", seat=guest["seat"])
    assert (await host.until("error"))["code"] == "rung_just_now"
    await host.say("tell", seat=None, sentence="soon")
    assert (await page.until("told"))["sentence"] == "soon"
    await host.say("delay", minutes=20)
    assert (await page.until("room", lambda one: one["room"]["delayMinutes"] == 20))["room"]["doctor"] == "here"
    for message in ({"type": "delay", "minutes": 61}, {"type": "tell", "seat": None, "sentence": "hej"}):
        await host.socket.send_json_to(message)
        assert (await host.until("error"))["code"] == "invalid"
    await page.say("ring", seat=guest["seat"])
    assert (await page.until("error"))["code"] == "not_allowed"


@pytest.mark.parametrize("how", ["deactivated", "role", "logout"])
async def test_the_desk_closes_at_once_when_its_person_may_not_any_more(pages, desks, how) -> None:
    doctor, _, _ = await db(two_meetings)()
    desk = await at_the_desk(desks, doctor)
    await desk.watch()

    def end() -> None:
        if how == "deactivated":
            accounts.deactivate(user=doctor, actor=None, now=clock.now())
        elif how == "role":
            accounts.end_membership(membership=Membership.objects.get(user=doctor), actor=None, now=clock.now())
        else:
            desk.client.post("/konto/log-ud")

    await db(end)()
    error = await desk.until(lambda one: one["type"] == "error")
    assert (error["code"], error["fatal"]) == ("no_login", True)
    assert await desk.closed_with() == 4001


async def test_a_strangers_or_forged_ticket_opens_nothing(pages, desks) -> None:
    doctor, _, _ = await db(two_meetings)()
    theirs = await db(DeskPage)(doctor)
    for ticket in (await db(theirs.ticket)(), "forged:ticket:here"):
        stranger = await at_the_desk(desks, await db(member)(Role.DOCTOR))
        assert (await stranger.watch(ticket))["code"] == "no_login"


async def test_a_closed_room_empties_and_a_foreign_origin_is_refused(pages, desks) -> None:
    doctor, first, _ = await db(two_meetings)()
    await waits(pages, first, "Grethe Sand")
    desk = await at_the_desk(desks, doctor)
    await desk.watch()
    await desk.person("Grethe Sand")
    await db(services.close_room)(room_id=first.room_id, reason=CloseReason.CANCELLED, now=clock.now())
    assert (await desk.until(lambda one: one["type"] == "gone"))["room"] == first.room.uuid.hex

    foreign = await db(DeskPage)(doctor)
    headers = [
        (name, b"https://evil.example" if name == b"origin" else value)
        for name, value in foreign.socket.scope["headers"]
    ]
    socket = WebsocketCommunicator(application, "/portal/vente/ws", headers=headers, subprotocols=["vdx.desk.1"])
    assert (await socket.connect(timeout=5))[0] is False


async def test_no_name_is_in_what_the_hub_keeps(pages, desks) -> None:
    doctor, first, _ = await db(two_meetings)()
    await waits(pages, first, "Grethe Sand")
    desk = await at_the_desk(desks, doctor)
    await desk.watch()
    await desk.person("Grethe Sand")
    page = await db(lambda: desk.client.get("/portal/vente").content.decode())()
    assert "Grethe" not in page
    assert "Grethe" not in json.dumps(await db(lambda: desk.client.get("/portal/vente/nyt").json())())
