"""A fixed room's own page, /f/<address>: the guests' pin, and for those who may the host's entry."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from rooms import access, fixed_access
from rooms.errors import UnknownAddress, WrongPin
from rooms.fixed_forms import PinForm
from rooms.metrics import counts_refusals, refused
from rooms.models_fixed import FixedRoom
from rooms.services import fixed as services
from rooms.views.fixed.rooms import into
from rooms.views.visitor import Visitor, device_kind_of, visitor_of
from vdx.accounts.access import owes_second_factor
from vdx.lib import clock

View = Callable[[HttpRequest, FixedRoom, Visitor], HttpResponse]


def at_the_address(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """View decorator: the address becomes the room; one written another way leads to the one that it has."""

    @functools.wraps(view)
    def with_room(request: HttpRequest, address: str) -> HttpResponse:
        visitor = visitor_of(request)
        response: HttpResponse
        try:
            fixed = fixed_access.room_at(address, cookie=visitor.cookie, client=visitor.address)
        except UnknownAddress as error:
            refused(error)
            response = render(request, "rooms/fixed/unknown.html", status=404)
        else:
            match = request.resolver_match
            if address != fixed.address and match is not None:
                response = redirect(match.view_name, fixed.address)
            else:
                response = view(request, fixed, visitor)
        visitor.remember(response)
        # The page must not be shown again from the browser's memory when the room has been turned off.
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return with_room


@require_http_methods(["GET", "HEAD", "POST"])
@counts_refusals
@at_the_address
def door(request: HttpRequest, fixed: FixedRoom, visitor: Visitor) -> HttpResponse:
    """GET: the field for the pin. POST: to the call's waiting room, which opens with the first who comes."""
    form = PinForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, fixed, form, status=200)
    if not form.is_valid():
        return _page(request, fixed, form, status=400)
    try:
        pin = form.cleaned_data["pin"]
        fixed_access.check_guest_pin(fixed, pin, cookie=visitor.cookie, client=visitor.address)
    except WrongPin as error:
        refused(error)
        form.add_error("pin", str(error.message))
        return _page(request, fixed, form, status=403)
    room = services.open_call(fixed_room_id=fixed.pk, now=clock.now())
    response = HttpResponseRedirect(reverse("rooms:room", args=[room.short_id]))
    access.set_pin_cookie(response, room)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@counts_refusals
@at_the_address
def host_door(request: HttpRequest, fixed: FixedRoom, visitor: Visitor) -> HttpResponse:
    """A login that may use the room presses one button; anybody else types the host's pin, where there is one."""
    user: Any = request.user
    if user.is_authenticated and owes_second_factor(user):
        # The list's guard asks for it.
        return redirect("rooms:fixed_rooms")
    may = fixed_access.may_use(user, fixed)
    if not may and fixed.host_pin is None and not user.is_authenticated:
        return redirect_to_login(reverse("rooms:fixed_host", args=[fixed.address]))
    if not may and fixed.host_pin is None:
        return _host_page(request, fixed, None, may=False, status=403)
    form = None if may else PinForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _host_page(request, fixed, form, may=may, status=200)
    if form is not None:
        if not form.is_valid():
            return _host_page(request, fixed, form, may=False, status=400)
        try:
            pin = form.cleaned_data["pin"]
            fixed_access.check_host_pin(fixed, pin, cookie=visitor.cookie, client=visitor.address)
        except WrongPin as error:
            refused(error)
            form.add_error("pin", str(error.message))
            return _host_page(request, fixed, form, may=False, status=403)
    room, token = services.enter_as_host(
        fixed_room_id=fixed.pk,
        user=user if may else None,
        device_kind=device_kind_of(request, ""),
        now=clock.now(),
    )
    return into(room, token)


def _page(request: HttpRequest, fixed: FixedRoom, form: PinForm, *, status: int) -> HttpResponse:
    context = {"fixed": fixed, "form": form, "may": fixed_access.may_use(request.user, fixed)}
    return render(request, "rooms/fixed/door.html", context, status=status)


def _host_page(request: HttpRequest, fixed: FixedRoom, form: PinForm | None, *, may: bool, status: int) -> HttpResponse:
    return render(request, "rooms/fixed/host.html", {"fixed": fixed, "form": form, "may": may}, status=status)
