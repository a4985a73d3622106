"""``manage.py evaluation_report``: the evaluation of any period, from the data, at one command."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from vdx.reports.evaluation import report_files
from vdx.reports.files import NotOurs, write_all

# A report of more than this is a slip of the keyboard.
MOST_DAYS = 366 * 20
# No hub has calls outside these years, and the sums of days and months stay within what a date can say.
YEARS = range(1900, 2200)


class Command(BaseCommand):
    """Writes every table and figure, and the text that is made of them, into a folder."""

    help = "Write the evaluation report of a period, with every number as CSV beside it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--from`` and ``--to``: Danish days, both included."""
        parser.add_argument("--from", required=True, type=_day, dest="first", metavar="YYYY-MM-DD")
        parser.add_argument("--to", required=True, type=_day, dest="last", metavar="YYYY-MM-DD")
        parser.add_argument(
            "--out",
            required=True,
            type=Path,
            metavar="DIR",
            help="Made where it is missing; an earlier report is replaced.",
        )
        parser.add_argument(
            "--lang", choices=["da", "en"], default="da", help="Of the text; the tables' files are the same."
        )
        parser.add_argument("--force", action="store_true", help="Write into DIR although it holds other files too.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write, and say where it lies."""
        first, last = options["first"], options["last"]
        if last < first:
            raise CommandError(_("Perioden slutter, før den begynder."))
        if (last - first).days > MOST_DAYS:
            raise CommandError(_("Perioden er for lang."))
        with translation.override(options["lang"]):
            files = report_files(first=first, last=last)
        folder = options["out"]
        try:
            write_all(folder, files, force=options["force"])
        except NotOurs as error:
            raise CommandError(
                _("{folder} indeholder andet end en rapport ({name}). Vælg en tom mappe, eller brug --force.").format(
                    folder=folder, name=error.name
                )
            ) from None
        except OSError as error:
            raise CommandError(
                _("Der kan ikke skrives i {folder}: {why}").format(folder=folder, why=error.strerror)
            ) from None
        self.stdout.write(_("{count} filer ligger i {folder}.").format(count=len(files), folder=folder))
        self.stdout.write(_("Læs rapporten i {page} eller {pdf}.").format(page="report.html", pdf="report.pdf"))


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date such as 2019-06-01") from None
    if found.year not in YEARS:
        raise argparse.ArgumentTypeError(f"{text} is not between {YEARS.start} and {YEARS.stop - 1}")
    return found
