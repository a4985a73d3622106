"""Faste møderum: the rooms that one may use or administrates, and the way in for those who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rooms import access, fixed_access, fixed_queries, hosts, queries
from rooms.fixed_forms import FixedRoomForm, NewFixedRoomForm
from rooms.models import Room
from rooms.models_fixed import FixedRoom
from rooms.services import fixed as services
from rooms.views.fixed.lists import people_context, refused
from rooms.views.visitor import device_kind_of
from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role
from vdx.lib import clock
from vdx.lib.errors import DomainError

PAGE_SIZE = 50
colleagues = require_roles(*sorted(hosts.WORKING_ROLES))
administrators = require_roles(Role.ADMINISTRATOR, Role.MEDCOM)


@dataclass(frozen=True)
class OwnRoom:
    """A fixed room as whoever may use it sees it. ``here`` and ``waiting``: how many devices, and guests who wait."""

    fixed: FixedRoom
    url: str
    here: int
    waiting: int


@require_safe
@colleagues
def fixed_rooms(request: HttpRequest) -> HttpResponse:
    """The rooms that one may go into, and for administrators those that they look after."""
    user: Any = request.user
    own = list(hosts.usable_rooms(user).select_related("organisation").order_by("name", "pk"))
    calls = fixed_queries.live_calls([fixed.pk for fixed in own])
    here, waiting = queries.device_counts(calls.values()), queries.waiting_counts(calls.values())
    context: dict[str, Any] = {
        "own": [
            OwnRoom(fixed, url_of(fixed), here.get(calls.get(fixed.pk, 0), 0), waiting.get(calls.get(fixed.pk, 0), 0))
            for fixed in own
        ]
    }
    ids = fixed_access.organisation_ids(user)
    if ids is None or ids:
        found = fixed_queries.fixed_rooms(ids)
        context["administrates"] = True
        context["page"] = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "rooms/fixed/rooms.html", context)


@require_POST
@colleagues
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Gå ind: as a host, into the call that is on or a new one."""
    user: Any = request.user
    fixed = fixed_access.own(user, pk)
    room, token = services.enter_as_host(
        fixed_room_id=fixed.pk, user=user, device_kind=device_kind_of(request, ""), now=clock.now()
    )
    return into(room, token)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def new(request: HttpRequest) -> HttpResponse:
    """Make a fixed room."""
    user: Any = request.user
    ids = fixed_access.organisation_ids(user)
    if request.method != "POST":
        return render(request, "rooms/fixed/new.html", {"form": NewFixedRoomForm(organisation_ids=ids)})
    form = NewFixedRoomForm(request.POST, organisation_ids=ids)
    if not form.is_valid():
        return render(request, "rooms/fixed/new.html", {"form": form}, status=400)
    try:
        fixed = services.create_fixed_room(**form.cleaned_data, actor=user, now=clock.now())
    except DomainError as error:
        return refused(request, "rooms/fixed/new.html", form, error, {})
    return redirect("rooms:fixed_room", fixed.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def fixed_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one room; POST: what it is called and how it works."""
    user: Any = request.user
    fixed = fixed_access.administrated(user, pk)
    if request.method != "POST":
        services.note_look(holder=fixed, actor=user)
        return render(request, "rooms/fixed/room.html", room_context(fixed, FixedRoomForm(initial=_now(fixed))))
    form = FixedRoomForm(request.POST)
    if not form.is_valid():
        services.note_look(holder=fixed, actor=user)
        return render(request, "rooms/fixed/room.html", room_context(fixed, form), status=400)
    try:
        services.change_fixed_room(fixed_room_id=fixed.pk, **form.cleaned_data, actor=user, now=clock.now())
    except DomainError as error:
        services.note_look(holder=fixed, actor=user)
        return refused(request, "rooms/fixed/room.html", form, error, room_context(fixed, form))
    return redirect("rooms:fixed_room", fixed.pk)


def room_context(fixed: FixedRoom, form: FixedRoomForm, **more: Any) -> dict[str, Any]:
    """What the administrators' page of a room shows."""
    return {
        "fixed": fixed,
        "url": url_of(fixed),
        "dial": f"{fixed.address}@{fixed_queries.domain()}",
        "form": form,
        "groups": fixed_queries.groups_of(fixed),
        **people_context(fixed),
        **more,
    }


def url_of(fixed: FixedRoom) -> str:
    """Where the room is, as it is sent to guests."""
    return f"{settings.VDX_PUBLIC_URL}{reverse('rooms:fixed_door', args=[fixed.address])}"


def into(room: Room, token: str) -> HttpResponse:
    """To the call, with the seat's cookie."""
    response = HttpResponseRedirect(reverse("rooms:room", args=[room.short_id]))
    access.set_seat_cookie(response, room, token)
    return response


def _now(fixed: FixedRoom) -> dict[str, Any]:
    return {name: getattr(fixed, name) for name in ("name", "address", "description", "waiting_room")}
