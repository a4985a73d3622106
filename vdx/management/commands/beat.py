"""``manage.py beat``: send periodic tasks until SIGTERM. One such process is enough; two do no harm."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from vdx.embedded.background import Beat
from vdx.embedded.process import stop_on_signals


class Command(BaseCommand):
    """A beat process."""

    help = "Send periodic tasks until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send."""
        beat = Beat()
        stop_on_signals(beat.stop)
        beat.run()
