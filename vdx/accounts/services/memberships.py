"""Who works where, as what. A membership is ended, never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vdx.accounts.enums import Role
from vdx.accounts.errors import AlreadyMember
from vdx.accounts.models import Membership
from vdx.accounts.services.guard import check_may_give, check_not_last_medcom, lock_medcom, locked
from vdx.accounts.services.trail import audit
from vdx.accounts.signals import membership_ended
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User


@transaction.atomic
def add_membership(
    *, user: User, organisation: Organisation, role: Role, actor: User | None, now: datetime
) -> Membership:
    """Give somebody a role in an organisation. Raises AlreadyMember, NotAllowed."""
    check_may_give(actor, role, organisation)
    row = locked(user)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=row, organisation=organisation, role=role, created_at=now)
    except IntegrityError as error:
        raise AlreadyMember from error
    _note("membership.add", membership, actor)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, actor: User | None, now: datetime) -> Membership:
    """Take a role from somebody. Raises LastMedCom, NotAllowed, NotFound where it has ended already."""
    row = _locked(membership)
    check_may_give(actor, row.role, row.organisation)
    if row.role == Role.MEDCOM:
        check_not_last_medcom(row.user, ended=row)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _note("membership.end", row, actor)
    membership_ended.tell(user_id=row.user_id, organisation_id=row.organisation_id, role=row.role)
    return row


@transaction.atomic
def change_role(*, membership: Membership, role: Role, actor: User | None, now: datetime) -> Membership:
    """Give another role in the same organisation instead: the old one ends, the new one begins."""
    row = _locked(membership)
    if row.role == role:
        return row
    end_membership(membership=row, actor=actor, now=now)
    return add_membership(user=row.user, organisation=row.organisation, role=role, actor=actor, now=now)


def _locked(membership: Membership) -> Membership:
    rows = Membership.objects.active().filter(pk=membership.pk)
    if rows.filter(role=Role.MEDCOM).exists():
        lock_medcom()
    row = rows.select_for_update(no_key=True).first()
    if row is None:
        raise NotFound
    return row


def _note(action: str, membership: Membership, actor: User | None) -> None:
    audit(
        action=action,
        target_type="accounts.User",
        target_id=membership.user_id,
        organisation=membership.organisation,
        actor=actor,
        detail={"role": str(membership.role)},
    )
