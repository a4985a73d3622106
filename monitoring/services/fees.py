"""Fees and costs, as MedCom enters them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.models import Cost, Fee
from vdx.accounts import services as accounts_services
from vdx.lib.errors import InvalidInput

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def save_money(*, row: Fee | Cost, actor: User) -> Fee | Cost:
    """Keep a new or changed fee or cost. Raises InvalidInput."""
    made = row.pk is None
    before = None if made else type(row).objects.select_for_update().filter(pk=row.pk).first()
    try:
        row.full_clean()
    except ValidationError as error:
        raise InvalidInput(next(iter(error.messages))) from error
    row.save()
    changed = {} if before is None else {"before": _detail(before)}
    _note("made" if made else "changed", row, actor, **changed)
    return row


@transaction.atomic
def drop_money(*, row: Fee | Cost, actor: User) -> None:
    """Take away a fee or cost that was entered by mistake; one already gone stays so."""
    found = type(row).objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        return
    _note("dropped", found, actor)
    found.delete()


@transaction.atomic
def note_honoraria_download(*, actor: User, first: date, last: date, practice_count: int) -> None:
    """Write down that somebody took the honoraria of a period away as a file."""
    accounts_services.audit(
        action="honoraria.downloaded",
        target_type="honoraria",
        actor=actor,
        detail={"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}", "practices": practice_count},
    )


def _note(what: str, row: Fee | Cost, actor: User, **more: object) -> None:
    name = row._meta.label_lower.split(".")[1]
    accounts_services.audit(
        action=f"{name}.{what}",
        target_type=row._meta.label,
        target_id=row.pk,
        actor=actor,
        detail={**_detail(row), **more},
    )


def _detail(row: Fee | Cost) -> dict[str, object]:
    """What decides what is paid; nothing that somebody wrote in words of their own."""
    if isinstance(row, Cost):
        return {"region": row.region, "amount_ore": row.amount_ore, "day": row.day.isoformat()}
    return {
        "region": row.region,
        "practice_kind": row.practice_kind,
        "kind": row.kind,
        "rule": row.rule,
        "amount_ore": row.amount_ore,
        "module_minutes": row.module_minutes,
        "most_modules": row.most_modules,
        "quantity": row.quantity,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until and row.valid_until.isoformat(),
    }
