"""The waiting room's page: who waits in which of today's meetings, and what a host does about it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from booking import access, services
from booking import desk_queries as queries
from booking.access import Host
from booking.desk_forms import DelayForm, SayForm, SeatForm
from booking.desk_queries import DeskMeeting
from booking.views.guard import clinical, posted
from booking.wording import clock as shown
from rooms import queries as rooms_queries
from rooms import services as rooms
from rooms.access import desk_ticket, set_seat_cookie
from rooms.enums import DeviceKind, ReadySentence, TestVerdict
from vdx.lib import clock
from vdx.lib.errors import DomainError, InvalidInput, NotFound

# What one tap says, in minutes; 0 takes it back.
DELAYS = (5, 10, 15, 20)


@require_GET
@clinical
def show(request: HttpRequest) -> HttpResponseBase:
    """The page. Who waits comes by its socket: names are in nothing that is sent here."""
    user = cast(Any, request.user)
    now = clock.now()
    hosts = access.hosts(user)
    meetings = queries.desk(user, now=now)
    for organisation_id in {meeting.organisation_id for meeting in meetings if not meeting.own}:
        services.note_look(
            user=user, organisation_id=organisation_id, target_type="desk", target_id=clock.local_date(now).isoformat()
        )
    return render(
        request,
        "booking/desk.html",
        {
            "hosts": hosts,
            "delays": DELAYS,
            "sentences": ReadySentence.choices,
            "verdicts": TestVerdict.choices,
            "news": _news(request, meetings, hosts),
        },
    )


@require_GET
@clinical
def news(request: HttpRequest) -> HttpResponseBase:
    """Today's meetings as they are now, and a fresh ticket for the socket. Asked for again and again."""
    user = cast(Any, request.user)
    return JsonResponse(_news(request, queries.desk(user, now=clock.now()), access.hosts(user)))


@posted
@clinical
def let_in(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Into the room as its host, and the one who waits with it. Who is in another call is asked first."""
    user = cast(Any, request.user)
    now = clock.now()
    meeting = access.meeting(user, uuid)
    form = SeatForm(request.POST)
    if not form.is_valid():
        raise InvalidInput
    elsewhere = rooms_queries.hosting(user.pk, now) - {meeting.room.uuid}
    if elsewhere and not form.cleaned_data["leave"]:
        return render(request, "booking/desk_leave.html", {"meeting": meeting, "seat": form.cleaned_data["seat"]})
    try:
        token = rooms.enter_and_admit(
            room_id=meeting.room_id,
            seat_key=form.cleaned_data["seat"],
            user=user,
            device_kind=DeviceKind.BROWSER,
            now=now,
        )
    except DomainError as error:
        messages.warning(request, str(error.message))
        return redirect("booking:desk")
    rooms.leave_other_rooms(user_id=user.pk, room_id=meeting.room_id, now=now)
    response = redirect("rooms:room", meeting.short_id)
    set_seat_cookie(response, meeting.room, token)
    return response


@posted
@clinical
def ring(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ring at somebody who waits."""
    user = cast(Any, request.user)
    meeting = access.meeting(user, uuid)
    form = SeatForm(request.POST)
    if not form.is_valid():
        raise InvalidInput
    rooms.ring(room_id=meeting.room_id, seat_key=form.cleaned_data["seat"], actor=user, now=clock.now())
    return JsonResponse({})


@posted
@clinical
def say(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say a ready sentence to somebody who waits."""
    user = cast(Any, request.user)
    meeting = access.meeting(user, uuid)
    form = SayForm(request.POST)
    if not form.is_valid():
        raise InvalidInput
    rooms.say(
        room_id=meeting.room_id,
        seat_key=form.cleaned_data["seat"],
        sentence=ReadySentence(form.cleaned_data["sentence"]),
        actor=user,
        now=clock.now(),
    )
    return JsonResponse({})


@posted
@clinical
def delay(request: HttpRequest) -> HttpResponse:
    """Say in all the doctor's rooms of today, from now on, how late it gets."""
    user = cast(Any, request.user)
    now = clock.now()
    form = DelayForm(request.POST)
    if not form.is_valid():
        raise InvalidInput
    host = next((host for host in access.hosts(user) if host.key == form.cleaned_data["host"]), None)
    if host is None:
        raise NotFound
    minutes = form.cleaned_data["minutes"]
    count = rooms.delay(room_ids=queries.rest_of_day(user, host, now=now), minutes=minutes, actor=user, now=now)
    return JsonResponse({"meetings": count, "minutes": minutes})


def _news(request: HttpRequest, meetings: list[DeskMeeting], hosts: list[Host]) -> dict[str, Any]:
    user = cast(Any, request.user)
    now = clock.now()
    said = queries.delays(user, hosts, now=now)
    hosting = {room.hex for room in rooms_queries.hosting(user.pk, now)}
    return {
        "ticket": desk_ticket(user, [meeting.room for meeting in meetings], request.session.session_key or ""),
        "now": now.isoformat(),
        "hosting": sorted(hosting),
        "delays": {host.key: said.get(host.key, 0) for host in hosts},
        "meetings": [
            {
                "room": meeting.room.hex,
                "at": shown(meeting.start),
                "starts": meeting.start.isoformat(),
                "title": meeting.subject or (_("Straks-møde") if meeting.instant else _("Konsultation")),
                "doctor": meeting.doctor,
                "letIn": reverse("booking:desk-let-in", args=[meeting.uuid]),
                "ring": reverse("booking:desk-ring", args=[meeting.uuid]),
                "say": reverse("booking:desk-say", args=[meeting.uuid]),
                "page": reverse("booking:meeting", args=[meeting.uuid]),
            }
            for meeting in meetings
        ],
    }
