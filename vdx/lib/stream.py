"""Long files on their way to a browser: a ZIP made while it is sent, and an answer that holds a piece at a time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

# Bytes that are sent at once, and the level of compression: 1 takes a third of the time that 6 does.
PIECE = 1 << 16
LEVEL = 1


@dataclass
class ZipStream:
    """Files packed one after the other. ``sums`` holds the SHA-256 of each that is whole, ``sizes`` its bytes."""

    sums: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def pack(self, files: Iterable[tuple[str, Callable[[], Iterable[bytes]]]]) -> Iterator[bytes]:
        """The bytes of the ZIP. A file is not asked for its content before those in front of it are done."""
        out = _Out()
        with ZipFile(cast("io.BufferedWriter", out), "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name, content in files:
                digest = hashlib.sha256()
                size = 0
                # How long a file gets is not known before: room for more than 4 GB.
                with archive.open(name, "w", force_zip64=True) as entry:
                    for piece in content():
                        entry.write(piece)
                        digest.update(piece)
                        size += len(piece)
                        if out.size >= PIECE:
                            yield out.take()
                self.sums[name], self.sizes[name] = digest.hexdigest(), size
                self.done(name)
        yield out.take()

    def done(self, name: str) -> None:
        """A file has been packed; for whoever wants to watch."""


class _Out(io.RawIOBase):
    """What ZipFile writes to; nothing can be sought in it, so that it never goes back."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        """What has been written since the last time."""
        data, self.pieces, self.size = b"".join(self.pieces), [], 0
        return data


def streamed(request: HttpRequest, pieces: Iterator[bytes], *, content_type: str, name: str) -> StreamingHttpResponse:
    """An answer that is made while it is sent, as a file with this name.

    Under ASGI Django would collect a plain iterator whole before it sends the first byte. ``pieces`` is closed when the
    browser goes away.
    """
    content = _in_thread(pieces) if isinstance(request, ASGIRequest) else pieces
    return StreamingHttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


async def _in_thread(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    take = sync_to_async(lambda: next(pieces, b""))
    try:
        while piece := await take():
            yield piece
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            await sync_to_async(close)()
