"""``manage.py demo``: demo organisations, people and meetings, in the embedded database alone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from vdx import demo
from vdx.lib import clock


class Command(BaseCommand):
    """Makes what is missing and changes nothing that is there."""

    help = "Make demo organisations, people and meetings where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them."""
        try:
            made = demo.make(now=clock.now())
        except ImproperlyConfigured as refused:
            raise CommandError(str(refused)) from None
        if options["verbosity"]:
            self.stdout.write("Demodata er lavet." if made else "Demodata er der allerede.")
