"""How far an administrator's hand reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

# They open other organisations' data, so only MedCom gives and takes them.
NATIONAL_ROLES = frozenset({"medcom", "researcher"})


@dataclass(frozen=True)
class Reach:
    """Who acts: MedCom's staff reach everything, an administrator the organisations in ``organisation_ids``."""

    is_medcom: bool
    organisation_ids: Collection[int]

    def may_give(self, role: str, organisation_id: int) -> bool:
        """Whether the role may be given, changed or taken there."""
        if self.is_medcom:
            return True
        return role not in NATIONAL_ROLES and organisation_id in self.organisation_ids

    def may_manage(self, memberships: Iterable[tuple[str, int]]) -> bool:
        """Whether the account itself may be closed, opened or given a new way in.

        ``memberships`` are the person's present (role, organisation id). All must be within reach: who could open
        an account that also works elsewhere could act as that person there.
        """
        if self.is_medcom:
            return True
        held = list(memberships)
        return bool(held) and all(self.may_give(role, organisation_id) for role, organisation_id in held)
