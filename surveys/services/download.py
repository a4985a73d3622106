"""Audit of who took numbers away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from vdx.accounts import services as accounts_services

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def note_results_download(*, actor: User, what: str, kind: str, chosen: Mapping[str, str]) -> None:
    """Write down that somebody took results away as a file.

    ``what`` names the source and its version, ``kind`` the format; ``chosen`` the questions, codes and months.
    """
    accounts_services.audit(
        action="results.downloaded",
        target_type="results",
        target_id=what[:40],
        actor=actor,
        detail={"format": kind, **chosen},
    )
