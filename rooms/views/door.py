"""What all pages under a room's address have in common: finding the room, and saying kindly that there is none."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from rooms import access
from rooms.enums import RoomState
from rooms.errors import UnknownCode
from rooms.forms import CodeForm
from rooms.models import Room
from rooms.rules import arrival
from rooms.rules.window import WindowState, window_state
from rooms.views.visitor import Visitor, visitor_of
from vdx.lib import clock, ids

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Room, Visitor, P], HttpResponse]


def at_the_door(view: View[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """View decorator: the code becomes the room, and the browser gets its cookie.

    A page asked for with a code written another way (capitals, dashes, o for 0) leads to the one address it has.
    """

    @functools.wraps(view)
    def with_room(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visitor = visitor_of(request)
        try:
            room = access.room_for_short_id(code, cookie=visitor.cookie, address=visitor.address)
        except UnknownCode:
            response = _unknown(request, code)
        else:
            response = _elsewhere(request, code, room) or view(request, room, visitor, *args, **kwargs)
        visitor.remember(response)
        return response

    return with_room


def window_of(room: Room) -> WindowState:
    """Where the room stands now: closed when it was closed or its time is up, whatever the sweep has got to."""
    if room.state == RoomState.CLOSED:
        return WindowState.CLOSED
    return window_state(now=clock.now(), opens=room.opens_at, closes=room.closes_at)


def portal_of(room: Room, wanted: str | None, pin: int | None) -> str | None:
    """Where the booking holds the meeting, if that is elsewhere. A test call is about the hub's own room."""
    found = arrival.custom_portal(wanted, address=room.uri_with_domain, pin=pin)
    # An address of ours would lead round in a circle.
    ours = {urlsplit(base).hostname for base in (settings.VDX_PUBLIC_URL, settings.VDX_SHORT_LINK_BASE)}
    is_test = found is not None and getattr(getattr(room, "meeting", None), "is_test", False)
    return None if found is None or is_test or urlsplit(found).hostname in ours else found


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        raise UnknownCode
    form = CodeForm({"code": code[:60]})
    form.full_clean()
    if not form.has_error("code"):
        form.add_error("code", str(UnknownCode.message))
    return render(request, "rooms/front.html", {"form": form}, status=404)


def _elsewhere(request: HttpRequest, code: str, room: Room) -> HttpResponse | None:
    if code == room.short_id or request.method not in {"GET", "HEAD"}:
        return None
    match = request.resolver_match
    if match is None or ids.normalise_short_id(code) is None:
        return None
    address = reverse(match.view_name, args=[room.short_id])
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
