"""What all sockets of the rooms have in common."""

from __future__ import annotations

from typing import Any

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer


class Socket(AsyncWebsocketConsumer):
    """A websocket that uses the database in threads of its own alone (:mod:`rooms.consumers.threads`)."""

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Hand a message to its handler, without the way to a thread and back that Channels makes before each.

        It gives the event loop's own database connections back there, of which there are none, and waits for every
        other socket of the process to have done the same.
        """
        await getattr(self, get_handler_name(message))(message)
