"""The test page: whether somebody's device and network are fit for a consultation, at any time, for anybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from rooms.models import Room
from rooms.rules.window import WindowState
from rooms.views.data import page_context
from rooms.views.door import at_the_door, window_of
from rooms.views.room import PAGES
from rooms.views.visitor import Visitor, visitor_of
from vdx.accounts import access as accounts_access
from vdx.accounts.enums import Role


@require_safe
@ensure_csrf_cookie
def test(request: HttpRequest) -> HttpResponse:
    """Without a meeting."""
    response = render(request, "rooms/test.html", {"data": _data(request, None)})
    visitor_of(request).remember(response)
    return response


@require_safe
@ensure_csrf_cookie
@at_the_door
def room_test(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """For a meeting, also before its room is open: what comes of it follows the browser to the room's door."""
    if window_of(room) is WindowState.CLOSED:
        template, status = PAGES[WindowState.CLOSED]
        return render(request, template, page_context(request, room), status=status)
    return render(request, "rooms/test.html", {"data": _data(request, room)})


def _data(request: HttpRequest, room: Room | None) -> dict[str, Any]:
    return {
        "code": room.short_id if room else None,
        "practiceName": room.organisation.name if room else "",
        "practicePhone": room.phone if room else "",
        "isHost": request.user.is_authenticated,
        "isAdministrator": _is_administrator(request),
        "urls": {
            "socket": "/test/ws",
            # A room's own address, since its seats' cookies go nowhere else.
            "result": reverse("room-device-test-result", args=[room.short_id])
            if room
            else reverse("device-test-result"),
            "back": reverse("rooms:room", args=[room.short_id]) if room else None,
        },
    }


def _is_administrator(request: HttpRequest) -> bool:
    """Who looks after others is told of what is not set up; nobody else can do anything about it."""
    if not request.user.is_authenticated:
        return False
    return accounts_access.organisations_of(request.user, {Role.MEDCOM, Role.ADMINISTRATOR}).exists()
