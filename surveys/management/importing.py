"""What the two commands share: the bar, the words for bad rows, and the list of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from surveys.services.importing import ChangedFile, Outcome, UnreadableFile

_REASONS = {
    "bad_date": _("ikke en dato (skriv ÅÅÅÅ-MM-DD)"),
    "bad_flag": _("kun 0 eller 1"),
    "empty": _("ingen svar"),
    "exclusive": _("svaret udelukker de andre"),
    "future_date": _("datoen ligger i fremtiden"),
    "id_too_long": _("for lang"),
    "not_a_number": _("ikke et tal"),
    "not_a_text": _("ikke en tekst"),
    "not_asked": _("reglerne spørger ikke om det efter de andre svar"),
    "too_large": _("for stort"),
    "too_long": _("for langt"),
    "too_small": _("for lille"),
    "twice": _("står der to gange"),
    "unknown_code": _("koden findes ikke"),
    "unknown_column": _("kolonnen kendes ikke"),
    "unknown_edition": _("udgaven kendes ikke"),
    "wrong_length": _("ikke så mange felter som i første linje"),
}
_WIDTH = 40


class ImportCommand(BaseCommand):
    """Reads a file of coded answers. What it takes in, says ``take``."""

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether bad rows may be left out."""
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--skip-bad",
            action="store_true",
            help="Take the good rows, and write the bad ones' list to FILE.csv.bad.csv",
        )
        parser.add_argument(
            "--survey",
            default="",
            metavar="NAME",
            help="Which survey the respondent_id is of, where several count from 1; the same name is the same survey",
        )

    def take(self, path: Path, *, skip_bad: bool, told: Callable[[int], None], **options: Any) -> Outcome:
        """Take the file in."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in, and say what came of it."""
        path: Path = options.pop("file")
        skip_bad = bool(options.pop("skip_bad"))
        try:
            outcome = self.take(path, skip_bad=skip_bad, told=self._bar(path), **options)
        except OSError as error:
            raise CommandError(_("Filen kan ikke læses: %(why)s") % {"why": error.strerror}) from None
        except UnreadableFile:
            raise CommandError(_("Filen er ikke en CSV-fil i UTF-8 med navne i første linje.")) from None
        except ChangedFile:
            raise CommandError(_("Filen blev ændret imens. Intet er indlæst.")) from None
        for line, bad in outcome.bad:
            self.stderr.write(self._said(line, bad.column, bad.code))
        if outcome.bad and outcome.taken:
            self._list(path, outcome)
        if not outcome.taken:
            raise CommandError(_("%(count)d fejl. Intet er indlæst.") % {"count": len(outcome.bad)})
        self.stdout.write(
            _("%(added)d indlæst, %(known)d fandtes i forvejen, %(bad)d rækker udeladt.")
            % {
                "added": outcome.added,
                "known": outcome.known,
                "bad": len({line for line, _bad in outcome.bad}),
            }
        )

    @staticmethod
    def _said(line: int, column: str, code: str) -> str:
        where = _("Linje %(line)d") % {"line": line}
        return f"{where}{f', {column}' if column else ''}: {_REASONS[code]}"

    def _list(self, path: Path, outcome: Outcome) -> None:
        listed = path.with_name(f"{path.name}.bad.csv")
        with listed.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("line", "column", "reason"))
            writer.writerows((line, bad.column, bad.code) for line, bad in outcome.bad)
        self.stderr.write(_("Listen over rækker, der blev udeladt: %(path)s") % {"path": listed})

    def _bar(self, path: Path) -> Callable[[int], None]:
        """A bar on a terminal, nothing in a log."""
        if not self.stderr.isatty():
            return lambda behind: None
        size = max(path.stat().st_size, 1)
        shown = -1

        def tell(behind: int) -> None:
            nonlocal shown
            part = min(100, behind * 100 // size)
            if part != shown:
                shown = part
                done = part * _WIDTH // 100
                self.stderr.write(f"\r[{'#' * done}{' ' * (_WIDTH - done)}] {part:3d} %", ending="")
                if part == 100:
                    self.stderr.write("\r", ending="")

        return tell
