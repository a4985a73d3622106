"""Messages between sockets when the hub is one process: in memory, and safe to use from any thread.

Channels' own in-memory layer touches queues of another thread's event loop without waking that loop, so a
message from a worker thread may lie for seconds. Here the state is behind a lock, and the loop that waits for a
channel is woken the way asyncio asks for.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import msgpack
from channels.exceptions import ChannelFull
from channels.layers import BaseChannelLayer

log = logging.getLogger(__name__)

_SWEEP_SECONDS = 10


@dataclass
class _Inbox:
    """Messages that wait for a channel's receiver, with the time they expire, and the receivers that wait."""

    messages: deque[tuple[float, bytes]] = field(default_factory=deque)
    waiters: deque[asyncio.Future[None]] = field(default_factory=deque)


class EmbeddedChannelLayer(BaseChannelLayer):  # type: ignore[misc]
    """Channel layer for one process with several threads.

    Messages are packed as they are for Redis, so that what cannot travel in production cannot travel here.
    """

    extensions = ["groups", "flush"]

    def __init__(self, expiry: int = 60, capacity: int = 100, group_expiry: int = 86_400, **kwargs: Any) -> None:
        super().__init__(expiry=expiry, capacity=capacity, **kwargs)
        self.group_expiry = group_expiry
        self._lock = threading.Lock()
        self._inboxes: dict[str, _Inbox] = {}
        self._groups: dict[str, dict[str, float]] = {}
        self._swept = time.monotonic()

    async def new_channel(self, prefix: str = "specific.") -> str:
        """A fresh name that nobody else uses."""
        return f"{prefix}embedded!{secrets.token_hex(12)}"

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Put a message into a channel. Raises ``ChannelFull`` when its receiver has fallen too far behind."""
        self.require_valid_channel_name(channel)
        self._put(channel, msgpack.packb(message))

    async def receive(self, channel: str) -> dict[str, Any]:
        """The channel's oldest message, as soon as there is one."""
        self.require_valid_channel_name(channel)
        loop = asyncio.get_running_loop()
        while True:
            with self._lock:
                inbox = self._inboxes.setdefault(channel, _Inbox())
                self._expire(inbox)
                if inbox.messages:
                    _expires, packed = inbox.messages.popleft()
                    self._forget_if_idle(channel, inbox)
                    unpacked: dict[str, Any] = msgpack.unpackb(packed)
                    return unpacked
                waiter: asyncio.Future[None] = loop.create_future()
                inbox.waiters.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                with self._lock:
                    if waiter in inbox.waiters:
                        inbox.waiters.remove(waiter)
                    elif inbox.messages:
                        # Woken and cancelled at once: the message is for whoever waits next.
                        self._wake(inbox)
                    self._forget_if_idle(channel, inbox)
                raise

    async def flush(self) -> None:
        """Forget everything."""
        with self._lock:
            self._inboxes.clear()
            self._groups.clear()

    async def group_add(self, group: str, channel: str) -> None:
        """Let a channel hear what is sent to a group."""
        self.require_valid_group_name(group)
        self.require_valid_channel_name(channel)
        with self._lock:
            self._groups.setdefault(group, {})[channel] = time.monotonic()

    async def group_discard(self, group: str, channel: str) -> None:
        """Let a channel hear a group no longer."""
        self.require_valid_group_name(group)
        self.require_valid_channel_name(channel)
        with self._lock:
            members = self._groups.get(group, {})
            members.pop(channel, None)
            if not members:
                self._groups.pop(group, None)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Send to every channel of a group. One that is full misses the message."""
        self.require_valid_group_name(group)
        packed = msgpack.packb(message)
        with self._lock:
            self._sweep()
            members = list(self._groups.get(group, {}))
        for channel in members:
            try:
                self._put(channel, packed)
            except ChannelFull:
                log.warning("a channel was full and missed a message to its group")

    def _put(self, channel: str, packed: bytes) -> None:
        with self._lock:
            inbox = self._inboxes.setdefault(channel, _Inbox())
            self._expire(inbox)
            if len(inbox.messages) >= self.get_capacity(channel):
                raise ChannelFull(channel)
            inbox.messages.append((time.monotonic() + self.expiry, packed))
            self._wake(inbox)

    def _wake(self, inbox: _Inbox) -> None:
        while inbox.waiters:
            waiter = inbox.waiters.popleft()
            try:
                waiter.get_loop().call_soon_threadsafe(_let_go, waiter)
            except RuntimeError:
                # The loop of that receiver is closed, and so is the receiver.
                continue
            return

    def _expire(self, inbox: _Inbox) -> None:
        now = time.monotonic()
        while inbox.messages and inbox.messages[0][0] < now:
            inbox.messages.popleft()

    def _forget_if_idle(self, channel: str, inbox: _Inbox) -> None:
        if not inbox.messages and not inbox.waiters and self._inboxes.get(channel) is inbox:
            del self._inboxes[channel]

    def _sweep(self) -> None:
        """Forget, now and then, channels that nobody reads and memberships older than ``group_expiry``."""
        now = time.monotonic()
        if now - self._swept < _SWEEP_SECONDS:
            return
        self._swept = now
        for channel, inbox in list(self._inboxes.items()):
            self._expire(inbox)
            self._forget_if_idle(channel, inbox)
        for group, members in list(self._groups.items()):
            for channel, joined in list(members.items()):
                if joined < now - self.group_expiry:
                    del members[channel]
            if not members:
                del self._groups[group]


def _let_go(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
