"""Reading a PDF that the hub wrote: its text by page, its structure, its headings. Knows what fpdf2 writes, no more."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"BT /F(\d+) [\d.]+ Tf ET|\(((?:\\.|[^\\()])*)\) Tj|/(\w+) (?:<</MCID|BMC)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass
class Read:
    """``pages``: each page's pieces of text. ``tags``: how often each element of the structure stands there."""

    pages: list[list[str]]
    tags: dict[str, int]
    catalog: str
    info: str
    bookmarks: list[str]

    @property
    def text(self) -> str:
        """All of it, a blank between the pieces."""
        return " ".join(piece for page in self.pages for piece in page)


def read(data: bytes) -> Read:
    """What stands in the file."""
    objects = {int(number): body for number, body in _OBJECT.findall(data)}
    letters = _letters(objects)
    pages = []
    for body in objects.values():
        if re.search(rb"/Type /Page\b", body):
            content = re.search(rb"/Contents (\d+) 0 R", body)
            assert content
            pages.append(_pieces(_inflated(objects[int(content[1])]), letters))
    tags: dict[str, int] = {}
    for body in objects.values():
        if b"/Type /StructElem" in body:
            found = re.search(rb"/S /(\w+)", body)
            assert found
            tags[found[1].decode()] = tags.get(found[1].decode(), 0) + 1
    catalog = next(body for body in objects.values() if b"/Type /Catalog" in body)
    info = next(body for body in objects.values() if b"/CreationDate" in body)
    bookmarks = [
        _string(found[1])
        for body in objects.values()
        if b"/Dest" in body
        and b"/Parent" in body
        and (found := re.search(rb"/Title (\(.*?(?<!\\)\)|<[0-9a-fA-F]*>)", body, re.DOTALL))
    ]
    return Read(pages, tags, catalog.decode("latin-1"), info.decode("latin-1"), bookmarks)


def _inflated(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _letters(objects: dict[int, bytes]) -> dict[int, dict[int, str]]:
    """What each font's numbers stand for."""
    found: dict[int, dict[int, str]] = {}
    names = next(
        re.findall(rb"/F(\d+) (\d+) 0 R", body) for body in objects.values() if re.search(rb"/F1 \d+ 0 R", body)
    )
    for font, number in names:
        table = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        assert table
        lines = re.findall(rb"<([0-9A-F]+)> <([0-9A-F]+)>", _inflated(objects[int(table[1])]))
        found[int(font)] = {int(glyph, 16): bytes.fromhex(char.decode()).decode("utf-16-be") for glyph, char in lines}
    return found


def _pieces(content: bytes, letters: dict[int, dict[int, str]]) -> list[str]:
    pieces: list[str] = []
    font, marked = 1, True
    for changed, shown, tag in _SHOWN.findall(content):
        if changed:
            font = int(changed)
        elif tag:
            marked = True
        else:
            raw = _unescaped(shown)
            said = "".join(letters[font].get(int.from_bytes(raw[i : i + 2], "big"), "?") for i in range(0, len(raw), 2))
            # The lines of one element are one text.
            if marked or not pieces:
                pieces.append(said)
            else:
                pieces[-1] = f"{pieces[-1]} {said}"
            marked = False
    return pieces


def _unescaped(raw: bytes) -> bytes:
    return re.sub(rb"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), raw, flags=re.DOTALL)


def _string(raw: bytes) -> str:
    data = bytes.fromhex(raw[1:-1].decode()) if raw.startswith(b"<") else _unescaped(raw[1:-1])
    return data[2:].decode("utf-16-be") if data.startswith(b"\xfe\xff") else data.decode("latin-1")
