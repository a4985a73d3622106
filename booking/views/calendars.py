"""Calendars: the doctor's own address, what stands behind it, and one meeting as a file."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from booking import access, calendars, services
from booking.views.guard import clinical
from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role
from vdx.lib import clock

doctors = require_roles(Role.DOCTOR)


@require_GET
@doctors
def settings_page(request: HttpRequest) -> HttpResponseBase:
    """Whether the doctor has a calendar address, and how to get one."""
    feed = access.feed_of(cast(Any, request.user))
    return render(request, "booking/calendar.html", {"feed": feed})


@require_POST
@doctors
def open_feed(request: HttpRequest) -> HttpResponseBase:
    """A new address, shown on this page and never again."""
    user = cast(Any, request.user)
    secret = services.open_feed(user=user, now=clock.now())
    address = f"{settings.VDX_PUBLIC_URL}{reverse('booking:feed', args=[secret])}"
    response = render(request, "booking/calendar.html", {"feed": access.feed_of(user), "address": address})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@doctors
def close_feed(request: HttpRequest) -> HttpResponseBase:
    """The address stops working."""
    services.close_feed(user=cast(Any, request.user))
    messages.success(request, _("Adressen virker ikke længere."))
    return redirect("booking:calendar")


@csrf_exempt
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The calendar behind an address, for a program that cannot log in. Wrong, old and closed ones look alike: 404."""
    user = access.owner_of_feed(secret, address=request.client_address)  # type: ignore[attr-defined]
    with translation.override(user.language):
        return _calendar(calendars.own_calendar(user, now=clock.now()))


@require_GET
@clinical
def meeting(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """One meeting as a file."""
    found = access.meeting(cast(Any, request.user), uuid)
    response = _calendar(calendars.one_meeting(found, now=clock.now()))
    response["Content-Disposition"] = 'attachment; filename="videokonsultation.ics"'
    return response


def _calendar(text: bytes) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response
