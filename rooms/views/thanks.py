"""After the call, for patients and relatives."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rooms.models import Room
from rooms.views.data import page_context
from rooms.views.door import at_the_door
from rooms.views.visitor import Visitor


@require_safe
@at_the_door
def thanks(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """Thank you; and the way back, as long as the room is open."""
    return render(request, "rooms/thanks.html", page_context(request, room))
