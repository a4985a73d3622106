"""Groups of colleagues who may use the same fixed rooms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rooms import fixed_access, fixed_queries
from rooms.fixed_forms import ColleagueForm, GroupForm, NewGroupForm
from rooms.services import fixed as services
from rooms.views.fixed.lists import people_context, refused
from rooms.views.fixed.rooms import PAGE_SIZE, administrators
from vdx.lib import clock
from vdx.lib.errors import DomainError, InvalidInput


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def groups(request: HttpRequest) -> HttpResponse:
    """The groups that one looks after; POST: a new one."""
    user: Any = request.user
    ids = fixed_access.organisation_ids(user)
    found = fixed_queries.groups(ids).annotate(number=Count("users"))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    if request.method != "POST":
        form = NewGroupForm(organisation_ids=ids)
        return render(request, "rooms/fixed/groups.html", {"page": page, "form": form})
    form = NewGroupForm(request.POST, organisation_ids=ids)
    if not form.is_valid():
        return render(request, "rooms/fixed/groups.html", {"page": page, "form": form}, status=400)
    try:
        group = services.create_group(**form.cleaned_data, actor=user, now=clock.now())
    except DomainError as error:
        return refused(request, "rooms/fixed/groups.html", form, error, {"page": page})
    return redirect("rooms:fixed_group", group.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group; POST: another name."""
    user: Any = request.user
    found = fixed_access.administrated_group(user, pk)
    context: dict[str, Any] = {"group": found, **people_context(found)}
    if request.method != "POST":
        services.note_look(holder=found, actor=user)
        return render(request, "rooms/fixed/group.html", {**context, "form": GroupForm(initial={"name": found.name})})
    form = GroupForm(request.POST)
    if not form.is_valid():
        services.note_look(holder=found, actor=user)
        return render(request, "rooms/fixed/group.html", {**context, "form": form}, status=400)
    try:
        services.rename_group(group_id=found.pk, name=form.cleaned_data["name"], actor=user)
    except DomainError as error:
        services.note_look(holder=found, actor=user)
        return refused(request, "rooms/fixed/group.html", form, error, context)
    messages.success(request, _("Navnet er ændret."))
    return redirect("rooms:fixed_group", found.pk)


@require_POST
@administrators
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague more."""
    user: Any = request.user
    found = fixed_access.administrated_group(user, pk)
    form = ColleagueForm(request.POST, auto_id="person_%s")
    if form.is_valid():
        try:
            person = fixed_access.colleague(found, form.cleaned_data["email"])
            services.add_to_group(group_id=found.pk, user=person, actor=user)
        except InvalidInput as error:
            form.add_error("email", str(error.message))
        else:
            messages.success(request, _("%(name)s er nu med i gruppen.") % {"name": person.name})
            return redirect("rooms:fixed_group", found.pk)
    services.note_look(holder=found, actor=user)
    context = {"group": found, **people_context(found), "form": GroupForm(initial={"name": found.name})}
    return render(request, "rooms/fixed/group.html", {**context, "person_form": form}, status=400)


@require_POST
@administrators
def remove_person(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    """One less, also in the calls that are on."""
    user: Any = request.user
    found = fixed_access.administrated_group(user, pk)
    services.remove_from_group(group_id=found.pk, user_id=user_id, actor=user)
    messages.success(request, _("Personen er ikke længere med i gruppen."))
    return redirect("rooms:fixed_group", found.pk)


@require_POST
@administrators
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """The group goes, and what its people had by it."""
    user: Any = request.user
    found = fixed_access.administrated_group(user, pk)
    services.delete_group(group_id=found.pk, actor=user)
    messages.success(request, _("Gruppen er slettet."))
    return redirect("rooms:fixed_groups")
