"""What becomes of a picture that somebody uploads as a logo."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP")
# Longest side: what is kept, and what is looked at at all.
KEPT_PIXELS = 800
MOST_PIXELS = 8000


def redrawn(data: bytes) -> bytes:
    """The picture drawn anew as a PNG, so that nothing but the picture of what was uploaded is kept and served.

    Raises ``ValueError`` for what is no PNG, JPEG or WebP, or too large.
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            if max(picture.size) > MOST_PIXELS:
                raise ValueError("the picture is too large")
            drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no picture that can be read") from error
    drawn.thumbnail((KEPT_PIXELS, KEPT_PIXELS))
    kept = BytesIO()
    Image.frombytes("RGBA", drawn.size, drawn.tobytes()).save(kept, "PNG")
    return kept.getvalue()
