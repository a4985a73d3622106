"""``manage.py probe``: try the service once; ``--loop``: at every interval, in a process of its own."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Gives way to a program that has neither apps nor a database (:mod:`monitoring.probe`)."""

    help = "Use the hub as a doctor and a patient do, time each leg, and write down what came of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--loop``: until SIGTERM."""
        parser.add_argument("--loop", action="store_true", help="Probe at every VDX_PROBE_SECONDS until SIGTERM.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Become that program."""
        sys.stdout.flush()
        os.chdir(settings.BASE_DIR)
        command = [sys.executable, "-m", "monitoring.probe", *(["--loop"] if options["loop"] else [])]
        os.execv(sys.executable, command)  # noqa: S606  # our own module
