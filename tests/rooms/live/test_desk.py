"""What a desk knows of the rooms that it may listen to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from rooms import protocol
from rooms.live import desk as do
from rooms.live import events
from rooms.live.desk import LiveDesk
from rooms.live.effects import Close, Fail, Send
from rooms.names import NameBook

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ONE, TWO = "1" * 32, "2" * 32


def here(seat="guest", *, visit=1, role="guest", state="waiting", name="Grethe"):
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
