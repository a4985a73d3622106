"""What must be right before the hub serves people."""

from __future__ import annotations

from django.core.checks import run_checks
from django.core.management.base import CommandError


def refuse_unsafe(*, databases: list[str]) -> None:
    """Raise ``CommandError`` with what ``check --deploy`` finds to be wrong; warnings are for that command alone."""
    found = run_checks(include_deployment_checks=True, databases=databases)
    serious = [message for message in found if message.is_serious() and not message.is_silenced()]
    if serious:
        raise CommandError("VDX starter ikke:\n" + "\n".join(str(message) for message in serious))
