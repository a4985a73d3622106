"""``manage.py load_probes``: take in what a probe has found, at once, or from another machine's folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring import services
from vdx.lib import clock


class Command(BaseCommand):
    """The hub's worker does the same by itself, for the folder ``probe`` below ``VDX_VAR_DIR``."""

    help = "Take in what a probe has found; each run once, however often it is given."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``folder``: somebody else's."""
        parser.add_argument("folder", nargs="?", type=Path, help="Folder with the probe's files. They are deleted.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take them in."""
        folder = options["folder"]
        if folder is not None and not folder.is_dir():
            raise CommandError(f"{folder} er ikke en mappe.")
        new = services.take_in_probes(now=clock.now(), folder=folder)
        self.stdout.write(f"Nye målinger: {new}.")
