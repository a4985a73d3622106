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
    """The person's row, locked until the transaction ends.

    The key is not locked: audit entries that name the person as actor can still be written. Where memberships are
    locked too, they come first.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def lock_medcom() -> None:
    """Let nobody else change who works at MedCom until the transaction ends. Comes before any other lock.

    Two who take each other away at the same time then come one after the other, and the later is refused.
    """
    list(Membership.objects.active().select_for_update(no_key=True).filter(role=Role.MEDCOM).order_by("pk"))


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

    Needs :func:`lock_medcom`.
    """
    held = set(user.memberships.active().filter(role=Role.MEDCOM).values_list("pk", flat=True))
    left = held - {ended.pk} if ended is not None else set()
    if user.is_active and held and not left and medcom_count() <= 1:
        raise LastMedCom
