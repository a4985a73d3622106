"""What the web processes must agree on about media."""

from __future__ import annotations

from django.db import models


class MediaRoom(models.Model):
    """A room whose sound and picture go by a server, and by which. One row a room, so that two web processes cannot
    choose differently; a room without a row is direct, from browser to browser.

    ``server`` is empty until a device connects there. ``used_at`` is moved whenever a device comes; a row that nobody
    has used for a day is swept away.
    """

    room = models.UUIDField(primary_key=True)
    engine = models.CharField(max_length=20)
    server = models.CharField(max_length=300, blank=True, default="")
    # The sweep looks for old ones.
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.engine} {self.server}".strip()
