"""Reading what people hand to each other: docs/protocol.md, "piece"."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rooms import protocol
from rooms.live import exchange
from rooms.protocol import Got, Piece, ProtocolError, parse, pieces

ID = "0123456789abcdef"
DOCUMENT = (Path(__file__).parents[2] / "docs/protocol.md").read_text(encoding="utf-8")
TEXT = {"type": "piece", "to": None, "id": ID, "kind": "text", "part": 3, "parts": 1}
PICTURE = {"type": "piece", "to": "anna", "id": ID, "kind": "picture", "part": 1, "parts": 2}
LINK = {"type": "piece", "to": "anna", "id": ID, "kind": "link", "part": 0, "parts": 1}


def link(url: Any) -> dict[str, Any]:
    return LINK | {"data": {"url": url}}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            TEXT | {"data": {"text": "Hej 👋", "sent": False, "more": 1}},
            Piece("", ID, "text", 3, 1, {"text": "Hej 👋", "sent": False}),
        ),
        (
            TEXT | {"part": 5000, "data": {"text": "", "sent": True}},
            Piece("", ID, "text", 5000, 1, {"text": "", "sent": True}),
        ),
        (PICTURE | {"data": {"bytes": "AAAA+/=="}}, Piece("anna", ID, "picture", 1, 2, {"bytes": "AAAA+/=="})),
        (PICTURE | {"data": {"cancelled": True}}, Piece("anna", ID, "picture", 1, 2, {"cancelled": True})),
        (
            link("https://borger.dk/a?b=1#c"),
            Piece("anna", ID, "link", 0, 1, {"url": "https://borger.dk/a?b=1#c"}),
        ),
        (
            link("https://xn--sb-lka.dk:8443/"),
            Piece("anna", ID, "link", 0, 1, {"url": "https://xn--sb-lka.dk:8443/"}),
        ),
        ({"type": "got", "to": "anna", "id": ID, "part": 1}, Got("anna", ID, 1)),
    ],
)
def test_every_kind_of_piece(message: Any, expected: Any) -> None:
    assert parse(json.dumps(message)) == expected


@pytest.mark.parametrize(
    "message",
    [
        TEXT,
        TEXT | {"data": "Hej"},
        TEXT | {"data": {"text": "Hej"}},
        TEXT | {"data": {"text": 1, "sent": True}},
        TEXT | {"data": {"text": "x" * 1001, "sent": True}},
        TEXT | {"data": {"text": "👋" * 501, "sent": True}},
        TEXT | {"data": {"text": "", "sent": True}, "parts": 2},
        TEXT | {"data": {"text": "", "sent": True}, "part": -1},
        TEXT | {"data": {"text": "", "sent": True}, "part": True},
        TEXT | {"data": {"text": "", "sent": True}, "part": 100_001},
        TEXT | {"data": {"text": "", "sent": True}, "id": "short"},
        TEXT | {"data": {"text": "", "sent": True}, "id": ID.upper()},
        TEXT | {"data": {"text": "", "sent": True}, "to": 7},
        TEXT | {"data": {"text": "", "sent": True}, "to": "x" * 13},
        TEXT | {"data": {"text": "", "sent": True}, "kind": "film"},
        TEXT | {"data": {"text": "", "sent": True}, "kind": ["text"]},
        PICTURE | {"data": {"bytes": ""}},
        PICTURE | {"data": {"bytes": "AA*A"}},
        PICTURE | {"data": {"bytes": "A" * 45_001}},
        PICTURE | {"data": {"bytes": "AAAA"}, "part": 2},
        PICTURE | {"data": {"bytes": "AAAA"}, "part": 0, "parts": 65},
        PICTURE | {"data": {"cancelled": "yes"}},
        link("http://borger.dk/"),
        link("javascript:alert(1)"),
        link("data:text/html,x"),
        link("https://borger.dk@evil.example/"),
        link("https://:x@evil.example/"),
        link("https://"),
        link("https:///x"),
        link("https://[x/"),
        link("https://borger.dk/ x"),
        link("https://borger.dk/\u202e"),
        link("https://borger.dk/" + "x" * 2000),
        link(None),
        {"type": "got", "to": None, "id": ID, "part": 1},
        {"type": "got", "to": "anna", "id": ID},
        {"type": "got", "to": "anna", "part": 1},
    ],
)
def test_what_cannot_be_handed_on(message: Any) -> None:
    with pytest.raises(ProtocolError, match="invalid"):
        parse(json.dumps(message))


def test_the_document_names_the_members_and_the_limits() -> None:
    said = [
        protocol.piece(sender="a", id=ID, kind="text", part=0, parts=1, data={}),
        protocol.got(sender="a", id=ID, part=0),
    ]
    for message in said:
        assert f"| `{message['type']}` |" in DOCUMENT
        for member in message:
            assert f"`{member}`" in DOCUMENT
    for limit in (
        f"{pieces.LINE_LENGTH} characters",
        f"{pieces.PART_LENGTH:,} characters",
        f"{pieces.LINK_LENGTH} characters",
        f"at most {pieces.PARTS} parts",
        f"at most {exchange.WINDOW} pieces",
        f"for {exchange.LOST_AFTER.seconds} seconds each",
        f"{exchange.A_SECOND // 1024} kB a second",
        f"{exchange.SAVED // 1024**2} MB saved up",
        f"{exchange.PICTURES} pictures a minute",
    ):
        assert limit in DOCUMENT, limit
