"""The last line of defence: what is shaped like personal data or a secret is masked in every line of the log."""

from __future__ import annotations

import logging

import pytest

from vdx.lib import ids
from vdx.logs import MASK, SafeFormatter, mask


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("GET /m/7k3m9p2qx4rt/ws failed", "GET /m/[…]/ws failed"),
        ("room 7k3m9p2qx4rt is gone", "room […] is gone"),
        ("room 7k3m-9p2q-x4rt is gone", "room […] is gone"),
        ("mail to bodil.hansen@example.dk failed", "mail to […] failed"),
        ("peer 203.0.113.5:50000 left", "peer […]:50000 left"),
        ("peer 2001:db8::5 left", "peer […] left"),
        ("peer [2001:db8:0:0:0:0:0:5]:443 left", "peer [[…]]:443 left"),
        ("cpr 010190-1234 in text", "cpr […] in text"),
        ("call +45 12 34 56 78 now", "call […] now"),
        ("call 12 34 56 78 now", "call […] now"),
        ("call 12345678 now", "call […] now"),
        ("password=hunter2&x=1", "password=[…]&x=1"),
        ("{'guest_pin': '1234', 'x': 1}", "{'guest_pin': […]', 'x': 1}"),
        ("Authorization: Bearer abcdefghijk", "Authorization: […]"),
        ("redis://:secret@10.0.0.1:6379/0", "redis://[…]@[…]:6379/0"),
        ("User-Agent: Mozilla/5.0 (iPhone) Safari", "User-Agent: […]"),
        ("candidate:1 1 UDP 2122 192.0.2.1 5000 typ host", MASK),
        ("DETAIL:  Key (name)=(Bodil Hansen) exists.", "DETAIL:  […]"),
        ("sha 0123456789abcdef0123456789abcdef", "sha […]"),
    ],
)
def test_what_must_not_be_there_is_masked(text: str, safe: str) -> None:
    assert mask(text) == safe


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 20:38:04.123Z INFO vdx.access GET rooms:room 200 12 ms",
        "meeting 1f0e8a52-3c5b-4d8e-9f6a-0b1c2d3e4f5a was booked",
        'File "/srv/vdx/rooms/services/knock.py", line 12, in take_the_seat_of_somebody_who_has_left_the_room',
        "could not connect to 127.0.0.1:6379",
        "task rooms.sweep took 0.31 s",
        "KeyError: 'starts_at'",
        "migrating 0001_initial",
        "listening on 0.0.0.0 and ::1",
    ],
)
def test_what_helps_to_find_a_fault_stays(text: str) -> None:
    assert mask(text) == text


def test_every_token_that_the_hub_draws_is_masked() -> None:
    for _ in range(200):
        secret = ids.token()
        assert mask(f"seat {secret}.") == f"seat {MASK}."


def test_every_code_that_the_hub_draws_is_masked() -> None:
    for _ in range(200):
        code = ids.short_id()
        assert mask(f"room {code}, room {ids.spoken_short_id(code)}") == f"room {MASK}, room {MASK}"


@pytest.mark.parametrize("code", ["5fgp23456789", "234567892345", "2222ab333344", "23456789fgpq"])
def test_a_code_with_a_telephone_number_in_it_is_masked_whole(code: str) -> None:
    assert mask(f"room {code}.") == f"room {MASK}."


def test_tracebacks_are_masked_too() -> None:
    logger, lines = logging.getLogger("tests.logs"), []
    handler = logging.Handler()
    handler.setFormatter(SafeFormatter("{asctime} {levelname} {name} {message}", style="{"))
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    logger.addHandler(handler)
    try:
        raise ValueError("no user bodil@example.dk")
    except ValueError:
        logger.exception("lookup of %s failed", "7k3m9p2qx4rt")
    finally:
        logger.removeHandler(handler)
    [line] = lines
    assert line.split(" ", 2)[2].startswith("ERROR tests.logs lookup of […] failed\nTraceback")
    assert line.endswith("ValueError: no user […]")
    assert line.split(" ")[1].endswith("Z")


def test_the_hubs_own_console_is_masked(settings) -> None:
    handlers = settings.LOGGING["handlers"].values()
    assert {handler["formatter"] for handler in handlers} == {"line"}
    assert settings.LOGGING["formatters"]["line"]["()"] == "vdx.logs.SafeFormatter"
