"""What one socket's room looks like, and what is to be done about it.

:class:`LiveRoom` is the thinking half of a connection: it is told what the browser said, what others announced, what
the database answered and what time it is, and it answers with *effects*. It touches nothing itself: no socket, no
database, no channel layer, no Django. ``consumers.py`` carries the effects out and tells it what came of them.

Who is there is known from announcements (``here``), which every connection makes to the room's group when it comes,
when it changes, when a newcomer asks, and every five seconds; what was not heard of for fifteen is gone. What was
decided (let in, refused, closed) comes as a push when it was committed, and is looked up again at every beat, so that
a lost push heals within five seconds. Nothing here is needed by another process but what it announces.
"""

from __future__ import annotations

from rooms.live import events
from rooms.live.facts import Called, Companion, Identity, RoomFacts, Standing
from rooms.live.phase import Phase
from rooms.live.room import LiveRoom

__all__ = ["Called", "Companion", "Identity", "LiveRoom", "Phase", "RoomFacts", "Standing", "events"]
