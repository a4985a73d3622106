"""``manage.py prepare_probe``: the probe's organisation and API client. The run commands do it at their start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from monitoring import services
from vdx.lib import clock


class Command(BaseCommand):
    """Safe to run again."""

    help = "Make the probe's own organisation, API client, template and webhook where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them."""
        changed = services.prepare_probe(now=clock.now())
        if int(options["verbosity"]):
            self.stdout.write("Proben er klar." if changed else "Proben var klar.")
