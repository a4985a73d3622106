"""The whole way of a consultation over real sockets, in one process, with the database and the channel layer."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from rooms import services
from rooms.enums import CloseReason, RoomState, SeatState
from rooms.models import Room, Seat, Visit
from rooms.queries import call_facts
from tests.factories.rooms import RoomFactory, SeatFactory
from tests.rooms.sockets import Page, db, guest_of, host_of
from vdx.accounts import services as accounts
from vdx.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room() -> Room:
    return RoomFactory()


async def in_call(room: Room, pages: list[Page]) -> tuple[Page, Page]:
    """A doctor and a patient who has been let in."""
    doctor, patient = Page(room, await db(host_of)(room)), Page(room, await db(guest_of)(room))
    pages += [doctor, patient]
    await doctor.hello()
    you = (await patient.hello("Anna"))["you"]
    await doctor.until("participant", lambda message: message["participant"]["name"] == "Anna")
    await doctor.say("admit", seat=you["seat"])
    await patient.until("admitted")
    await patient.until("participant")
    await doctor.until("participant", lambda message: message["participant"]["state"] == "admitted")
    return doctor, patient


async def test_wait_be_let_in_and_talk(room: Room, pages: list[Page]) -> None:
    doctor, patient = Page(room, await db(host_of)(room)), Page(room, await db(guest_of)(room))
    pages += [doctor, patient]

    at_home = await patient.hello("Anna")
    assert (at_home["you"]["state"], at_home["you"]["name"]) == ("waiting", "Anna")
    assert at_home["participants"] == []
    assert at_home["engine"] is None
    assert at_home["room"]["hostPresent"] is False

    at_work = await doctor.hello("will not be used")
    assert (at_work["you"]["role"], at_work["you"]["name"]) == ("host", "Lise Holm")
    assert [(one["state"], one["name"]) for one in at_work["participants"]] == [("waiting", "Anna")]
    assert at_work["engine"] == {
        "name": "direct",
        "iceServers": [],
        "iceTransportPolicy": "all",
        "expiresAt": None,
    }
    assert (await patient.until("room", lambda m: m["room"]["hostPresent"]))["room"]["waiting"] == 0

    await doctor.say("admit", seat=at_home["you"]["seat"])
    admitted = await patient.until("admitted")
    assert admitted["engine"]["name"] == "direct"
    # Whom to call, in the same word.
    assert [one["name"] for one in admitted["participants"]] == ["Lise Holm"]
    assert (await patient.until("participant"))["participant"]["name"] == "Lise Holm"
    await doctor.until("participant", lambda m: m["participant"]["state"] == "admitted")

    data = {"description": {"type": "offer", "sdp": "v=0"}}
    await doctor.say("signal", to=at_home["you"]["seat"], instance=patient.instance, data=data)
    assert await patient.until("signal") == {
        "type": "signal",
        "from": at_work["you"]["seat"],
        "instance": doctor.instance,
        "data": data,
    }
    await patient.say("media", microphone=True, camera=False, screen=False)
    changed = await doctor.until("participant", lambda m: m["participant"]["media"]["microphone"])
    assert changed["participant"]["media"] == {"microphone": True, "camera": False, "screen": False, "paused": False}
    assert (await db(Room.objects.get)(pk=room.pk)).state == RoomState.OPEN


async def test_a_signal_for_an_instance_that_has_gone_is_not_delivered(room: Room, pages: list[Page]) -> None:
    doctor, patient = await in_call(room, pages)
    seat = (await db(Seat.objects.get)(room=room, role="guest")).key
    await doctor.say("signal", to=seat, instance=uuid4().hex, data={"candidate": None})
    assert await patient.hears_nothing()


async def test_a_connection_that_fails_is_over_for_the_others_too(
    room: Room, pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor, patient = await in_call(room, pages)

    def broken(**members: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(services, "sample_quality", broken)
    host = await db(Seat.objects.get)(room=room, role="host")
    await patient.say("quality", measures={"peer": host.key})
    gone = await doctor.until("gone")
    assert (gone["reason"], gone["instance"]) == ("lost", patient.instance)
    with pytest.raises(RuntimeError, match="broken"):
        await patient.socket.wait(timeout=5)
    assert not await db(Visit.objects.filter(seat__room=room, seat__role="guest", ended_at=None).exists)()


async def test_a_reload_keeps_seat_and_name_and_is_not_let_in_again(room: Room, pages: list[Page]) -> None:
    doctor, patient = await in_call(room, pages)
    token = patient.socket.scope["headers"][2][1].decode().split("=")[1]
    await patient.go()
    gone = await doctor.until("gone")
    assert (gone["reason"], gone["instance"]) == ("lost", patient.instance)

    again = Page(room, token)
    pages.append(again)
    welcome = await again.hello(None)
    assert (welcome["you"]["state"], welcome["you"]["name"]) == ("admitted", "Anna")
    assert welcome["engine"]["name"] == "direct"
    assert [one["name"] for one in welcome["participants"]] == ["Lise Holm"]
    back = await doctor.until("participant", lambda m: m["participant"]["connected"])
    assert back["participant"]["instance"] == again.instance
    assert len((await db(call_facts)(room.uuid)).devices) == 2


async def test_a_broken_socket_resumes_and_leaves_no_gap(room: Room, pages: list[Page]) -> None:
    _doctor, patient = await in_call(room, pages)
    token = patient.socket.scope["headers"][2][1].decode().split("=")[1]
    await patient.go()
    again = Page(room, token, instance=patient.instance)
    pages.append(again)
    await again.hello("Anna", resumed=True)
    visits = await db(lambda: list(Visit.objects.filter(seat__role="guest").order_by("pk")))()
    assert [visit.resumed for visit in visits] == [False, True]
    facts = await db(call_facts)(room.uuid)
    assert all(len(device.stays) <= 1 for device in facts.devices)


async def test_the_newest_window_has_the_seat(room: Room, pages: list[Page]) -> None:
    doctor, patient = await in_call(room, pages)
    token = patient.socket.scope["headers"][2][1].decode().split("=")[1]
    other = Page(room, token)
    pages.append(other)
    welcome = await other.hello("Anna")
    assert welcome["you"]["state"] == "admitted"
    error = await patient.until("error")
    assert (error["code"], error["fatal"]) == ("superseded", True)
    assert error["message"] == "Du er med i et andet vindue eller en anden fane nu."
    assert await patient.closed_with() == 4001
    await doctor.until("participant", lambda m: m["participant"]["instance"] == other.instance)
    await patient.go()
    assert await doctor.hears_nothing()


async def test_a_guest_is_turned_away(room: Room, pages: list[Page]) -> None:
    doctor, patient = Page(room, await db(host_of)(room)), Page(room, await db(guest_of)(room))
    pages += [doctor, patient]
    await doctor.hello()
    seat = (await patient.hello("Anna"))["you"]["seat"]
    await doctor.until("participant", lambda m: m["participant"]["name"] == "Anna")
    await doctor.say("refuse", seat=seat)
    await patient.until("refused")
    assert await patient.closed_with() == 4003
    assert (await doctor.until("gone"))["reason"] == "refused"
    assert (await db(call_facts)(room.uuid)).guests_waited is True
    assert len((await db(call_facts)(room.uuid)).devices) == 1


async def test_a_full_room_lets_nobody_more_in(pages: list[Page]) -> None:
    room = await db(RoomFactory)(max_participants=2)
    doctor, _patient = await in_call(room, pages)
    third = await db(SeatFactory)(room=room)
    await db(Visit.objects.create)(seat=third, instance=uuid4().hex)
    await doctor.say("admit", seat=third.key)
    error = await doctor.until("error")
    assert (error["code"], error["fatal"]) == ("full", False)
    assert (await db(Seat.objects.get)(pk=third.pk)).state == SeatState.WAITING


async def test_extending_tells_everybody(room: Room, pages: list[Page]) -> None:
    doctor, patient = await in_call(room, pages)
    await doctor.say("extend", minutes=10)
    ends = (room.ends_at + timedelta(minutes=10)).replace(microsecond=0)
    told = await patient.until("room", lambda m: m["room"]["endsAt"] == f"{ends:%Y-%m-%dT%H:%M:%SZ}")
    assert told["room"]["state"] == "open"
    await doctor.until("room", lambda m: m["room"]["endsAt"] == f"{ends:%Y-%m-%dT%H:%M:%SZ}")


async def test_ending_closes_for_everybody(room: Room, pages: list[Page]) -> None:
    doctor, patient = await in_call(room, pages)
    await doctor.say("end")
    for page in (doctor, patient):
        assert (await page.until("closed"))["reason"] == "ended"
        assert await page.closed_with() == 4004
    closed = await db(Room.objects.get)(pk=room.pk)
    assert (closed.state, closed.close_reason) == (RoomState.CLOSED, CloseReason.ENDED)
    assert not await db(Visit.objects.filter(ended_at__isnull=True).exists)()


async def test_a_guest_may_neither_let_in_nor_end(room: Room, pages: list[Page]) -> None:
    _doctor, patient = await in_call(room, pages)
    for kind, members in [
        ("admit", {"seat": "abc"}),
        ("refuse", {"seat": "abc"}),
        ("extend", {"minutes": 5}),
        ("end", {}),
    ]:
        await patient.say(kind, **members)
        error = await patient.until("error")
        assert (error["code"], error["fatal"]) == ("not_allowed", False)
    assert (await db(Room.objects.get)(pk=room.pk)).state == RoomState.OPEN


async def test_leaving_gives_the_seat_up(room: Room, pages: list[Page]) -> None:
    doctor, patient = await in_call(room, pages)
    await patient.say("leave")
    assert await patient.closed_with() == 1000
    assert (await doctor.until("gone"))["reason"] == "left"
    assert (await db(Seat.objects.get)(room=room, role="guest")).state == SeatState.LEFT


async def test_closing_from_outside_reaches_those_who_wait(room: Room, pages: list[Page]) -> None:
    patient = Page(room, await db(guest_of)(room))
    pages.append(patient)
    await patient.hello("Anna")
    await db(services.close_room)(room_id=room.pk, reason=CloseReason.CANCELLED, now=clock.now())
    assert (await patient.until("closed"))["reason"] == "cancelled"
    assert await patient.closed_with() == 4004


async def test_a_closed_room_says_so_to_whoever_comes_back(room: Room, pages: list[Page]) -> None:
    token = await db(guest_of)(room)
    await db(services.close_room)(room_id=room.pk, reason=CloseReason.ENDED, now=clock.now())
    late = Page(room, token)
    pages.append(late)
    assert await late.open()
    await late.say("hello", version=1, instance=late.instance, name="Anna", resumed=False)
    assert (await late.until("closed"))["reason"] == "ended"


async def test_a_host_whose_access_is_closed_is_out_at_once(room: Room, pages: list[Page]) -> None:
    doctor, patient = await in_call(room, pages)
    seat = await db(Seat.objects.select_related("user").get)(room=room, role="host")
    await db(accounts.deactivate)(user=seat.user, actor=None, now=clock.now())
    error = await doctor.until("error")
    assert (error["code"], error["fatal"]) == ("no_host_entry", True)
    assert error["message"] == "Log ind for at gå ind som vært."
    assert await doctor.closed_with() == 4001
    assert (await patient.until("gone"))["reason"] == "left"


@pytest.mark.parametrize("origin", [b"https://evil.example", b"null", b"http://localhost.evil.example:8000"])
async def test_a_foreign_origin_is_refused(room: Room, pages: list[Page], origin: bytes) -> None:
    page = Page(room, await db(guest_of)(room), origin=origin)
    pages.append(page)
    assert not await page.open()


async def test_no_seat_no_socket(room: Room, pages: list[Page]) -> None:
    other = await db(RoomFactory)()
    token = await db(guest_of)(room)
    strangers = [Page(room, ""), Page(room, "guessed"), Page(other, token), Page(room, token, code="0" * 12)]
    pages += strangers
    assert [await page.open() for page in strangers] == [False] * 4


async def test_an_old_page_is_asked_to_reload_and_nonsense_is_answered(room: Room, pages: list[Page]) -> None:
    old, odd = Page(room, await db(guest_of)(room)), Page(room, await db(guest_of)(room))
    pages += [old, odd]
    assert await old.open()
    await old.say("hello", version=0, instance=old.instance, name="Anna")
    error = await old.until("error")
    assert (error["code"], error["fatal"]) == ("version", True)
    assert await old.closed_with() == 4001

    await odd.hello("Anna")
    await odd.socket.send_to(text_data="{")
    assert (await odd.until("error"))["code"] == "invalid"
    await odd.socket.send_to(bytes_data=b"\x00")
    assert (await odd.until("error"))["code"] == "invalid"
    await odd.say("dance")
    assert (await odd.until("error"))["code"] == "unknown_message"
    await odd.socket.send_to(text_data='{"type":"heartbeat","pad":"' + "x" * 70_000 + '"}')
    assert (await odd.until("error"))["code"] == "invalid"
    await odd.say("heartbeat")
    assert (await odd.until("heartbeat"))["at"].endswith("Z")


async def test_errors_are_told_in_the_pages_language(room: Room, pages: list[Page]) -> None:
    page = Page(room, await db(guest_of)(room))
    page.socket.scope["headers"].append((b"cookie", b"django_language=da"))
    pages.append(page)
    await page.hello("Anna")
    await page.say("end")
    assert (await page.until("error"))["message"] == "Det kan du ikke gøre lige nu."


async def test_the_heartbeat_is_written(room: Room, pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    from rooms.live import room as thinking

    monkeypatch.setattr(thinking, "BEAT_EVERY", timedelta(seconds=0.5))
    page = Page(room, await db(guest_of)(room))
    pages.append(page)
    await page.hello("Anna")
    before = (await db(Visit.objects.get)(seat__room=room)).seen_at
    await asyncio.sleep(1.3)
    assert (await db(Visit.objects.get)(seat__room=room)).seen_at > before
