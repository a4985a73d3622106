"""The room's short link as a picture for the patient's telephone."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rooms import access
from rooms.enums import SeatRole
from rooms.errors import HostOnly
from rooms.models import Room
from rooms.views.door import at_the_door
from rooms.views.visitor import Visitor


@require_safe
@at_the_door
def qr(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """SVG, for the host's browser only."""
    seat = access.seat_for(room, request.COOKIES.get(access.SEAT_COOKIE))
    if seat is None or seat.role != SeatRole.HOST:
        raise HostOnly
    picture = io.BytesIO()
    segno.make(f"{settings.VDX_SHORT_LINK_BASE}{room.short_id}", error="m").save(
        picture, kind="svg", scale=6, border=4, omitsize=True, svgclass=None, lineclass=None
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
