"""The room's page: before it opens, the waiting room and the call, and when it is closed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from rooms.models import Room
from rooms.rules.window import WindowState
from rooms.views.data import page_context
from rooms.views.door import at_the_door, portal_of, window_of
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
    """The one page of a consultation. Looking at it changes nothing; *Bank på* is a POST.

    Guests of a meeting that is held on a page of the practice's own are led there. ``?rum`` shows the room all the
    same, for a page that leads back.
    """
    window = window_of(room)
    template, status = PAGES[window]
    context = page_context(request, room)
    # The page opens with the question for the name, before any script has come.
    at_the_door = not context["data"]["hasSeat"] and not context["data"]["mayHost"]
    if window is WindowState.OPEN and at_the_door and "rum" not in request.GET:
        elsewhere = portal_of(room, room.custom_portal_guest, room.guest_pin)
        if elsewhere is not None:
            return HttpResponseRedirect(elsewhere)
    return render(request, template, {**context, "at_the_door": at_the_door}, status=status)
