"""The room's page: before it opens, the waiting room and the call, and when it is closed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from rooms.models import Room
from rooms.rules.window import WindowState
from rooms.views.data import page_context
from rooms.views.door import at_the_door, window_of
from rooms.views.visitor import Visitor

# Template and status by where the room stands.
PAGES = {
    WindowState.BEFORE: ("rooms/not_open.html", 200),
    WindowState.OPEN: ("rooms/room.html", 200),
    WindowState.CLOSED: ("rooms/closed.html", 410),
}


@require_safe
@ensure_csrf_cookie
@at_the_door
def room(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """The one page of a consultation. Looking at it changes nothing; *Bank på* is a POST."""
    template, status = PAGES[window_of(room)]
    context = page_context(request, room)
    # The page opens with the question for the name, before any script has come.
    at_the_door = not context["data"]["hasSeat"] and not context["data"]["mayHost"]
    return render(request, template, {**context, "at_the_door": at_the_door}, status=status)
