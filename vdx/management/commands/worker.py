"""``manage.py worker``: carry out background work until SIGTERM."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from vdx.embedded.background import Worker
from vdx.embedded.process import stop_on_signals


class Command(BaseCommand):
    """A worker process."""

    help = "Carry out background work until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work; the exit code tells whether the end was asked for."""
        worker = Worker()
        stop_on_signals(worker.stop)
        sys.exit(worker.run())
