"""What those who take part say, and who may say what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rooms import protocol
from rooms.enums import RoomState, SeatState
from rooms.live import effects as do
from rooms.live import events
from tests.rooms.live.world import NINE, Page, World, waiting

MEDIA: protocol.Media = {"microphone": True, "camera": True, "screen": False, "paused": False}


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
    assert anna.hears() == [("engine", "direct")]


def test_one_sample_a_peer_in_a_while(world: World, lise: Page, anna: Page) -> None:
    for _ in range(4):
        anna.say(protocol.Quality({"peer": "lise", "rttMs": 9}))
    anna.say(protocol.Quality({"peer": "nobody"}))
    anna.say(protocol.Quality({}))
    assert anna.errors == [("not_there", False)] * 2
    assert len(world.samples) == 2
    for _ in range(3):
        world.passes(5)
        anna.say(protocol.Quality({"peer": "lise", "rttMs": 9}))
    assert len(world.samples) == 5


def test_a_sample_that_waited_for_the_line_and_the_next_are_both_kept(world: World, lise: Page, anna: Page) -> None:
    for seconds in (5, 8, 2, 5):
        world.passes(seconds)
        anna.say(protocol.Quality({"peer": "lise", "withoutMediaSeconds": seconds}))
    assert len(world.samples) == 4


def test_samples_that_come_twice_as_often_as_asked_for_weigh_no_more(world: World, lise: Page, anna: Page) -> None:
    for _ in range(20):
        world.passes(2)
        anna.say(protocol.Quality({"peer": "lise", "rttMs": 9}))
    assert len(world.samples) == 11


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


def test_where_guests_may_show_nothing_a_guests_screen_is_refused_and_told_to_nobody(
    world: World, lise: Page, anna: Page
) -> None:
    world.facts = replace(world.facts, guests_can_present=False)
    world.publish(events.room(world.facts))
    world.deliver()
    lise.told.clear()
    anna.say(protocol.MediaState(MEDIA | {"screen": True}))
    assert anna.errors == [("no_presenting", False)]
    assert [message["participant"]["media"] for message in lise.told if message["type"] == "participant"] == [MEDIA]
    lise.say(protocol.MediaState(MEDIA | {"screen": True}))
    assert (lise.errors, anna.told[-1]["participant"]["media"]["screen"]) == ([], True)


def test_codes_for_another_device_are_not_drawn_without_end(world: World, lise: Page, anna: Page) -> None:
    asked = [type(effect) for _ in range(5) for effect in anna.live.receive(protocol.AskHandover(), world.now)]
    assert asked == [do.OfferHandover] * 3 + [do.Fail] * 2
    world.passes(15)
    assert anna.live.receive(protocol.AskHandover(), world.now) == [do.OfferHandover()]


def test_a_device_test_made_while_waiting_reaches_the_host(world: World, lise: Page) -> None:
    waiting(world)
    lise.hears()
    world.seats["anna"].test = "poor"
    world.passes(12)
    assert [message["participant"]["test"] for message in lise.told if message["type"] == "participant"] == ["poor"]
