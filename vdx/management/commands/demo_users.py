"""``manage.py demo_users``: who the demo users are, their password, and their present code."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vdx import demo


class Command(BaseCommand):
    """A table for whoever tries the hub."""

    help = "Show the demo users' e-mail, password and present code."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--short``: without the codes, which are old in half a minute."""
        parser.add_argument("--short", action="store_true", help="Leave the codes out.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        logins = demo.logins()
        if not logins:
            raise CommandError("Der er ingen demobrugere her. `make run` laver dem.")
        write = self.stdout.write
        write(f"\nDemobrugere (adgangskode til dem alle: {logins[0].password})")
        for login in logins:
            code = (f"kode {login.code}" if login.code else "") if not options["short"] else ""
            write(f"  {login.user.email:<24}{login.user.tries:<42}{code}".rstrip())
        if options["short"]:
            write("Administratorer, MedCom og forskere skal også bruge en kode: `make demo-users` viser den.")
            write("Prøv: log ind som laege@demo.invalid, tryk Start nu, og åbn linket i et andet vindue som patient.")
