"""A relay worker on a poor network, for tests: ``python -m tests.support.poor_worker --number 0``.

It is the real worker with the real one's arguments and settings; only its sockets lose and delay datagrams, the
incoming ones before they are opened. The environment says how, and so does a file that may be changed at any time:

``POOR_LOSS``  the share of datagrams that is lost on every way, each way for itself: ``0.05``
``POOR_KBPS``  what every browser's way down carries, in kbit/s, with 0.3 seconds of buffer before it; 0: everything
``POOR_FILE``  a file with a JSON object, ``{"loss": 0.05, "kbps": 80}``, looked at ten times a second; what it names
               counts from then on
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import types
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from media.engines.relay import sockets, worker

#: Seconds of datagrams that wait before the narrow way; what comes then is lost.
BUFFER_SECONDS = 0.3
LOOK_SECONDS = 0.1


class Network:
    """How bad it is now."""

    def __init__(self) -> None:
        self._loss = float(os.environ.get("POOR_LOSS", "0"))
        self._kbps = float(os.environ.get("POOR_KBPS", "0"))
        self._file = Path(os.environ["POOR_FILE"]) if "POOR_FILE" in os.environ else None
        self._read = ""
        self._look_at = 0.0

    def loses(self) -> bool:
        self._look()
        return random.random() < self._loss

    @property
    def kbps(self) -> float:
        return self._kbps

    def _look(self) -> None:
        now = monotonic()
        if self._file is None or now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        text = self._file.read_text() if self._file.exists() else ""
        if text == self._read:
            return
        # A file that is being written is read again at the next look.
        with suppress(ValueError):
            told = json.loads(text)
            self._read = text
            self._loss = float(told.get("loss", self._loss))
            self._kbps = float(told.get("kbps", self._kbps))


class PoorSocket(socket.socket):
    """A UDP socket on that network."""

    network: ClassVar[Network]
    #: When the narrow way has carried all that waits before it.
    free_at = 0.0

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        octets = super().recv_into(*arguments, **named)
        if self.network.loses():
            raise BlockingIOError
        return octets

    def recvfrom(self, *arguments: Any, **named: Any) -> tuple[bytes, Any]:
        found = super().recvfrom(*arguments, **named)
        if self.network.loses():
            raise BlockingIOError
        return found

    def send(self, data: Any, *arguments: Any) -> int:
        return self._carry(bytes(data), super().send, *arguments)

    def sendto(self, data: Any, *arguments: Any) -> int:
        return self._carry(bytes(data), super().sendto, *arguments)

    def _carry(self, data: bytes, send: Any, *arguments: Any) -> int:
        if self.network.loses():
            return len(data)
        if not self.network.kbps:
            return int(send(data, *arguments))
        now = monotonic()
        begins = max(now, self.free_at)
        if begins - now <= BUFFER_SECONDS:
            self.free_at = begins + len(data) * 8 / (self.network.kbps * 1000)
            asyncio.get_running_loop().call_later(self.free_at - now, self._late, send, data, *arguments)
        return len(data)

    def _late(self, send: Any, *arguments: Any) -> None:
        # Nobody listens any more, or the leg is closed by now.
        with suppress(OSError):
            send(*arguments)


def main() -> None:
    """Put the network under the worker, and work."""
    PoorSocket.network = Network()
    poor = types.SimpleNamespace(**{**vars(socket), "socket": PoorSocket})
    sockets.socket = poor  # type: ignore[attr-defined, assignment]
    worker.main()


if __name__ == "__main__":
    main()
