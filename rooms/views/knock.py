"""Knocking: the guest's browser gets its seat."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from rooms import access, services
from rooms.metrics import counts_refusals
from rooms.models import Room
from rooms.views.bodies import read_body
from rooms.views.door import at_the_door
from rooms.views.visitor import Visitor, device_kind_of, via_of
from vdx.lib import clock


@require_POST
@counts_refusals
@at_the_door
def knock(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """Take a seat, come back to the browser's own, or take one over from another browser.

    Body: ``{"pin"?, "via"?, "move"?}``; answer: ``{"seat", "state"}``.
    """
    body = read_body(request)
    token = request.COOKIES.get(access.SEAT_COOKIE)
    secret = body.get("move")
    if secret is not None:
        access.check_move(room, str(secret), cookie=visitor.cookie, address=visitor.address)
        seat, token = services.take_over(room_id=room.pk, secret=str(secret), token=token, now=clock.now())
    else:
        shown = access.has_shown_pin(room, request.COOKIES.get(access.PIN_COOKIE))
        if not shown and access.seat_for(room, token) is None:
            # A seat was given against the pin, and keeps what it was given.
            access.check_guest_pin(room, str(body.get("pin", "")), cookie=visitor.cookie, address=visitor.address)
        kind = device_kind_of(request, via_of(body.get("via")))
        tested = access.tested_verdict(room, request.COOKIES.get(access.TEST_COOKIE))
        seat, token = services.knock(
            room_id=room.pk,
            token=token,
            device_kind=kind,
            now=clock.now(),
            test_verdict=tested,
            by_login=request.user.is_authenticated,
        )
    response = JsonResponse({"seat": seat.key, "state": seat.state})
    access.set_seat_cookie(response, room, token)
    return response
