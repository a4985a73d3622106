"""What a desk knows of the rooms that it may listen to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from rooms import protocol
from rooms.enums import DeviceKind, SeatRole, SeatState
from rooms.live import desk as do
from rooms.live import events
from rooms.live.desk import LiveDesk
from rooms.live.effects import Close, Fail, Send
from rooms.live.facts import Companion
from rooms.names import NameBook

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ONE, TWO = "1" * 32, "2" * 32


def here(seat="guest", *, visit=1, role="guest", state="waiting", name="Grethe", rings=False):
    return events.here(
        seat=seat,
        visit=visit,
        instance="i" * 32,
        role=role,
        state=state,
        device="browser",
        name=name,
        since=NINE,
        media=protocol.NO_MEDIA,
        asks=False,
        wants_name=False,
        rings=rings,
    )


def watching(*rooms):
    desk = LiveDesk(NameBook(), NINE)
    desk.watches(rooms, NINE)
    return desk


def said(effects):
    return [effect.message for effect in effects if isinstance(effect, Send)]


def test_the_ticket_opens_its_rooms_and_asks_who_is_there():
    desk = LiveDesk(NameBook(), NINE)
    assert desk.receive(json.dumps({"type": "watch", "ticket": "abc"}), NINE) == [do.Read("abc")]
    asked = {"kind": "asked"}
    assert desk.watches([TWO, ONE], NINE) == [
        Send({"type": "watching", "rooms": [ONE, TWO]}),
        do.Follow(TWO, asked),
        do.Follow(ONE, asked),
    ]


def test_a_fresh_ticket_takes_new_rooms_in_and_leaves_old_ones():
    desk = watching(ONE)
    assert desk.watches([TWO], NINE) == [
        Send({"type": "watching", "rooms": [TWO]}),
        do.Unfollow(ONE),
        do.Follow(TWO, {"kind": "asked"}),
    ]
    assert desk.hear(ONE, here(), NINE) == []


def test_who_comes_changes_and_goes():
    desk = watching(ONE)
    (came,) = said(desk.hear(ONE, here(), NINE))
    assert (came["type"], came["room"], came["participant"]["name"]) == ("participant", ONE, "Grethe")
    assert desk.hear(ONE, here(), NINE + SECOND) == []
    (inside,) = said(desk.hear(ONE, here(state="admitted"), NINE + SECOND))
    assert inside["participant"]["state"] == "admitted"
    gone = said(desk.hear(ONE, events.gone(seat="guest", visit=1, reason="left"), NINE + SECOND))
    assert [(one["type"], one["seat"], one["reason"], one["room"]) for one in gone] == [("gone", "guest", "left", ONE)]


def test_a_killed_process_takes_its_people_along_after_fifteen_seconds():
    desk = watching(ONE)
    desk.hear(ONE, here(), NINE)
    assert desk.tick(NINE + 14 * SECOND) == []
    assert [one["type"] for one in said(desk.tick(NINE + 15 * SECOND))] == ["gone"]


def test_who_asked_to_be_rung_stays_on_the_list_while_the_page_sleeps():
    lost = events.gone(seat="guest", visit=1, reason="lost")
    for asks, sleeps in (
        # Said just before the page went, and known for long; with a word from the socket, and without one.
        ([events.ring_asked("guest", rings=True)], lambda desk: desk.hear(ONE, lost, NINE)),
        ([here(rings=True)], lambda desk: desk.tick(NINE + 15 * SECOND)),
    ):
        desk = watching(ONE)
        for event in (here(), *asks):
            desk.hear(ONE, event, NINE)
        (asleep,) = said(sleeps(desk))
        assert asleep["type"] == "participant"
        assert (asleep["participant"]["connected"], asleep["participant"]["name"]) == (False, "Grethe")
        assert said(desk.tick(NINE + 140 * SECOND)) == []
        # Back at the bell's sound.
        (back,) = said(desk.hear(ONE, here(visit=2, rings=True), NINE + 141 * SECOND))
        assert back["participant"]["connected"] is True


def test_who_is_not_to_be_rung_any_more_goes_with_the_page():
    for ends in (
        [events.ring_asked("guest", rings=False)],
        [events.refused("guest"), events.gone(seat="guest", visit=1, reason="refused")],
        [events.gone(seat="guest", visit=1, reason="left")],
    ):
        desk = watching(ONE)
        desk.hear(ONE, here(rings=True), NINE)
        desk.hear(ONE, events.gone(seat="guest", visit=1, reason="lost"), NINE)
        told = [one for event in ends for one in said(desk.hear(ONE, event, NINE))]
        assert [one["type"] for one in told] == ["gone"], ends


def test_a_desk_opened_later_learns_of_pages_that_sleep():
    desk = watching(ONE)
    asleep = Companion(
        seat="guest",
        visit=4,
        instance="i" * 32,
        role=SeatRole.GUEST,
        state=SeatState.WAITING,
        kind=DeviceKind.BROWSER,
        name="",
        since=NINE,
        connected=False,
        rings=True,
    )
    (told,) = said(desk.meet({ONE: [asleep], TWO: [asleep]}, NINE))
    assert (told["room"], told["participant"]["connected"]) == (ONE, False)
    assert desk.meet({ONE: [asleep]}, NINE + 60 * SECOND) == []


def test_a_closed_room_is_empty():
    desk = watching(ONE)
    desk.hear(ONE, here(), NINE)
    assert [one["seat"] for one in said(desk.hear(ONE, events.closed("ended"), NINE))] == ["guest"]


def test_a_room_that_is_not_on_the_ticket_is_not_heard():
    assert watching(ONE).hear(TWO, here(), NINE) == []


def test_no_ticket_in_ten_seconds_ends_it():
    assert LiveDesk(NameBook(), NINE).tick(NINE + 10 * SECOND) == [Close(protocol.NO_HELLO)]


def test_the_login_is_looked_at_again_every_minute():
    desk = watching(ONE)
    desk.receive('{"type": "heartbeat"}', NINE + 59 * SECOND)
    assert desk.tick(NINE + 59 * SECOND) == []
    assert desk.tick(NINE + 60 * SECOND) == [do.Check()]
    assert desk.tick(NINE + 61 * SECOND) == []
    assert desk.refused() == [Fail("no_login", fatal=True)]
    assert desk.hear(ONE, here(), NINE + 62 * SECOND) == []


def test_a_silent_page_is_let_go():
    desk = watching(ONE)
    effects = desk.tick(NINE + 150 * SECOND)
    assert effects == [Close(protocol.SILENT)]


def test_nonsense_is_refused_and_harms_nobody():
    desk = watching(ONE)
    for text in ("", "[]", '{"type": "watch"}', '{"type": "watch", "ticket": 3}', "{"):
        assert desk.receive(text, NINE) == [Fail("invalid")]
    assert desk.receive('{"type": "admit", "seat": "x"}', NINE) == [Fail("unknown_message")]
