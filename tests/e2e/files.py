"""Files that a person may choose, made on the spot: photos that tell where they were taken, and what is no photo."""

from __future__ import annotations

import io
import random

from PIL import ExifTags, Image

#: What a telephone writes beside the picture: found nowhere in what travels.
PLANTED = b"PLANTED-EXIF-Grethes-telefon"
_COMMENT = b"\xff\xfe\xff\xff" + b"PLANTED-COMMENT" + bytes(65533 - 15)


def photo(width: int = 640, height: int = 480, *, turned: bool = True, noise: bool = False, size: int = 0) -> bytes:
    """A JPEG as a telephone writes it: with maker, time and place, and lying on its side where it was ``turned``.

    The left half is red, the right half blue, as the sensor saw it. ``noise``: hard to compress. ``size``: bytes that
    it is filled up to.
    """
    if noise:
        bands = [Image.effect_noise((width, height), 90) for _ in range(3)]
        image = Image.merge("RGB", bands)
    else:
        image = Image.new("RGB", (width, height), (200, 30, 30))
        image.paste((30, 30, 200), (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = PLANTED.decode()
    exif[ExifTags.Base.Orientation] = 6 if turned else 1
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (56.0, 9.0, 12.0)
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif, quality=85)
    jpeg = written.getvalue()
    comments = max(0, size - len(jpeg)) // len(_COMMENT)
    return jpeg[:2] + _COMMENT * comments + jpeg[2:]


def png() -> bytes:
    """A PNG with a transparent corner."""
    image = Image.new("RGBA", (300, 200), (20, 120, 60, 255))
    image.paste((0, 0, 0, 0), (0, 0, 100, 100))
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def webp() -> bytes:
    """A WebP."""
    written = io.BytesIO()
    Image.new("RGB", (300, 200), (20, 120, 60)).save(written, "WEBP")
    return written.getvalue()


def heic() -> bytes:
    """What begins as an iPhone's picture does, and no Chromium opens."""
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + random.Random(4).randbytes(4000)
