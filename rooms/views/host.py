"""The host's entry: by a portal login that may host, or by the host's pin. Never by an address alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from rooms import access, services
from rooms.errors import HostDoorShut, WrongPin
from rooms.forms import HostPinForm
from rooms.metrics import counts_refusals, refused
from rooms.models import Room
from rooms.rules.host import HostDoor, host_door
from rooms.rules.window import WindowState
from rooms.views.data import page_context
from rooms.views.door import at_the_door, portal_of, window_of
from rooms.views.room import PAGES
from rooms.views.visitor import Visitor, device_kind_of, via_of
from vdx.lib import clock

if TYPE_CHECKING:
    from vdx.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@counts_refusals
@at_the_door
def host(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """GET: the field for the pin, or one button for a login that may host. POST: take the host's seat.

    Where the meeting is held on a page of the practice's own, the host is told so, and shown the way.
    """
    window = window_of(room)
    if window is not WindowState.OPEN:
        template, status = PAGES[window]
        return render(request, template, page_context(request, room), status=status)
    door = host_door(login_may_host=access.may_host(request.user, room), has_pin=room.host_pin is not None)
    if door is HostDoor.SHUT:
        if request.method != "POST" and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        raise HostDoorShut
    form = HostPinForm(request.POST if request.method == "POST" else None) if door is HostDoor.PIN else None
    if request.method != "POST":
        return _page(request, room, form, status=200)
    if form is not None:
        if not form.is_valid():
            return _page(request, room, form, status=400)
        try:
            pin = form.cleaned_data["pin"]
            access.check_host_pin(room, pin, cookie=visitor.cookie, address=visitor.address)
        except WrongPin as error:
            refused(error)
            form.add_error("pin", str(error.message))
            return _page(request, room, form, status=403)
    # Not by a redirect: browsers let a form of ours lead to no other site (form-action).
    elsewhere = portal_of(room, room.custom_portal_host, room.host_pin)
    if elsewhere is not None:
        return render(request, "rooms/elsewhere.html", page_context(request, room, portal=elsewhere))
    _, token = services.take_host_seat(
        room_id=room.pk,
        user=cast("User", request.user) if door is HostDoor.LOGIN else None,
        device_kind=device_kind_of(request, via_of(request.POST.get("via"))),
        now=clock.now(),
        token=request.COOKIES.get(access.SEAT_COOKIE),
    )
    response = HttpResponseRedirect(reverse("rooms:room", args=[room.short_id]))
    access.set_seat_cookie(response, room, token)
    return response


def _page(request: HttpRequest, room: Room, form: HostPinForm | None, *, status: int) -> HttpResponse:
    """The field for the pin, or without a form the one button."""
    return render(request, "rooms/host_pin.html", page_context(request, room, form=form), status=status)
