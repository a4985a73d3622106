"""``manage.py import_calls``: take in the calls of the past from three files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from monitoring.rules.history import Reason
from monitoring.services import BadRow, HistoryRefused, import_history
from vdx.lib import clock
from vdx.lib.errors import DomainError

WIDTH = 30


class Command(BaseCommand):
    """All or nothing: where a row is bad, each bad row is named and nothing is taken in."""

    help = "Import organisations, calls and devices of the past from CSV files (docs/operations.md)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Three files."""
        for name in ("organisations", "calls", "devices"):
            parser.add_argument(f"--{name}", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check, write, and say what came of it."""
        bar = _Bar(self.stderr)
        try:
            done = import_history(
                organisations=options["organisations"],
                calls=options["calls"],
                devices=options["devices"],
                now=clock.now(),
                told=bar.told,
            )
        except HistoryRefused as refused:
            bar.close()
            for row in refused.rows:
                self.stderr.write(sentence(row))
            if refused.more:
                self.stderr.write(_("… og {count} mere.").format(count=refused.more))
            raise CommandError(
                _("Intet er importeret. Ret de {count} linjer ovenfor, og prøv igen.").format(count=len(refused.rows))
            ) from None
        except OSError as error:
            bar.close()
            raise CommandError(
                _("Filen {file} kan ikke læses: {why}").format(file=error.filename, why=error.strerror)
            ) from None
        except DomainError as error:
            bar.close()
            raise CommandError(str(error.message)) from None
        bar.close()
        self.stdout.write(
            _("Importeret: {organisations} organisationer, {calls} opkald, {devices} enheder.").format(
                organisations=done.organisations, calls=done.calls, devices=done.devices
            )
        )
        if done.known:
            self.stdout.write(_("{known} opkald var her i forvejen.").format(known=done.known))


def sentence(row: BadRow) -> str:
    """File, line and reason, in words."""
    words = {
        Reason.HEADER: _("kolonnen mangler: {0}"),
        Reason.COLUMN_TWICE: _("kolonnen står der to gange: {0}"),
        Reason.LENGTH: _("rækken har {0} felter, overskriften har {1}"),
        Reason.UNREADABLE: _("linjen kan ikke læses som CSV i UTF-8"),
        Reason.EMPTY: _("{0} er tom"),
        Reason.TOO_LONG: _("{0} er for lang"),
        Reason.WORD: _("{0} kender ikke værdien »{1}«"),
        Reason.FLAG: _("{0} skal være 0 eller 1, ikke »{1}«"),
        Reason.DAY: _("{0} skal være en dato som 2019-06-01, ikke »{1}«"),
        Reason.TIME: _("{0} skal være et tidspunkt som 2019-06-01T09:00:00+02:00, ikke »{1}«"),
        Reason.OFFSET: _("{0} mangler tidszone (for eksempel +02:00): »{1}«"),
        Reason.AGE: _("{0} ligger før år 2000 eller i fremtiden: »{1}«"),
        Reason.ORDER: _("{1} ligger før {0}"),
        Reason.TWICE: _("{0} »{1}« står der i forvejen"),
        Reason.REGION: _("regionen »{0}« findes ikke"),
        Reason.ORGANISATION: _("organisationen »{0}« findes ikke"),
        Reason.CALL: _("opkaldet »{0}« findes ikke"),
        Reason.OUTSIDE: _("enheden var der slet ikke, mens opkaldet »{0}« varede"),
        Reason.DIFFERENT: _("findes i hubben med andre oplysninger {0}"),
        Reason.MANY: _("opkaldet har flere end {0} enheder"),
    }
    about = (*row.about, "", "")
    return f"{row.file}:{row.line}: {words[row.reason].format(*about).rstrip()}"


class _Bar:
    """How far it is: one line that is written over on a screen, a line a step in a log."""

    def __init__(self, out: Any) -> None:
        self.out = out
        self.screen = bool(getattr(out, "isatty", bool)())
        self.shown: tuple[str, int] = ("", -1)

    def told(self, what: str, share: float) -> None:
        """Show it where it has moved by a per cent."""
        percent = int(share * 100)
        if (what, percent) == self.shown or not (self.screen or percent == 100):
            return
        if self.screen and self.shown[0] not in {"", what}:
            self.out.write("")
        self.shown = (what, percent)
        name = _("gemmer") if what == "building" else what
        full = int(share * WIDTH)
        bar = f"[{'#' * full}{'.' * (WIDTH - full)}] {percent:3d} %  {name}"
        self.out.write(f"\r{bar}" if self.screen else bar, ending="" if self.screen else "\n")

    def close(self) -> None:
        """End the line."""
        if self.screen and self.shown[0]:
            self.out.write("")
