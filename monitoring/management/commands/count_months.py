"""``manage.py count_months``: count all months anew from the facts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from monitoring.services import count_all
from vdx.lib import clock
from vdx.lib.errors import Conflict


class Command(BaseCommand):
    """What the month tables hold is made anew; the facts stay as they are, and pages are right meanwhile."""

    help = "Count all months anew from the calls (docs/operations.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say how many months there were."""
        try:
            months = count_all(now=clock.now())
        except Conflict:
            raise CommandError(_("Månederne tælles allerede. Prøv igen om lidt.")) from None
        self.stdout.write(_("{months} måneder er talt op på ny.").format(months=months))
