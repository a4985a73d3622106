"""What a connection says to its browser, and what it wants done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from rooms import protocol
from rooms.enums import RoomState, SeatRole, SeatState
from rooms.live import effects as do
from rooms.live import events
from rooms.names import NameBook
from tests.rooms.live.world import NINE, Page, World

MEDIA: protocol.Media = {"microphone": True, "camera": True, "screen": False}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def lise(world: World) -> Page:
    """The doctor, in the room."""
    world.seat("lise", SeatRole.HOST, name="Lise Holm")
    page = world.page("lise")
    page.hello()
    page.hears()
    return page


@pytest.fixture
def anna(world: World, lise: Page) -> Page:
    """A patient who was let in; both know it."""
    world.seat("anna")
    page = world.page("anna")
    page.hello("Anna")
    lise.say(protocol.Admit("anna"))
    page.hears()
    lise.hears()
    return page


def waiting(world: World, seat: str = "anna", name: str = "Anna") -> Page:
    world.seat(seat)
    page = world.page(seat)
    page.hello(name)
    return page


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
    assert anna.hears() == [("participant", "bo", "admitted", "Bo")]
    assert bo.hears() == [
        ("admitted",),
        ("participant", "lise", "admitted", "Lise Holm"),
        ("participant", "anna", "admitted", "Anna"),
    ]
    assert lise.hears() == [("participant", "bo", "admitted", "Bo"), ("room", "open", True, 0)]


def test_who_comes_later_is_told_at_once_who_is_there(world: World, lise: Page, anna: Page) -> None:
    waiting(world, "bo", "Bo")
    world.seat("ole", SeatRole.HOST, name="Ole Bro")
    ole = world.page("ole")
    ole.say(protocol.Hello(ole.instance, "", False))
    named: dict[str, str] = {}
    for message in ole.told:
        seen = message.get("participants") or [message["participant"]]
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


# --- Names ---


def test_a_reload_in_another_process_gets_its_name_from_whoever_remembers(world: World, lise: Page, anna: Page) -> None:
    anna.breaks()
    elsewhere = world.page("anna", NameBook())
    elsewhere.say(protocol.Hello(elsewhere.instance, "", False))
    assert elsewhere.told[0]["you"]["name"] == "Anna"
    assert elsewhere.book.recall("room", "anna", NINE) == "Anna"


def test_where_nobody_remembers_the_welcome_waits_no_longer_than_it_must(world: World, lise: Page) -> None:
    world.seat("anna")
    page = world.page("anna")
    page.say(protocol.Hello(page.instance, "", False))
    assert page.told == []
    world.passes(0.3)
    assert page.told[0]["you"]["name"] == ""
    page.say(protocol.Name("Anna"))
    assert lise.hears()[-1] == ("participant", "anna", "waiting", "Anna")


def test_alone_in_the_room_there_is_nobody_to_ask(world: World) -> None:
    world.seat("anna")
    assert world.page("anna").hello()["you"]["name"] == ""


def test_a_guest_who_is_in_keeps_the_name_it_was_let_in_by(world: World, lise: Page, anna: Page) -> None:
    anna.say(protocol.Name("Lise Holm"))
    assert anna.errors == [("not_allowed", False)]
    assert lise.hears() == []


def test_a_host_is_shown_by_the_logins_name(world: World, lise: Page) -> None:
    world.seat("ole", SeatRole.HOST, name="Ole Bro")
    page = world.page("ole")
    assert page.hello("Somebody else")["you"]["name"] == "Ole Bro"
    page.say(protocol.Name("Somebody else"))
    assert page.errors == [("not_allowed", False)]


def test_names_are_forgotten_when_they_are_not_needed(world: World, lise: Page, anna: Page) -> None:
    bo = waiting(world, "bo", "Bo")
    assert lise.book.recall("room", "anna", NINE) == "Anna"
    anna.say(protocol.Leave())
    assert lise.book.recall("room", "anna", NINE) == ""
    assert lise.book.recall("room", "bo", NINE) == "Bo"
    world.close()
    assert [len(page.book) for page in (lise, bo)] == [0, 0]


# --- Signals, media, quality ---


def test_a_signal_goes_to_that_instance_of_that_seat(world: World, lise: Page, anna: Page) -> None:
    bo = waiting(world, "bo", "Bo")
    lise.say(protocol.Admit("bo"))
    for page in (lise, anna, bo):
        page.hears()
    lise.say(protocol.Signal("anna", anna.instance, {"again": True}))
    assert (anna.hears(), bo.hears(), lise.hears()) == ([("signal", "lise", {"again": True})], [], [])
    lise.say(protocol.Signal("anna", "f" * 32, {"again": True}))
    assert anna.hears() == []
    lise.say(protocol.Signal("nobody", anna.instance, {}))
    assert lise.errors == [("not_there", False)]


def test_no_signals_to_or_from_who_waits(world: World, lise: Page) -> None:
    anna = waiting(world)
    anna.hears()
    lise.say(protocol.Signal("anna", anna.instance, {}))
    anna.say(protocol.Signal("lise", lise.instance, {}))
    assert (lise.errors, anna.errors) == ([("not_there", False)], [("not_allowed", False)])
    assert anna.hears() == []


def test_what_is_switched_on_is_told(world: World, lise: Page, anna: Page) -> None:
    anna.say(protocol.MediaState(MEDIA))
    assert [message["participant"]["media"] for message in lise.told] == [MEDIA]
    assert anna.hears() == []


def test_fresh_servers_on_demand(world: World, anna: Page) -> None:
    anna.say(protocol.AskEngine())
    assert anna.hears() == [("engine",)]


def test_one_sample_a_peer_in_a_while(world: World, lise: Page, anna: Page) -> None:
    for _ in range(3):
        anna.say(protocol.Quality({"peer": "lise", "rttMs": 9}))
    anna.say(protocol.Quality({"peer": "nobody"}))
    anna.say(protocol.Quality({}))
    assert anna.errors == [("not_there", False)] * 2
    world.passes(5)
    anna.say(protocol.Quality({"peer": "lise", "rttMs": 9}))
    assert len(world.samples) == 2


HOSTS: list[protocol.ClientMessage] = [
    protocol.Admit("anna"),
    protocol.Refuse("anna"),
    protocol.Extend(10),
    protocol.End(),
]
DEVICES: list[protocol.ClientMessage] = [
    protocol.Signal("lise", "f" * 32, {}),
    protocol.MediaState(MEDIA),
    protocol.AskEngine(),
    protocol.Quality({"peer": "lise"}),
]


@pytest.mark.parametrize("message", HOSTS, ids=lambda message: type(message).__name__)
def test_only_a_host_may(world: World, lise: Page, anna: Page, message: protocol.ClientMessage) -> None:
    for guest in (anna, waiting(world, "bo", "Bo")):
        guest.say(message)
        assert guest.errors == [("not_allowed", False)]
    assert (world.facts.state, world.minutes, world.seats["bo"].state) == (RoomState.OPEN, [], SeatState.WAITING)


@pytest.mark.parametrize("message", DEVICES, ids=lambda message: type(message).__name__)
def test_only_who_takes_part_may(world: World, lise: Page, message: protocol.ClientMessage) -> None:
    anna = waiting(world)
    anna.say(message)
    assert anna.errors == [("not_allowed", False)]


def test_what_a_service_refuses_is_said_and_changes_nothing(world: World, lise: Page) -> None:
    waiting(world)
    world.refuse[do.Admit] = "full"
    lise.say(protocol.Admit("anna"))
    assert (lise.errors, lise.code) == ([("full", False)], None)


# --- The room ---


def test_extending_and_ending(world: World, lise: Page, anna: Page) -> None:
    lise.say(protocol.Extend(10))
    assert world.minutes == [10]
    later = replace(world.facts, ends_at=NINE + timedelta(minutes=25))
    world.publish(events.room(later))
    world.deliver()
    assert [message["room"]["endsAt"] for message in anna.told] == ["2026-11-22T09:25:00Z"]
    anna.hears()
    lise.say(protocol.End())
    assert (anna.hears(), anna.code, lise.code) == ([("closed", "ended")], protocol.CLOSED, protocol.CLOSED)


def test_the_newest_connection_has_the_seat(world: World, lise: Page, anna: Page) -> None:
    other = world.page("anna")
    other.hello("Anna")
    assert (anna.errors, anna.code, other.code) == ([("superseded", True)], protocol.FATAL, None)
    lise.hears()
    anna.breaks()
    assert lise.hears() == []
    assert [visit.open for visit in world.visits if visit.seat == "anna"] == [False, True]


def test_too_much_talk_ends_the_connection(world: World, anna: Page) -> None:
    for _ in range(3):
        for _ in range(101):
            anna.say(protocol.Heartbeat())
        world.now += timedelta(seconds=1)
    assert (anna.errors, anna.code) == ([("too_fast", True)], protocol.FATAL)
    assert anna.live.receive(protocol.Heartbeat(), world.now) == []


# --- Time ---


def test_the_heartbeat_is_answered_and_every_five_seconds_written(world: World, anna: Page) -> None:
    anna.say(protocol.Heartbeat())
    assert anna.hears() == [("heartbeat",)]
    visit = next(visit for visit in world.visits if visit.seat == "anna")
    world.passes(20)
    assert visit.seen == 4


def test_a_page_in_the_background_may_be_silent_for_a_minute(world: World, lise: Page, anna: Page) -> None:
    anna.silent = True
    world.passes(74)
    assert (anna.code, lise.hears()) == (None, [])
    world.passes(1)
    assert (anna.code, lise.hears()) == (protocol.SILENT, [("gone", "anna", "lost")])


@pytest.mark.parametrize(("abnormal", "silent", "back"), [(True, 3, 3), (True, 40, 15), (False, 3, 0)])
def test_a_visit_ends_when_the_browser_was_last_heard(
    world: World, anna: Page, abnormal: bool, silent: int, back: int
) -> None:
    anna.silent = True
    world.passes(silent)
    anna.breaks(abnormal=abnormal)
    ended = next(visit.ended_at for visit in world.visits if visit.seat == "anna")
    said_last = world.now - timedelta(seconds=back)
    assert ended == said_last


def test_who_has_gone_without_a_word_is_lost_after_fifteen_seconds(world: World, lise: Page, anna: Page) -> None:
    anna.dies()
    world.passes(14)
    assert lise.hears() == []
    world.passes(6)
    assert lise.hears() == [("gone", "anna", "lost")]


# --- Lost messages heal within a beat ---


def _admit(world: World, page: Page) -> None:
    world.seats["anna"].state = SeatState.ADMITTED


def _refuse(world: World, page: Page) -> None:
    world.seats["anna"].state = SeatState.REFUSED


def _leave(world: World, page: Page) -> None:
    world.seats["anna"].state = SeatState.LEFT


def _close(world: World, page: Page) -> None:
    world.facts = replace(world.facts, state=RoomState.CLOSED, close_reason="admin")


def _extend(world: World, page: Page) -> None:
    world.facts = replace(world.facts, ends_at=NINE + timedelta(hours=1))


def _supersede(world: World, page: Page) -> None:
    world.page("anna").hello("Anna")


@pytest.mark.parametrize(
    ("happens", "code", "kind"),
    [
        (_admit, None, "admitted"),
        (_refuse, protocol.REFUSED, "refused"),
        (_leave, protocol.LEFT, None),
        (_close, protocol.CLOSED, "closed"),
        (_extend, None, "room"),
        (_supersede, protocol.FATAL, None),
    ],
)
def test_a_lost_push_heals_within_five_seconds(
    world: World, happens: Callable[[World, Page], None], code: int | None, kind: str | None
) -> None:
    anna = waiting(world)
    anna.hears()
    world.deaf = True
    happens(world, anna)
    assert (anna.code, anna.hears()) == (None, [])
    world.passes(5)
    assert anna.code == code
    heard = [short[0] for short in anna.hears()]
    assert heard[:1] == ([kind] if kind else [])


def test_lost_announcements_heal_within_five_seconds(world: World, lise: Page) -> None:
    world.deaf = True
    waiting(world)
    assert lise.hears() == []
    world.deaf = False
    world.passes(5)
    assert lise.hears() == [("participant", "anna", "waiting", "Anna"), ("room", "open", True, 1)]


def test_a_visit_that_the_sweep_ended_by_mistake_begins_anew_and_resumes(world: World, lise: Page, anna: Page) -> None:
    visit = next(visit for visit in world.visits if visit.seat == "anna")
    visit.open = False
    world.passes(5)
    newest = world.visits[-1]
    assert (newest.seat, newest.open, newest.resumed, newest.instance) == ("anna", True, True, anna.instance)
    assert (anna.code, anna.errors) == (None, [])
    assert lise.hears() == []
    world.passes(30)
    assert world.visits[-1] is newest


def test_who_is_let_in_while_the_visit_had_been_ended_is_told_so(world: World, lise: Page) -> None:
    anna = waiting(world)
    anna.hears()
    world.deaf = True
    world.visits[-1].open = False
    _admit(world, anna)
    world.passes(5)
    assert [short[0] for short in anna.hears()][:2] == ["admitted", "participant"]


# --- Two processes, one killed ---


def test_the_room_goes_on_when_one_web_process_is_killed(world: World, lise: Page, anna: Page) -> None:
    anna.dies()
    world.passes(2)
    again = world.page("anna", NameBook(), instance=anna.instance)
    again.hello("Anna", resumed=True)
    assert again.told[0]["you"]["state"] == "admitted"
    assert [one["seat"] for one in again.told[0]["participants"]] == ["lise"]
    # The doctor's page keeps what it has: the same instance, and nobody was ever gone.
    assert lise.hears() == []
    world.passes(60)
    assert (lise.hears(), again.code) == ([], None)


def test_when_all_are_killed_whoever_is_back_first_sees_the_other_as_away(world: World, lise: Page, anna: Page) -> None:
    for page in (lise, anna):
        page.breaks(abnormal=False)
    first = world.page("lise", NameBook(), instance=lise.instance)
    first.hello(resumed=True)
    assert [(one["seat"], one["connected"]) for one in first.told[0]["participants"]] == [("anna", False)]
    first.hears()
    second = world.page("anna", NameBook(), instance=anna.instance)
    second.hello("Anna", resumed=True)
    assert first.hears() == [("participant", "anna", "admitted", "Anna")]


def test_whoever_does_not_come_back_is_gone_in_the_end(world: World, lise: Page, anna: Page) -> None:
    for page in (lise, anna):
        page.breaks(abnormal=False)
    first = world.page("lise", NameBook())
    first.hello()
    first.hears()
    world.passes(15)
    assert first.hears() == [("gone", "anna", "lost")]


def test_events_of_a_newer_hub_are_passed_over(world: World, anna: Page) -> None:
    assert anna.live.hear({"kind": "hologram"}, world.now) == []
