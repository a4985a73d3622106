"""One meeting: its message, code and QR, and what can be done about it."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from booking import access, queries, services
from booking.delivery_forms import SendForm, fresh_send_initial
from booking.errors import OutcomeNotChangeable
from booking.forms import ExtendForm, MoveForm, OutcomeForm, moved_initial
from booking.models import Meeting
from booking.rules.overlap import overlapping
from booking.views.day import warn_of_overlap
from booking.views.guard import clinical, posted
from vdx.lib import clock


@require_GET
@clinical
def show(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Everything about one meeting."""
    return page(request, access.meeting(cast(Any, request.user), uuid))


@posted
@clinical
def move(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Another time; the link stays the same."""
    user = cast(Any, request.user)
    meeting = access.meeting(user, uuid)
    now = clock.now()
    form = MoveForm(request.POST, now=now)
    if not form.is_valid():
        return page(request, meeting, move_form=form)
    start, end = form.cleaned_data["start_moment"], form.cleaned_data["end_moment"]
    taken = overlapping(start, end, queries.other_spans(meeting, start, end))
    services.move(meeting_id=meeting.pk, start=start, end=end, actor=user, now=now)
    messages.success(request, _("Konsultationen er flyttet. Linket er det samme. Giv patienten det nye tidspunkt."))
    warn_of_overlap(request, taken)
    return redirect("booking:meeting", uuid)


@posted
@clinical
def extend(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Some minutes more."""
    user = cast(Any, request.user)
    meeting = access.meeting(user, uuid)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return page(request, meeting, extend_form=form)
    minutes = form.cleaned_data["minutes"]
    services.extend(meeting_id=meeting.pk, minutes=minutes, actor=user, now=clock.now())
    messages.success(request, _("Konsultationen er forlænget med %(minutes)s minutter.") % {"minutes": minutes})
    return _back(request, meeting)


@posted
@clinical
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Call it off. A browser without scripts, which has no dialog, is asked on a page of its own first."""
    user = cast(Any, request.user)
    meeting = access.meeting(user, uuid)
    if "ask" in request.POST:
        card = queries.cards(user, [meeting], now=clock.now())[0]
        return render(request, "booking/cancel.html", {"card": card, "back": request.POST.get("back", "")})
    services.cancel(meeting_id=meeting.pk, actor=user, now=clock.now())
    messages.success(request, _("Konsultationen er aflyst, og linket er lukket. Husk at give patienten besked."))
    return _back(request, meeting)


@posted
@clinical
def outcome(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """How it went, as the doctor says it: one tap."""
    user = cast(Any, request.user)
    meeting = access.meeting(user, uuid)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        raise OutcomeNotChangeable
    said = services.correct_outcome(
        meeting_id=meeting.pk, outcome=form.cleaned_data["outcome"], user=user, now=clock.now()
    )
    messages.success(request, _("Tak. Det står nu som: %(outcome)s.") % {"outcome": said.get_outcome_display()})
    return _back(request, meeting)


@require_GET
@clinical
def qr(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The short link as a square for a camera, in SVG."""
    meeting = access.meeting(cast(Any, request.user), uuid)
    picture = BytesIO()
    segno.make(queries.short_link(meeting), micro=False, error="m").save(
        picture, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, svgclass=None, lineclass=None
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def page(
    request: HttpRequest,
    meeting: Meeting,
    *,
    move_form: MoveForm | None = None,
    extend_form: ExtendForm | None = None,
    send_form: SendForm | None = None,
) -> HttpResponse:
    """The meeting's page, with the form that came back if one did."""
    user = cast(Any, request.user)
    now = clock.now()
    card = queries.cards(user, [meeting], now=now)[0]
    if not card.own:
        services.note_look(
            user=user, organisation_id=meeting.organisation_id, target_type="booking.Meeting", target_id=str(meeting.pk)
        )
    return render(
        request,
        "booking/meeting.html",
        {
            "card": card,
            "day": clock.local_date(card.start),
            "move_form": move_form or MoveForm(initial=moved_initial(card.start, card.end), now=now),
            "extend_form": extend_form or ExtendForm(),
            "send_form": send_form
            or SendForm(initial=fresh_send_initial(meeting), offered=services.ways({meeting.organisation_id})),
        },
    )


def _back(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    if request.POST.get("back") == "day":
        return redirect(f"{reverse('booking:day')}?dag={clock.local_date(meeting.start_time).isoformat()}")
    return redirect("booking:meeting", meeting.uuid)
