"""What administrators do to a room with one press: people, groups, pins, off and on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rooms import fixed_access, fixed_queries
from rooms.fixed_forms import AddGroupForm, ColleagueForm, FixedRoomForm
from rooms.models_fixed import FixedRoom
from rooms.services import fixed as services
from rooms.views.fixed.rooms import administrators, room_context
from vdx.lib import clock
from vdx.lib.errors import InvalidInput


@require_POST
@administrators
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague more who may use the room."""
    user: Any = request.user
    fixed = fixed_access.administrated(user, pk)
    form = ColleagueForm(request.POST, auto_id="person_%s")
    if form.is_valid():
        try:
            person = fixed_access.colleague(fixed, form.cleaned_data["email"])
            services.add_person(fixed_room_id=fixed.pk, user=person, actor=user)
        except InvalidInput as error:
            form.add_error("email", str(error.message))
        else:
            messages.success(request, _("%(name)s må nu bruge rummet.") % {"name": person.name})
            return redirect("rooms:fixed_room", fixed.pk)
    return _again(request, fixed, person_form=form)


@require_POST
@administrators
def remove_person(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    """One less, also in the call that is on."""
    return _do(
        request,
        pk,
        lambda fixed, user: services.remove_person(fixed_room_id=fixed.pk, user_id=user_id, actor=user),
        _("Personen er fjernet fra rummet."),
    )


@require_POST
@administrators
def add_group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group more that may use the room."""
    user: Any = request.user
    fixed = fixed_access.administrated(user, pk)
    form = AddGroupForm(request.POST, groups=fixed_queries.groups_for(fixed), auto_id="group_%s")
    if not form.is_valid():
        return _again(request, fixed, group_form=form)
    group = form.cleaned_data["group"]
    services.add_group(fixed_room_id=fixed.pk, group_id=group.pk, actor=user)
    messages.success(request, _("Gruppen %(name)s må nu bruge rummet.") % {"name": group.name})
    return redirect("rooms:fixed_room", fixed.pk)


@require_POST
@administrators
def remove_group(request: HttpRequest, pk: int, group_id: int) -> HttpResponse:
    """One less, also in the call that is on."""
    return _do(
        request,
        pk,
        lambda fixed, user: services.remove_group(fixed_room_id=fixed.pk, group_id=group_id, actor=user),
        _("Gruppen er fjernet fra rummet."),
    )


@require_POST
@administrators
def draw_guest_pin(request: HttpRequest, pk: int) -> HttpResponse:
    """A new pin for guests."""
    return _do(
        request,
        pk,
        lambda fixed, user: services.draw_guest_pin(fixed_room_id=fixed.pk, actor=user, now=clock.now()),
        _("Gæster har fået en ny pinkode. Den gamle virker ikke længere."),
    )


@require_POST
@administrators
def draw_host_pin(request: HttpRequest, pk: int) -> HttpResponse:
    """A pin for hosts, or a new one."""
    return _do(
        request,
        pk,
        lambda fixed, user: services.draw_host_pin(fixed_room_id=fixed.pk, actor=user),
        _("Værten har fået en ny pinkode."),
    )


@require_POST
@administrators
def remove_host_pin(request: HttpRequest, pk: int) -> HttpResponse:
    """No pin for hosts any more."""
    return _do(
        request,
        pk,
        lambda fixed, user: services.remove_host_pin(fixed_room_id=fixed.pk, actor=user),
        _("Værtens pinkode virker ikke længere."),
    )


@require_POST
@administrators
def turn_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use; a call that is on ends."""
    return _do(
        request,
        pk,
        lambda fixed, user: services.turn_off(fixed_room_id=fixed.pk, actor=user, now=clock.now()),
        _("Rummet er lukket. Ingen kan gå ind i det."),
    )


@require_POST
@administrators
def turn_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Into use again."""
    return _do(
        request,
        pk,
        lambda fixed, user: services.turn_on(fixed_room_id=fixed.pk, actor=user, now=clock.now()),
        _("Rummet er åbent igen. Gæster har fået en ny pinkode."),
    )


def _do(request: HttpRequest, pk: int, write: Callable[[FixedRoom, Any], object], done: str) -> HttpResponse:
    user: Any = request.user
    fixed = fixed_access.administrated(user, pk)
    write(fixed, user)
    messages.success(request, done)
    return redirect("rooms:fixed_room", fixed.pk)


def _again(request: HttpRequest, fixed: FixedRoom, **forms: Any) -> HttpResponse:
    """The room's page once more, with what was wrong in one of its small forms."""
    user: Any = request.user
    services.note_look(holder=fixed, actor=user)
    initial = {name: getattr(fixed, name) for name in ("name", "address", "description", "waiting_room")}
    context = {**room_context(fixed, FixedRoomForm(initial=initial)), **forms}
    return render(request, "rooms/fixed/room.html", context, status=400)
