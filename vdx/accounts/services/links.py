"""One-time links: made, sent, used.

pending (``send_after`` set) -> sent, or given up after the last attempt. The secret of a mailed link is drawn at
the moment of sending and never stored, only its fingerprint.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from vdx.accounts import access
from vdx.accounts.enums import LinkPurpose
from vdx.accounts.errors import LinkUsed, WeakPassword
from vdx.accounts.models import OneTimeLink, User
from vdx.accounts.rules import links as rules
from vdx.accounts.rules.emails import normalise
from vdx.accounts.services.guard import check_may_manage, locked
from vdx.accounts.services.trail import audit
from vdx.lib import ids, mail

if TYPE_CHECKING:
    from datetime import timedelta

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IssuedLink:
    """A link that was made. ``secret`` is None where it travels by mail; else this is the only time it is known."""

    link_id: int
    secret: str | None = field(repr=False)

    @property
    def url(self) -> str:
        """The address to be shown once."""
        if self.secret is None:
            raise ValueError("the link travels by mail")
        return link_url(self.secret)


def link_url(secret: str) -> str:
    """The address behind which the person chooses a password."""
    return f"{settings.VDX_PUBLIC_URL}{reverse('accounts:link', args=[secret])}"


@transaction.atomic
def make_link(*, user: User, purpose: LinkPurpose, by_mail: bool, actor: User | None, now: datetime) -> IssuedLink:
    """A way to choose a password, by mail or to be shown once. Earlier links of the person stop working."""
    row = locked(user)
    check_may_manage(actor, row)
    row.one_time_links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now, send_after=None)
    secret = None if by_mail else ids.token()
    link = OneTimeLink.objects.create(
        user=row,
        purpose=purpose,
        secret_digest=access.link_digest(secret) if secret else None,
        created_at=now,
        expires_at=now + rules.good_for(purpose),
        send_after=now if by_mail else None,
    )
    audit(
        action="link.create",
        target_type="accounts.User",
        target_id=row.pk,
        actor=actor,
        detail={"purpose": str(purpose), "by_mail": by_mail},
    )
    return IssuedLink(link.pk, secret)


@transaction.atomic
def request_password(*, email: str, now: datetime) -> None:
    """Somebody has forgotten the password. Tells nobody whether the e-mail is known.

    Links that were sent earlier keep working: nobody who merely knows an e-mail can spoil them.
    """
    user = User.objects.select_for_update(no_key=True).filter(email=normalise(email), is_active=True).first()
    if user is None:
        return
    recent = user.one_time_links.filter(
        Q(send_after__isnull=False) | Q(created_at__gt=now - rules.QUIET),
        purpose=LinkPurpose.PASSWORD,
        used_at__isnull=True,
        expires_at__gt=now,
    )
    if recent.exists():
        return
    OneTimeLink.objects.create(
        user=user,
        purpose=LinkPurpose.PASSWORD,
        created_at=now,
        expires_at=now + rules.good_for(LinkPurpose.PASSWORD),
        send_after=now,
    )
    audit(action="password.request", target_type="accounts.User", target_id=user.pk, actor_kind="guest")


@transaction.atomic
def use_link(*, secret: str, password: str, now: datetime) -> User:
    """Choose a password by a link, once. Raises LinkUsed, WeakPassword (the link then still works)."""
    link = OneTimeLink.objects.select_related("user").filter(secret_digest=access.link_digest(secret)).first()
    if link is None:
        raise LinkUsed
    user = locked(link.user)
    if not user.is_active:
        raise LinkUsed
    _check_password(password, user)
    # Of two who use the link at the same time one finds nothing left to claim.
    if not OneTimeLink.objects.filter(pk=link.pk, used_at__isnull=True, expires_at__gt=now).update(used_at=now):
        raise LinkUsed
    user.set_password(password)
    user.save(update_fields=["password"])
    user.one_time_links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now, send_after=None)
    audit(
        action="password.set",
        target_type="accounts.User",
        target_id=user.pk,
        actor=user,
        detail={"purpose": link.purpose},
    )
    return user


def due_links(*, now: datetime) -> list[int]:
    """Ids of the links that wait to be mailed now."""
    return list(
        OneTimeLink.objects.filter(send_after__lte=now, used_at__isnull=True, user__is_active=True)
        .order_by("send_after")
        .values_list("pk", flat=True)[:100]
    )


def deliver_link(*, link_id: int, now: datetime) -> bool:
    """Draw the link's secret and mail it. False: somebody else was first, or the mail server refused.

    The claim also sets when to try again, so that a process that dies here loses nothing. A mail that is sent
    twice holds two secrets, of which the later works.
    """
    link = OneTimeLink.objects.select_related("user").filter(pk=link_id, send_after__lte=now).first()
    if link is None or not link.user.is_active:
        return False
    if rules.is_given_up(link.attempts):
        # The process died in the last attempt.
        _give_up(link_id, now)
        return False
    secret = ids.token()
    attempts = link.attempts + 1
    claimed = OneTimeLink.objects.filter(pk=link_id, send_after=link.send_after, used_at__isnull=True).update(
        secret_digest=access.link_digest(secret),
        attempts=F("attempts") + 1,
        expires_at=now + rules.good_for(link.purpose),
        send_after=now + rules.retry_delay(attempts),
    )
    if not claimed:
        return False
    try:
        _send(link, secret)
    except (OSError, SMTPException) as error:
        # The server's words may hold the address, so the kind of error is all that is logged.
        log.warning("one-time link %d: attempt %d failed with %s", link_id, attempts, type(error).__name__)
        if rules.is_given_up(attempts):
            _give_up(link_id, now)
        return False
    OneTimeLink.objects.filter(pk=link_id, attempts=attempts).update(send_after=None, sent_at=now)
    return True


def _give_up(link_id: int, now: datetime) -> None:
    log.error("one-time link %d: given up", link_id)
    OneTimeLink.objects.filter(pk=link_id).update(send_after=None, secret_digest=None, expires_at=now)


def _send(link: OneTimeLink, secret: str) -> None:
    good_for: timedelta = rules.good_for(link.purpose)
    mail.send(
        str(link.purpose),
        to=link.user.email,
        language=link.user.language,
        context={"name": link.user.name, "url": link_url(secret), "days": good_for.days},
    )


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages), field="password") from error
