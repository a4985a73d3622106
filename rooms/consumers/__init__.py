"""The websockets of rooms."""

from rooms.consumers.room import RoomConsumer
from rooms.consumers.trial import TrialConsumer

__all__ = ["RoomConsumer", "TrialConsumer"]
