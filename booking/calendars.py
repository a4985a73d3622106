"""What stands in doctors' calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from booking import access
from booking.enums import Outcome
from booking.models import Meeting
from vdx.lib.ics import AHEAD, BACK, Entry, calendar

if TYPE_CHECKING:
    from vdx.accounts.models import User


def own_calendar(user: User, *, now: datetime) -> bytes:
    """The doctor's own meetings of a month back and a year ahead, wherever the doctor works. One query."""
    meetings = (
        access.meetings_of(user)
        .filter(organized_by__email__iexact=user.email, start_time__gte=now - BACK, start_time__lt=now + AHEAD)
        .select_related("organisation")
        .order_by("start_time", "pk")
    )
    return _written(meetings, now)


def one_meeting(meeting: Meeting, *, now: datetime) -> bytes:
    """One meeting, to be put into a calendar by hand."""
    return _written([meeting], now)


def _written(meetings: Iterable[Meeting], now: datetime) -> bytes:
    host = urlsplit(settings.VDX_PUBLIC_URL).hostname or ""
    return calendar((_entry(meeting) for meeting in meetings), host=host, name=_("Videokonsultationer"), now=now)


def _entry(meeting: Meeting) -> Entry:
    cancelled = meeting.outcome == Outcome.CANCELLED
    summary = _("Videokonsultation")
    return Entry(
        key=str(meeting.uuid),
        start=meeting.start_time,
        end=meeting.end_time,
        sequence=meeting.sequence,
        created=meeting.created_time,
        changed=max(filter(None, (meeting.created_time, meeting.updated_time, meeting.concluded_at))),
        cancelled=cancelled,
        summary=_("Aflyst: %(what)s") % {"what": summary} if cancelled else summary,
        place=meeting.organisation.name,
        page=f"{settings.VDX_PUBLIC_URL}{reverse('booking:meeting', args=[meeting.uuid])}",
    )
