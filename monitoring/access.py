"""Who may see which numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps

from vdx.accounts import access as accounts_access
from vdx.accounts.enums import CLINICAL_ROLES
from vdx.lib.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User


@dataclass(frozen=True)
class Scope:
    """Organisations whose numbers a person may see; None stands for all of them."""

    organisation_ids: frozenset[int] | None

    def includes(self, organisation_id: int) -> bool:
        """Whether the organisation's numbers may be seen."""
        return self.organisation_ids is None or organisation_id in self.organisation_ids


def statistics_scope(user: User) -> Scope:
    """What the person may see: MedCom all, others their own organisations and those below. Raises NotAllowed."""
    visible = accounts_access.visible_ids(user)
    if visible is not None and not visible:
        raise NotAllowed
    return Scope(None if visible is None else frozenset(visible))


def workplaces(user: User) -> list[Organisation]:
    """Where the person holds consultations, as doctor or secretary, by name."""
    return list(accounts_access.organisations_of(user, CLINICAL_ROLES).order_by("name", "code"))


def workplace(user: User, organisation_id: int) -> Organisation:
    """One of them. Raises NotFound: absent and forbidden look alike."""
    found = accounts_access.organisations_of(user, CLINICAL_ROLES).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found


def organisation_in(scope: Scope, organisation_id: int) -> Organisation:
    """The organisation, if its numbers may be seen. Raises NotFound."""
    organisation: Organisation | None = (
        apps.get_model("accounts.Organisation").objects.filter(pk=organisation_id).first()
        if scope.includes(organisation_id)
        else None
    )
    if organisation is None:
        raise NotFound
    return organisation
