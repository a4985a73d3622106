"""Who is welcomed, and who sees whom."""

from __future__ import annotations

import pytest

from rooms import protocol
from rooms.enums import SeatRole, SeatState
from rooms.live import effects as do
from rooms.live import events
from tests.rooms.live.world import Page, World, waiting

MEDIA: protocol.Media = {"microphone": True, "camera": True, "screen": False, "paused": False}


# --- The handshake ---


def test_nothing_is_heard_before_hello(world: World, lise: Page) -> None:
    world.seat("anna")
    page = world.page("anna")
    page.say(protocol.Leave())
    assert page.errors == [("not_allowed", False)]
    lise.say(protocol.MediaState(MEDIA))
    assert page.hears() == []
    assert (page.hello("Anna")["you"]["name"], page.errors) == ("Anna", [("not_allowed", False)])
    page.say(protocol.Hello(page.instance, "Bo", False))
    assert page.errors == [("not_allowed", False)] * 2


def test_who_says_nothing_for_ten_seconds_is_shown_out(world: World) -> None:
    world.seat("anna")
    page = world.page("anna")
    page.silent = True
    world.passes(9)
    assert page.code is None
    world.passes(1)
    assert page.code == protocol.NO_HELLO


@pytest.mark.parametrize("code", ["not_open", "full", "not_there"])
def test_where_no_visit_begins_the_connection_ends(world: World, code: str) -> None:
    world.refuse[do.Connect] = code
    page = waiting(world)
    assert (page.errors, page.code, page.hears()) == ([(code, True)], protocol.FATAL, [])


def test_a_closed_room_is_told_as_closed(world: World) -> None:
    world.refuse[do.Connect] = "closed"
    page = waiting(world)
    assert (page.hears(), page.code, page.errors) == ([("closed", "expired")], protocol.CLOSED, [])


# --- Who sees whom ---


def test_a_waiting_guest_learns_nothing_but_that_a_host_is_there(world: World, lise: Page) -> None:
    bo, anna = waiting(world, "bo", "Bo"), waiting(world)
    assert bo.hears() == [("welcome", [])]
    assert anna.hears() == [("welcome", [])]
    assert lise.hears() == [
        ("participant", "bo", "waiting", "Bo"),
        ("room", "open", True, 1),
        ("participant", "anna", "waiting", "Anna"),
        ("room", "open", True, 2),
    ]
    lise.breaks()
    assert (anna.hears(), bo.hears()) == ([("room", "open", False, 0)], [("room", "open", False, 0)])
    anna.breaks()
    assert bo.hears() == []


def test_a_guest_who_is_in_sees_who_is_in_and_not_who_waits(world: World, lise: Page, anna: Page) -> None:
    bo = waiting(world, "bo", "Bo")
    assert anna.hears() == []
    assert bo.hears() == [("welcome", [])]
    lise.hears()
    lise.say(protocol.Admit("bo"))
    # The third device takes the room to the server.
    assert anna.hears() == [("engine", "fake"), ("participant", "bo", "admitted", "Bo")]
    assert bo.hears() == [
        ("admitted",),
        ("participant", "lise", "admitted", "Lise Holm"),
        ("participant", "anna", "admitted", "Anna"),
    ]
    assert lise.hears() == [("engine", "fake"), ("participant", "bo", "admitted", "Bo"), ("room", "open", True, 0)]


@pytest.mark.parametrize("direct", [True, False])
def test_a_host_sees_who_was_let_in_before_that_connection_says_so(world: World, lise: Page, *, direct: bool) -> None:
    waiting(world)
    lise.hears()
    lise.do(lise.live.hear(events.admitted("anna", direct=direct), world.now))
    # A third device first takes everybody to a server.
    seen = [("participant", "anna", "admitted", "Anna"), ("room", "open", True, 0)]
    assert lise.hears() == (seen if direct else [])


def test_who_comes_later_is_told_at_once_who_is_there(world: World, lise: Page, anna: Page) -> None:
    waiting(world, "bo", "Bo")
    world.seat("ole", SeatRole.HOST, name="Ole Bro")
    ole = world.page("ole")
    ole.say(protocol.Hello(ole.instance, "", False))
    named: dict[str, str] = {}
    for message in ole.told:
        seen = message.get("participants") or [message[kind] for kind in message if kind == "participant"]
        named |= {one["seat"]: one["name"] for one in seen}
    assert named == {"lise": "Lise Holm", "anna": "Anna", "bo": "Bo"}


def test_refusing(world: World, lise: Page) -> None:
    anna = waiting(world)
    lise.hears()
    anna.hears()
    lise.say(protocol.Refuse("anna"))
    assert (anna.hears(), anna.code) == ([("refused",)], protocol.REFUSED)
    assert lise.hears() == [("gone", "anna", "refused"), ("room", "open", True, 0)]


def test_leaving(world: World, lise: Page, anna: Page) -> None:
    anna.say(protocol.Leave())
    assert (anna.code, world.seats["anna"].state) == (protocol.LEFT, SeatState.LEFT)
    assert lise.hears() == [("gone", "anna", "left")]
    anna.breaks(abnormal=False)
    assert lise.hears() == []


def test_a_broken_socket_is_lost_and_a_new_instance_comes_back(world: World, lise: Page, anna: Page) -> None:
    anna.breaks()
    assert lise.hears() == [("gone", "anna", "lost")]
    again = world.page("anna")
    again.hello()
    you = next(message for message in again.told if message["type"] == "welcome")["you"]
    assert (you["state"], you["name"], you["instance"]) == ("admitted", "Anna", again.instance)
    assert lise.hears()[-1] == ("participant", "anna", "admitted", "Anna")
