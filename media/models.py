"""What the web processes must agree on about media."""

from __future__ import annotations

from django.db import models


class RelayRoom(models.Model):
    """Which relay worker has a room. One row a room, so that two web processes cannot choose two workers.

    ``used_at`` is moved whenever a device comes; a row that nobody has used for a day is swept away.
    """

    room = models.UUIDField(primary_key=True)
    worker = models.CharField(max_length=300)
    # The sweep looks for old ones.
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.worker
