"""Heartbeats, silence, lost messages and killed processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from rooms import protocol
from rooms.enums import RoomState, SeatState
from rooms.names import NameBook
from tests.rooms.live.world import NINE, Page, World, waiting

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


def test_a_host_who_may_not_host_any_more_is_told_so_also_when_the_push_was_lost(world: World, lise: Page) -> None:
    world.seats["lise"].state = SeatState.LEFT
    world.passes(6)
    assert (lise.errors, lise.code) == ([("no_host_entry", True)], protocol.FATAL)


def test_when_all_are_killed_whoever_is_back_first_sees_the_other_as_away(world: World, lise: Page, anna: Page) -> None:
    for page in (lise, anna):
        page.breaks(abnormal=False)
    first = world.page("lise", NameBook(), instance=lise.instance)
    first.hello(resumed=True)
    assert [(one["seat"], one["connected"]) for one in first.told[0]["participants"]] == [("anna", False)]
    first.hears()
    second = world.page("anna", NameBook(), instance=anna.instance)
    second.hello("Anna", resumed=True)
    world.passes(0.3)
    # Nobody remembers what Anna was let in by, so that in the end the browser is asked.
    assert first.hears() == [("participant", "anna", "admitted", ""), ("participant", "anna", "admitted", "Anna")]


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
