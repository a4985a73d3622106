"""Takes in postcards of an earlier survey."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext_lazy as _

from surveys.enums import Edition
from surveys.management.importing import ImportCommand
from surveys.queries import definition_of, published_version
from surveys.rules.questionnaire import postcard_key
from surveys.services.importing import Outcome, import_postcards
from vdx.lib import clock


class Command(ImportCommand):
    """``manage.py import_postcards FILE.csv [--skip-bad]``."""

    help = "Take in coded postcards of an earlier survey, one row a card (docs/operations.md)."

    def take(self, path: Path, *, skip_bad: bool, told: Callable[[int], None], **options: Any) -> Outcome:
        """By the questions of the national edition, which has them all."""
        version = published_version(postcard_key(Edition.NATIONAL))
        if version is None:
            raise CommandError(_("Der er ikke udgivet noget spørgeskema med det navn."))
        return import_postcards(
            definition=definition_of(version.pk),
            path=path,
            skip_bad=skip_bad,
            today=clock.local_date(clock.now()),
            told=told,
            survey=options["survey"],
        )
