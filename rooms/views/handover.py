"""The other device's page for taking over a call: the six digits, and the wait for the first device's yes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from rooms import access, services
from rooms.models import Room
from rooms.rules.window import WindowState
from rooms.services import HandoverStep
from rooms.views.bodies import read_body
from rooms.views.data import page_context
from rooms.views.door import at_the_door, window_of
from rooms.views.room import PAGES
from rooms.views.visitor import Visitor
from vdx.lib import clock


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
@at_the_door
def handover(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """GET: the page, which takes the secret out of its address. POST: ask for the seat, and ask how it stands.

    Body: ``{"code"}`` with the digits or the QR code's secret, answered ``{"claim"}``; then ``{"claim"}``, answered
    ``{"state": "wait"}``, and once ``{"state": "taken"}`` with the seat's cookie.
    """
    if request.method != "POST":
        window = window_of(room)
        if window is not WindowState.OPEN:
            template, status = PAGES[window]
            return render(request, template, page_context(request, room), status=status)
        return render(request, "rooms/handover.html", page_context(request, room))
    body = read_body(request)
    claim = body.get("claim")
    if claim is None:
        code = "".join(str(body.get("code", "")).split())
        attempts = access.slow_handover(room, cookie=visitor.cookie, address=visitor.address)
        claim = services.claim_handover(room_id=room.pk, code=code, now=clock.now())
        for attempt in attempts:
            attempt.take_back()
        return JsonResponse({"claim": claim})
    token = request.COOKIES.get(access.SEAT_COOKIE)
    step, _, new_token = services.finish_handover(room_id=room.pk, claim=str(claim), token=token, now=clock.now())
    answer = {"state": str(step), "address": reverse("rooms:room", args=[room.short_id])}
    response = JsonResponse(answer)
    if step is HandoverStep.TAKEN:
        access.set_seat_cookie(response, room, new_token)
    return response
