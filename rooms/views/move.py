"""Going on in another browser with the same seat."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from rooms import access, services
from rooms.errors import KnockAgain
from rooms.metrics import counts_refusals
from rooms.models import Room
from rooms.views.door import at_the_door
from rooms.views.visitor import Visitor
from vdx.lib import clock

# The secret stands behind the #, which browsers keep to themselves: no server, proxy or log gets it in an address.
MARK = "#flyt="


@require_POST
@counts_refusals
@at_the_door
def move(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """Draw the link by which this browser's seat goes on in another. Answer: ``{"address"}``."""
    seat = access.seat_for(room, request.COOKIES.get(access.SEAT_COOKIE))
    if seat is None:
        raise KnockAgain
    secret = services.offer_move(seat_id=seat.pk, now=clock.now())
    return JsonResponse({"address": f"{settings.VDX_SHORT_LINK_BASE}{room.short_id}{MARK}{secret}"})
