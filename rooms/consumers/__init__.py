"""A room's websocket."""

from rooms.consumers.room import RoomConsumer

__all__ = ["RoomConsumer"]
