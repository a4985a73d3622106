"""Audit of who took numbers away."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from vdx.accounts import services as accounts_services

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def note_download(*, actor: User, first: date, last: date, practice_count: int) -> None:
    """Write down that somebody took the statistics of a period away as a file."""
    accounts_services.audit(
        action="statistics.downloaded",
        target_type="statistics",
        actor=actor,
        detail={"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}", "practices": practice_count},
    )


@transaction.atomic
def note_figure_download(*, actor: User, what: str, kind: str, chosen: dict[str, str]) -> None:
    """Write down that somebody took a figure of the statistics away: which, in what format, and what it is of."""
    accounts_services.audit(
        action="statistics.downloaded",
        target_type="statistics",
        actor=actor,
        detail={"figure": what, "format": kind, **chosen},
    )


@transaction.atomic
def note_readiness_download(*, actor: User, practice_count: int) -> None:
    """Write down that somebody took the list of practices, and how far each has come, away as a file."""
    accounts_services.audit(
        action="readiness.downloaded",
        target_type="readiness",
        actor=actor,
        detail={"practices": practice_count},
    )


@transaction.atomic
def note_uptime_download(*, actor: User, first: date, last: date) -> None:
    """Write down that somebody took the history of the uptime away as a file."""
    accounts_services.audit(
        action="uptime.downloaded",
        target_type="uptime",
        actor=actor,
        detail={"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"},
    )


@transaction.atomic
def note_capacity_download(*, actor: User, figure: str, kind: str) -> None:
    """Write down that somebody took a figure of the hub's capacity away as a file."""
    accounts_services.audit(
        action="capacity.downloaded", target_type="capacity", actor=actor, detail={"figure": figure, "kind": kind}
    )
