"""The websockets of rooms."""

from rooms.consumers.desk import DeskConsumer
from rooms.consumers.room import RoomConsumer
from rooms.consumers.trial import TrialConsumer

__all__ = ["DeskConsumer", "RoomConsumer", "TrialConsumer"]
