"""Leave to write, asked inside the transaction that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vdx.accounts import access
from vdx.accounts.enums import Role
from vdx.accounts.errors import LastMedCom
from vdx.accounts.models import Membership, User
from vdx.accounts.queries import medcom_count
from vdx.lib.errors import NotAllowed

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation


def locked(user: User) -> User:
    """The person's row, locked until the transaction ends."""
    return User.objects.select_for_update().get(pk=user.pk)


def check_medcom(actor: User | None) -> None:
    """Only MedCom, or the hub itself."""
    if actor is not None and not access.is_medcom(actor):
        raise NotAllowed


def check_may_give(actor: User | None, role: str, organisation: Organisation) -> None:
    """Only who may give and take that role there."""
    if actor is not None and not access.reach(actor).may_give(role, organisation.pk):
        raise NotAllowed


def check_may_manage(actor: User | None, user: User) -> None:
    """Only who reaches everything that the account opens."""
    if actor is None:
        return
    held = user.memberships.active().values_list("role", "organisation_id")
    if not access.reach(actor).may_manage(held):
        raise NotAllowed


def check_not_last_medcom(user: User, *, ended: Membership | None = None) -> None:
    """Refuse to take the last person from MedCom: by closing the account, or by ending the one membership.

    The memberships are locked first and counted afterwards, so that two who take each other away at the same
    time do not both succeed.
    """
    held = list(Membership.objects.active().select_for_update().filter(role=Role.MEDCOM).order_by("pk"))
    theirs = [row for row in held if row.user_id == user.pk and row != ended]
    is_one = user.is_active and any(row.user_id == user.pk for row in held)
    if is_one and (ended is None or not theirs) and medcom_count() <= 1:
        raise LastMedCom
