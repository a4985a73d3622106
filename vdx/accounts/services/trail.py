"""The audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vdx.accounts.models import AuditEntry

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User


def audit(
    *,
    action: str,
    target_type: str,
    target_id: object = "",
    organisation: Organisation | None = None,
    actor: User | None = None,
    actor_kind: str = "user",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write down who did or looked at what.

    ``detail`` holds ids, codes and names of fields; never a value that a person wrote, a pin or a token.
    ``actor_kind`` tells who it was where no login stands behind it: ``system``, ``guest``, ``host-pin``, ``api``.
    """
    if actor is None and actor_kind == "user":
        actor_kind = "system"
    return AuditEntry.objects.create(
        action=action,
        target_type=target_type,
        target_id=str(target_id),
        organisation=organisation,
        actor=actor,
        actor_kind=actor_kind,
        detail=dict(detail or {}),
    )
