"""Administrators: one person's roles, way in and second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vdx.accounts import access, queries, services
from vdx.accounts.enums import LinkPurpose, Role
from vdx.accounts.forms import ChangeRoleForm, DeliveryForm, RoleForm
from vdx.accounts.models import User
from vdx.lib import clock
from vdx.lib.errors import DomainError, InvalidInput, NotFound

_administrators = access.require_roles(Role.ADMINISTRATOR, Role.MEDCOM)


@_administrators
@require_safe
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """What an administrator sees of somebody. The look is written down."""
    user: Any = request.user
    somebody = access.person(user, user_id)
    reach = access.reach(user)
    held = queries.person_memberships(somebody, None)
    shown = [row for row in held if reach.is_medcom or row.organisation_id in reach.organisation_ids]
    services.audit(action="user.view", target_type="accounts.User", target_id=somebody.pk, actor=user)
    context = {
        "person": somebody,
        "roles": [
            {
                "membership": row,
                "form": ChangeRoleForm(reach=reach, initial={"role": row.role}, auto_id=f"role_{row.pk}_%s")
                if reach.may_give(row.role, row.organisation_id)
                else None,
            }
            for row in shown
        ],
        "role_form": RoleForm(reach=reach, auto_id="new_%s"),
        "delivery_form": DeliveryForm(auto_id="link_%s"),
        "may_manage": reach.may_manage((row.role, row.organisation_id) for row in held),
        "is_self": somebody.pk == user.pk,
    }
    return render(request, "accounts/person.html", context)


@_administrators
@require_POST
def add_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """One role more."""
    user: Any = request.user
    somebody = access.person(user, user_id)
    form = RoleForm(request.POST, reach=access.reach(user))
    if not form.is_valid():
        raise InvalidInput(_("Vælg både organisation og rolle."))
    data = form.cleaned_data
    return _do(
        request,
        user_id,
        lambda: services.add_membership(
            user=somebody, organisation=data["organisation"], role=Role(data["role"]), actor=user, now=clock.now()
        ),
        _("Rollen er givet."),
    )


@_administrators
@require_POST
def change_role(request: HttpRequest, user_id: int, membership_id: int) -> HttpResponse:
    """Another role in the same organisation."""
    user: Any = request.user
    membership = access.membership(user, user_id, membership_id)
    form = ChangeRoleForm(request.POST, reach=access.reach(user))
    if not form.is_valid():
        raise InvalidInput
    role = Role(form.cleaned_data["role"])
    return _do(
        request,
        user_id,
        lambda: services.change_role(membership=membership, role=role, actor=user, now=clock.now()),
        _("Rollen er ændret."),
    )


@_administrators
@require_POST
def end_role(request: HttpRequest, user_id: int, membership_id: int) -> HttpResponse:
    """One role less."""
    user: Any = request.user
    membership = access.membership(user, user_id, membership_id)
    return _do(
        request,
        user_id,
        lambda: services.end_membership(membership=membership, actor=user, now=clock.now()),
        _("Rollen er fjernet."),
    )


@_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new way in, by mail or shown by this answer, once. Asked for again (a change of language), it is gone."""
    user: Any = request.user
    somebody = access.person(user, user_id)
    if request.method != "POST":
        return redirect("accounts:person", user_id)
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        raise InvalidInput
    by_mail = form.cleaned_data["delivery"] == "mail"
    purpose = LinkPurpose.PASSWORD if somebody.has_usable_password() else LinkPurpose.INVITATION
    issued = services.make_link(user=somebody, purpose=purpose, by_mail=by_mail, actor=user, now=clock.now())
    if issued.secret is not None:
        days = 0 if purpose == LinkPurpose.PASSWORD else 7
        return render(request, "accounts/link_shown.html", {"person": somebody, "url": issued.url, "days": days})
    messages.success(request, _("Linket er på vej til %(name)s.") % {"name": somebody.name})
    return redirect("accounts:person", user_id)


@_administrators
@require_POST
def reset_second_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    """The telephone is lost: the second factor is enrolled anew at the next login."""
    user: Any = request.user
    somebody = access.person(user, user_id)
    return _do(
        request,
        user_id,
        lambda: services.reset_second_factor(user=somebody, actor=user),
        _("Totrinslogin er nulstillet."),
    )


@_administrators
@require_POST
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close somebody's access."""
    user: Any = request.user
    somebody: User = access.person(user, user_id)
    return _do(
        request,
        user_id,
        lambda: services.deactivate(user=somebody, actor=user, now=clock.now()),
        _("Adgangen er lukket."),
    )


@_administrators
@require_POST
def reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open somebody's access again."""
    user: Any = request.user
    somebody = access.person(user, user_id)
    return _do(request, user_id, lambda: services.reactivate(user=somebody, actor=user), _("Adgangen er åbnet igen."))


def _do(request: HttpRequest, user_id: int, write: Callable[[], object], done: str) -> HttpResponse:
    """Write, say how it went, and go back to the person, or to the list where they are no longer to be seen."""
    user: Any = request.user
    try:
        write()
    except DomainError as error:
        if error.status != 409:
            raise
        messages.error(request, str(error.message))
    else:
        messages.success(request, done)
    try:
        access.person(user, user_id)
    except NotFound:
        return redirect("accounts:people")
    return redirect("accounts:person", user_id)
