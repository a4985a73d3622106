"""People who log in: made, invited, changed, closed and opened again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from vdx.accounts.enums import Language, LinkPurpose, Role
from vdx.accounts.errors import EmailTaken, OwnAccess
from vdx.accounts.models import User
from vdx.accounts.rules.emails import normalise
from vdx.accounts.services.guard import (
    check_may_give,
    check_may_manage,
    check_medcom,
    check_not_last_medcom,
    lock_medcom,
    locked,
)
from vdx.accounts.services.links import IssuedLink, make_link
from vdx.accounts.services.memberships import add_membership
from vdx.accounts.services.trail import audit
from vdx.accounts.signals import user_deactivated
from vdx.lib.errors import InvalidInput

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation

PROFILE_FIELDS = frozenset({"name", "usual_minutes", "language", "phone"})


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    password: str | None = None,
    actor: User | None,
    language: str = Language.DANISH,
    is_demo: bool = False,
) -> User:
    """Somebody new, without a role yet; without a password until one is chosen. Raises EmailTaken, InvalidInput."""
    check_medcom(actor)
    return _create(email=email, name=name, password=password, actor=actor, language=language, is_demo=is_demo)


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    role: Role,
    actor: User | None,
    by_mail: bool,
    now: datetime,
    language: str = Language.DANISH,
) -> tuple[User, IssuedLink | None]:
    """Give somebody a role, and somebody new a way in: a link by mail, or one to be shown once (``link.secret``).

    Who has an account already only gets the role; whoever invites gets no way into an account that others use.
    Raises AlreadyMember, InvalidInput, NotAllowed.
    """
    check_may_give(actor, role, organisation)
    known = User.objects.filter(email=normalise(email)).first()
    if known is not None:
        add_membership(user=known, organisation=organisation, role=role, actor=actor, now=now)
        return known, None
    user = _create(email=email, name=name, password=None, actor=actor, language=language, is_demo=False)
    add_membership(user=user, organisation=organisation, role=role, actor=actor, now=now)
    link = make_link(user=user, purpose=LinkPurpose.INVITATION, by_mail=by_mail, actor=actor, now=now)
    return user, link


@transaction.atomic
def update_profile(*, user: User, **fields: Any) -> User:
    """What people say about themselves: name, usual length, language, telephone shown to patients."""
    if set(fields) - PROFILE_FIELDS:
        raise TypeError(f"not part of a profile: {sorted(set(fields) - PROFILE_FIELDS)}")
    return _update(user, fields, actor=user)


@transaction.atomic
def update_user(*, user: User, actor: User | None, **fields: Any) -> User:
    """MedCom corrects somebody's e-mail, name or profile. Raises EmailTaken, InvalidInput, NotAllowed."""
    check_medcom(actor)
    if set(fields) - PROFILE_FIELDS - {"email"}:
        raise TypeError(f"not to be changed so: {sorted(set(fields) - PROFILE_FIELDS)}")
    if "email" in fields:
        fields["email"] = normalise(fields["email"])
    return _update(user, fields, actor=actor)


@transaction.atomic
def deactivate(*, user: User, actor: User | None, now: datetime) -> User:
    """Close somebody's access at once; roles stay written. Raises LastMedCom, NotAllowed, OwnAccess."""
    lock_medcom()
    row = locked(user)
    check_may_manage(actor, row)
    if actor is not None and actor.pk == row.pk:
        raise OwnAccess
    check_not_last_medcom(row)
    if not row.is_active:
        return row
    row.is_active = False
    row.save(update_fields=["is_active"])
    # A link on its way must not open what was closed, should the account be opened again.
    row.one_time_links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now, send_after=None)
    audit(action="user.deactivate", target_type="accounts.User", target_id=row.pk, actor=actor)
    user_deactivated.tell(user_id=row.pk)
    return row


@transaction.atomic
def reactivate(*, user: User, actor: User | None) -> User:
    """Open somebody's access again. Raises NotAllowed."""
    row = locked(user)
    check_may_manage(actor, row)
    if row.is_active:
        return row
    row.is_active = True
    row.save(update_fields=["is_active"])
    audit(action="user.reactivate", target_type="accounts.User", target_id=row.pk, actor=actor)
    return row


def _create(*, email: str, name: str, password: str | None, actor: User | None, language: str, is_demo: bool) -> User:
    user = User(email=normalise(email), name=name.strip(), language=language, is_demo=is_demo)
    user.set_password(password)
    _save(user)
    audit(action="user.create", target_type="accounts.User", target_id=user.pk, actor=actor)
    return user


def _update(user: User, fields: dict[str, Any], *, actor: User | None) -> User:
    row = locked(user)
    changed = sorted(name for name, value in fields.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, fields[name])
    _save(row)
    audit(action="user.change", target_type="accounts.User", target_id=row.pk, actor=actor, detail={"fields": changed})
    return row


def _save(user: User) -> None:
    if User.objects.filter(email=user.email).exclude(pk=user.pk).exists():
        raise EmailTaken(field="email")
    try:
        user.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(messages[0], field=field) from error
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise EmailTaken(field="email") from error
