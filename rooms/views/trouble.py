"""What a page without a socket has to say: something went wrong before it could knock, or it has no way to the hub."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from rooms import access, services
from rooms.models import Room
from rooms.rules.trouble import MOST_AT_THE_DOOR
from rooms.views.door import at_the_door
from rooms.views.visitor import Visitor
from vdx.lib import clock, throttle


@require_POST
@at_the_door
def trouble(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """Tell it, for the seat that the browser has, or for none. Form: ``what`` and ``detail`` (docs/protocol.md).

    Each counts against the browser, and against the address late and for seconds: who tells too much is heard no more
    for a while.
    """
    throttle.attempt("trouble", (visitor.cookie, visitor.address, room.pk), free=MOST_AT_THE_DOOR, ceiling=60)
    throttle.attempt("trouble-address", (visitor.address, room.pk), free=10 * MOST_AT_THE_DOOR, ceiling=60)
    seat = access.seat_for(room, request.COOKIES.get(access.SEAT_COOKIE))
    services.report_trouble(
        room_uuid=room.uuid,
        seat_key=None if seat is None else seat.key,
        what=request.POST.get("what", ""),
        now=clock.now(),
        detail=request.POST.get("detail", ""),
    )
    return HttpResponse(status=204)
