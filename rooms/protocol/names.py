"""What both directions share."""

from __future__ import annotations

from typing import Any, TypedDict

VERSION = 1
SUBPROTOCOL = "vdx.1"
MESSAGE_BYTES = 64 * 1024
NAME_LENGTH = 60
# The seat key that means the media server; people's keys have twelve characters.
MEDIA = "media"

# Close codes.
LEFT = 1000
SILENT = 1001
FATAL = 4001
REFUSED = 4003
CLOSED = 4004
NO_HELLO = 4008

Wire = dict[str, Any]


class ProtocolError(Exception):
    """A message that cannot be taken; ``code`` is of the document's table."""

    def __init__(self, code: str, *, fatal: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.fatal = fatal


class Media(TypedDict):
    """What a participant has switched on; ``paused``: pictures are held back just now, because the line is weak."""

    microphone: bool
    camera: bool
    screen: bool
    paused: bool


NO_MEDIA: Media = {"microphone": False, "camera": False, "screen": False, "paused": False}
