"""Administrators: the list of people at and below their organisation, and inviting new ones."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vdx.accounts import access, queries, services
from vdx.accounts.enums import Role
from vdx.accounts.forms import FilterForm, InviteForm
from vdx.accounts.views.refusals import page_with_refusal
from vdx.lib import clock
from vdx.lib.errors import DomainError

PAGE_SIZE = 50


@access.require_roles(Role.ADMINISTRATOR, Role.MEDCOM)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who works at or below the administrator's organisation. The look is written down."""
    user: Any = request.user
    reach = access.reach(user)
    ids = None if reach.is_medcom else reach.organisation_ids
    form = FilterForm(request.GET, organisation_ids=ids)
    wanted = form.cleaned_data if form.is_valid() else {}
    organisation = wanted.get("organisation")
    found = queries.people(
        ids,
        text=wanted.get("q", ""),
        role=wanted.get("role", ""),
        organisation_id=organisation.pk if organisation else None,
        closed=wanted.get("closed", False),
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    # Which filters, not what was typed in them.
    services.audit(
        action="user.list",
        target_type="accounts.User",
        organisation=organisation,
        actor=user,
        detail={"filters": sorted(name for name, value in wanted.items() if value), "page": page.number},
    )
    query = urlencode([(name, value) for name, value in request.GET.items() if name != "page" and value])
    return render(request, "accounts/people.html", {"form": form, "page": page, "query": query})


@access.require_roles(Role.ADMINISTRATOR, Role.MEDCOM)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Give somebody a role, and a way in: a link by mail, or one that the answer shows once."""
    user: Any = request.user
    reach = access.reach(user)
    if request.method != "POST":
        return render(request, "accounts/invite.html", {"form": InviteForm(reach=reach)})
    form = InviteForm(request.POST, reach=reach)
    if not form.is_valid():
        return render(request, "accounts/invite.html", {"form": form})
    data = form.cleaned_data
    try:
        person, link = services.invite(
            email=data["email"],
            name=data["name"],
            organisation=data["organisation"],
            role=Role(data["role"]),
            actor=user,
            by_mail=data["delivery"] == "mail",
            now=clock.now(),
        )
    except DomainError as error:
        return page_with_refusal(request, "accounts/invite.html", form, error, {})
    if link is not None and link.secret is not None:
        return render(request, "accounts/link_shown.html", {"person": person, "url": link.url, "days": 7})
    if link is None:
        messages.success(request, _("%(name)s havde allerede en bruger og har nu fået rollen.") % {"name": person.name})
    else:
        messages.success(request, _("Invitationen er på vej til %(name)s.") % {"name": person.name})
    return redirect("accounts:person", person.pk)
