"""Organisations, the regions they belonged to, and the meeting users that record systems name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower

from vdx.accounts.errors import TreeLoop
from vdx.accounts.models import MeetingUser, Organisation, RegionPeriod
from vdx.accounts.queries import descendant_ids
from vdx.accounts.services.guard import check_medcom
from vdx.accounts.services.trail import audit
from vdx.lib import ids
from vdx.lib.errors import InvalidInput

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def create_organisation(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Organisation | None,
    actor: User | None,
    actor_kind: str = "user",
    **fields: Any,
) -> Organisation:
    """A new organisation; ``fields`` are further columns. Raises InvalidInput, NotAllowed."""
    check_medcom(actor)
    organisation = Organisation(code=code, name=name, kind=kind, parent=parent, **fields)
    _clean(organisation)
    organisation.save()
    audit(
        action="organisation.create",
        target_type="accounts.Organisation",
        target_id=organisation.pk,
        organisation=organisation,
        actor=actor,
        actor_kind=actor_kind,
    )
    return organisation


@transaction.atomic
def update_organisation(
    *, organisation: Organisation, actor: User | None, actor_kind: str = "user", **fields: Any
) -> Organisation:
    """Change columns of an organisation. Raises InvalidInput, NotAllowed, TreeLoop."""
    check_medcom(actor)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = sorted(name for name, value in fields.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, fields[name])
    if row.parent_id is not None and row.parent_id in descendant_ids([row.pk]):
        raise TreeLoop(field="parent")
    _clean(row)
    row.save()
    audit(
        action="organisation.change",
        target_type="accounts.Organisation",
        target_id=row.pk,
        organisation=row,
        actor=actor,
        actor_kind=actor_kind,
        detail={"fields": changed},
    )
    return row


@transaction.atomic
def set_region_period(
    *,
    organisation: Organisation,
    region: Organisation,
    valid_from: date | None,
    valid_until: date | None,
    actor: User | None,
    period_id: int | None = None,
) -> RegionPeriod:
    """Say which region an organisation belongs to in a period (``period_id``: correct that one)."""
    check_medcom(actor)
    # Periods of one organisation are compared with each other, so they are written one at a time.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    period = RegionPeriod(pk=period_id, organisation=organisation)
    if period_id is not None:
        period = RegionPeriod.objects.select_for_update().get(pk=period_id, organisation=organisation)
    period.region, period.valid_from, period.valid_until = region, valid_from, valid_until
    _clean(period)
    period.save()
    audit(
        action="region_period.set",
        target_type="accounts.RegionPeriod",
        target_id=period.pk,
        organisation=organisation,
        actor=actor,
        detail={"region": region.pk},
    )
    return period


@transaction.atomic
def drop_region_period(*, period: RegionPeriod, actor: User | None) -> None:
    """Take back what was said about the region in a period."""
    check_medcom(actor)
    audit(
        action="region_period.drop",
        target_type="accounts.RegionPeriod",
        target_id=period.pk,
        organisation=period.organisation,
        actor=actor,
        detail={"region": period.region_id},
    )
    period.delete()


def history_key_digest(key: str) -> str:
    """What is kept of the key that opens an organisation's place in the tree."""
    return ids.digest("organisation-history-key", key)


def meeting_user(*, organisation: Organisation, email: str) -> MeetingUser:
    """The meeting user of that e-mail in the organisation, made when new; capitals make no difference.

    Not audited: it is a name tag, and the meeting that wears it is audited.
    """
    # The database lowers both sides: its idea of small letters is the one in the constraint.
    same = MeetingUser.objects.alias(key=Lower("email")).filter(organisation=organisation, key=Lower(Value(email)))
    # One at most: no order is needed.
    found = next(iter(same), None)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return MeetingUser.objects.create(organisation=organisation, email=email)
    except IntegrityError:
        # Somebody else made it between the look and the insert.
        return same.get()


def meeting_users(*, organisation: Organisation, emails: Sequence[str]) -> list[MeetingUser]:
    """The meeting users of these e-mails, in the same order as these.

    New ones are made in one order everywhere, so that two who name each other at the same moment do not wait for each
    other for ever.
    """
    spelt = {email.lower(): email for email in reversed(emails)}
    found = {key: meeting_user(organisation=organisation, email=spelt[key]) for key in sorted(spelt)}
    return [found[email.lower()] for email in emails]


def _clean(row: Organisation | RegionPeriod) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(messages[0], field=None if field == "__all__" else field) from error
