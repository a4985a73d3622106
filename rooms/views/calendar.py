"""The meeting as a file for the patient's own calendar: when, where and the link, and nothing about the patient."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rooms.models import Room
from rooms.rules.window import WindowState
from rooms.views.door import at_the_door, window_of
from rooms.views.visitor import Visitor
from vdx.lib import clock, ids
from vdx.lib.ics import Entry, calendar


@require_safe
@at_the_door
def patients_calendar(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """The file. A room that is closed, or has no time, says so on its own page."""
    if room.starts_at is None or room.ends_at is None or window_of(room) is WindowState.CLOSED:
        return redirect("rooms:room", room.short_id)
    now = clock.now()
    link = f"{settings.VDX_SHORT_LINK_BASE}{room.short_id}"
    entry = Entry(
        # Neither the room's uuid, which record systems know it by, nor the code, which opens its door.
        key=ids.digest("patients-calendar", str(room.uuid))[:32],
        start=room.starts_at,
        end=room.ends_at,
        # A file fetched later goes before one fetched earlier (RFC 5545, 3.8.7.4).
        sequence=max(0, int((now - room.created_time).total_seconds())),
        created=room.created_time,
        changed=now,
        cancelled=False,
        summary=_("Videokonsultation"),
        place=room.organisation.name,
        page=link,
        note=_("Tryk på linket, når det er tid: %(link)s") % {"link": link},
    )
    host = urlsplit(settings.VDX_PUBLIC_URL).hostname or ""
    text = calendar([entry], host=host, name=_("Videokonsultation"), now=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="videokonsultation.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
