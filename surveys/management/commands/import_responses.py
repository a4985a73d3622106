"""Takes in responses of an earlier survey."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from surveys.management.importing import ImportCommand
from surveys.queries import definition_of, published_version
from surveys.services.importing import Outcome, import_responses
from vdx.lib import clock


class Command(ImportCommand):
    """``manage.py import_responses patients FILE.csv [--skip-bad]``."""

    help = "Take in coded answers of an earlier survey, one row a respondent (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The questionnaire before the file."""
        parser.add_argument("questionnaire")
        super().add_arguments(parser)

    def take(self, path: Path, *, skip_bad: bool, told: Callable[[int], None], **options: Any) -> Outcome:
        """By the questionnaire's published version."""
        version = published_version(options["questionnaire"])
        if version is None:
            raise CommandError(_("Der er ikke udgivet noget spørgeskema med det navn."))
        return import_responses(
            version=version,
            definition=definition_of(version.pk),
            path=path,
            skip_bad=skip_bad,
            today=clock.local_date(clock.now()),
            told=told,
            survey=options["survey"],
        )
