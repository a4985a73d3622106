"""The doctor's own calendar address: opened, renewed and closed by the doctor."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from booking.models import CalendarFeed
from vdx.accounts import services as accounts
from vdx.lib import ids

if TYPE_CHECKING:
    from vdx.accounts.models import User


def feed_digest(secret: str) -> str:
    """What is kept in place of the secret in the address."""
    return ids.digest("calendar", secret)


@transaction.atomic
def open_feed(*, user: User, now: datetime) -> str:
    """A new secret for the user's calendar, known now and never again; an earlier one stops working."""
    secret = ids.token()
    CalendarFeed.objects.update_or_create(user=user, defaults={"secret_digest": feed_digest(secret), "created_at": now})
    _write_down("calendar.opened", user)
    return secret


@transaction.atomic
def close_feed(*, user: User) -> None:
    """No calendar address any more. Safe to do twice."""
    gone, _ = CalendarFeed.objects.filter(user=user).delete()
    if gone:
        _write_down("calendar.closed", user)


def _write_down(action: str, user: User) -> None:
    accounts.audit(action=action, target_type="accounts.User", target_id=user.pk, actor=user)
