"""Reading and writing the messages of docs/protocol.md."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms import protocol
from rooms.protocol import ProtocolError, clean_name, parse
from rooms.rules import flood

INSTANCE = "0123456789abcdef" * 2
HELLO = {"type": "hello", "version": 1, "instance": INSTANCE, "name": "Anna", "resumed": True}
DOCUMENT = (Path(__file__).parents[2] / "docs/protocol.md").read_text(encoding="utf-8")


def read(message: Any) -> protocol.ClientMessage:
    return parse(json.dumps(message))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (HELLO, protocol.Hello(INSTANCE, "Anna", True)),
        (HELLO | {"name": None, "resumed": False, "more": 1}, protocol.Hello(INSTANCE, "", False)),
        (HELLO | {"epoch": 2**53 - 1}, protocol.Hello(INSTANCE, "Anna", True, 2**53 - 1)),
        (HELLO | {"epoch": None}, protocol.Hello(INSTANCE, "Anna", True)),
        ({"type": "heartbeat"}, protocol.Heartbeat()),
        ({"type": "name", "name": " Anna  B "}, protocol.Name("Anna B")),
        ({"type": "admit", "seat": "abc"}, protocol.Admit("abc")),
        ({"type": "refuse", "seat": "abc"}, protocol.Refuse("abc")),
        (
            {"type": "signal", "to": "abc", "instance": INSTANCE, "data": {"candidate": None}},
            protocol.Signal("abc", INSTANCE, {"candidate": None}),
        ),
        (
            {"type": "media", "microphone": True, "camera": False, "screen": True},
            protocol.MediaState({"microphone": True, "camera": False, "screen": True, "paused": False}),
        ),
        (
            {"type": "media", "microphone": True, "camera": True, "screen": False, "paused": True},
            protocol.MediaState({"microphone": True, "camera": True, "screen": False, "paused": True}),
        ),
        ({"type": "engine"}, protocol.AskEngine(failed=False)),
        ({"type": "engine", "failed": True}, protocol.AskEngine(failed=True)),
        # The media server has no instance.
        (
            {"type": "signal", "to": "media", "data": {"again": True}},
            protocol.Signal(to="media", instance="", data={"again": True}),
        ),
        (
            {"type": "quality", "measures": {"peer": "abc", "rttMs": 12.5}},
            protocol.Quality({"peer": "abc", "rttMs": 12.5}),
        ),
        ({"type": "leave"}, protocol.Leave()),
        ({"type": "extend", "minutes": 10}, protocol.Extend(10)),
        ({"type": "end"}, protocol.End()),
    ],
)
def test_every_message_of_a_browser(message: Any, expected: protocol.ClientMessage) -> None:
    assert read(message) == expected


@pytest.mark.parametrize(
    ("message", "code", "fatal"),
    [
        (HELLO | {"version": 2}, "version", True),
        (HELLO | {"version": True}, "version", True),
        (HELLO | {"version": None}, "version", True),
        (HELLO | {"instance": INSTANCE.upper()}, "invalid", False),
        (HELLO | {"instance": "abc"}, "invalid", False),
        (HELLO | {"name": ""}, "invalid", False),
        (HELLO | {"name": "x" * 61}, "invalid", False),
        (HELLO | {"name": 7}, "invalid", False),
        (HELLO | {"resumed": "yes"}, "invalid", False),
        (HELLO | {"epoch": 2**53}, "invalid", False),
        (HELLO | {"epoch": -1}, "invalid", False),
        (HELLO | {"epoch": 1.0}, "invalid", False),
        (HELLO | {"epoch": True}, "invalid", False),
        (HELLO | {"epoch": "1"}, "invalid", False),
        ({"type": "dance"}, "unknown_message", False),
        ({"type": "welcome"}, "unknown_message", False),
        ({"type": 1}, "invalid", False),
        ({}, "invalid", False),
        ([], "invalid", False),
        (None, "invalid", False),
        ({"type": "admit"}, "invalid", False),
        ({"type": "admit", "seat": "x" * 13}, "invalid", False),
        ({"type": "admit", "seat": ["a"]}, "invalid", False),
        ({"type": "signal", "to": "abc", "instance": INSTANCE, "data": "sdp"}, "invalid", False),
        ({"type": "signal", "to": "abc", "data": {}}, "invalid", False),
        ({"type": "signal", "to": "media", "data": []}, "invalid", False),
        ({"type": "engine", "failed": "yes"}, "invalid", False),
        ({"type": "media", "microphone": True, "camera": True}, "invalid", False),
        ({"type": "media", "microphone": 1, "camera": 0, "screen": 0}, "invalid", False),
        ({"type": "media", "microphone": True, "camera": True, "screen": True, "paused": 1}, "invalid", False),
        ({"type": "quality", "measures": {"peer": ["a"]}}, "invalid", False),
        ({"type": "quality", "measures": {"peer": "x" * 65}}, "invalid", False),
        ({"type": "quality", "measures": {str(n): n for n in range(41)}}, "invalid", False),
        ({"type": "quality"}, "invalid", False),
        ({"type": "extend", "minutes": 4}, "invalid", False),
        ({"type": "extend", "minutes": 61}, "invalid", False),
        ({"type": "extend", "minutes": "10"}, "invalid", False),
        ({"type": "extend", "minutes": True}, "invalid", False),
        ({"type": "extend", "minutes": 10.0}, "invalid", False),
    ],
)
def test_what_cannot_be_taken(message: Any, code: str, fatal: bool) -> None:
    with pytest.raises(ProtocolError) as error:
        read(message)
    assert (error.value.code, error.value.fatal) == (code, fatal)


@pytest.mark.parametrize("value", ['"\\ud800"', "NaN", "1e999", '{"\\udfff":1}'])
def test_what_could_not_be_passed_on_to_anybody_is_not_taken(value: str) -> None:
    with pytest.raises(ProtocolError, match="invalid"):
        parse(f'{{"type":"signal","to":"abc","instance":"{INSTANCE}","data":{{"x":{value}}}}}')


@pytest.mark.parametrize("text", ["", "{", "null", "[" * 30_000, '"' + "x" * 70_000 + '"', "æ" * 40_000])
def test_what_is_no_message_at_all(text: str) -> None:
    with pytest.raises(ProtocolError):
        parse(text)


@given(st.text(max_size=200))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        parse(text)


@given(st.text(max_size=100))
def test_a_name_is_one_visible_line(text: str) -> None:
    try:
        name = clean_name(text)
    except ProtocolError:
        return
    assert name == " ".join(name.split())
    assert 1 <= len(name) <= 60
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("  Anna\tB\n", "Anna B"), ("A\u202enna", "A nna"), ("Åse Ø", "Åse Ø"), ("李", "李"), ("A\x00B", "A B")],
)
def test_names_that_would_hide_something(typed: str, shown: str) -> None:
    assert clean_name(typed) == shown


def test_a_time_on_the_wire_is_utc_in_whole_seconds() -> None:
    moment = datetime(2026, 11, 22, 11, 0, 0, 999, tzinfo=timezone(timedelta(hours=1)))
    assert protocol.time(moment) == "2026-11-22T10:00:00Z"
    assert protocol.time(None) is None


def test_every_message_is_in_the_document() -> None:
    since = datetime(2026, 11, 22, tzinfo=UTC)
    one = protocol.participant(
        seat="a", instance=None, role="host", state="admitted", name="", kind="browser", connected=True, since=since,
        media=protocol.NO_MEDIA,
    )  # fmt: skip
    room = protocol.room(
        state="open", ends_at=None, closes_at=None, host_present=True, waiting=0, locked=False, delay_minutes=None,
        doctor="here",
    )  # fmt: skip
    engine = protocol.engine(name="direct", ice_servers=[], ice_transport_policy="all", expires_at=None)
    told = [
        protocol.welcome(you=one, room=room, participants=[], engine=engine),
        protocol.participant_message(one),
        protocol.gone(seat="a", instance=None, reason="left"),
        protocol.room_message(room),
        protocol.admitted(engine, [one]),
        protocol.refused(),
        protocol.ringing(),
        protocol.told(sentence="soon", text="Jeg er der om et øjeblik."),
        protocol.watching([]),
        protocol.of_room("1" * 32, protocol.participant_message(one)),
        protocol.signal(sender="a", instance=INSTANCE, data={}),
        protocol.engine_message(engine),
        protocol.closed("ended"),
        protocol.heartbeat(since),
        protocol.error(code="full", message="", fatal=False),
    ]
    for message in told:
        for member in message:
            assert re.search(rf'`{message["type"]}`|"type":"{message["type"]}"', DOCUMENT), message["type"]
            assert re.search(rf'["`]{member}["`]', DOCUMENT), member
    for shape in (one, room, engine):
        for member in shape:
            assert f'"{member}"' in DOCUMENT, member
    assert f"more than {flood.A_SECOND} messages a second for {flood.SECONDS} seconds" in DOCUMENT
    for code in (protocol.LEFT, protocol.SILENT, protocol.FATAL, protocol.REFUSED, protocol.CLOSED, protocol.NO_HELLO):
        assert str(code) in DOCUMENT


def test_a_message_is_compact_and_keeps_its_letters() -> None:
    assert protocol.dump({"name": "Åse", "n": 1}) == '{"name":"Åse","n":1}'
