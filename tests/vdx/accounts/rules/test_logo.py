"""Uploaded logos are drawn anew."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from vdx.accounts.rules import logo


def picture(kind: str, size: tuple[int, int] = (40, 20)) -> bytes:
    kept = BytesIO()
    Image.new("RGB", size, "red").save(kept, kind)
    return kept.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_png(kind: str) -> None:
    drawn = Image.open(BytesIO(logo.redrawn(picture(kind))))
    assert (drawn.format, drawn.size) == ("PNG", (40, 20))


def test_nothing_comes_along_but_the_picture() -> None:
    kept, notes = BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>hidden</script>")
    Image.new("RGB", (4, 4)).save(kept, "PNG", pnginfo=notes)
    uploaded = kept.getvalue() + b"<script>behind</script>"
    assert b"<script>" in uploaded
    assert b"<script>" not in logo.redrawn(uploaded)


def test_a_large_picture_is_made_smaller() -> None:
    assert Image.open(BytesIO(logo.redrawn(picture("PNG", (1600, 400))))).size == (800, 200)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("GIF"), picture("BMP"), picture("PDF")],
    ids=["nothing", "cut", "svg", "gif", "bmp", "pdf"],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no picture"):
        logo.redrawn(data)


def test_a_huge_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        logo.redrawn(picture("PNG", (8001, 1)))
