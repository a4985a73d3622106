"""The trail of looks at other people's meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.core.cache import cache

from vdx.accounts import services as accounts

if TYPE_CHECKING:
    from vdx.accounts.models import User

# A page that is open all day asks for news every few seconds: one entry an hour tells as much.
_ONCE_IN_SECONDS = 3600


def note_look(*, user: User, organisation_id: int, target_type: str, target_id: str) -> None:
    """Write down that ``user`` looked at meetings of colleagues, once an hour for the same thing."""
    if cache.add(f"booking:look:{user.pk}:{organisation_id}:{target_type}:{target_id}", 1, _ONCE_IN_SECONDS):
        accounts.audit(
            action="meeting.looked_at",
            target_type=target_type,
            target_id=target_id,
            organisation=apps.get_model("accounts", "Organisation").objects.get(pk=organisation_id),
            actor=user,
        )
