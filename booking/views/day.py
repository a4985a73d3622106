"""The day page: what is on, and booking on the same screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from booking import access, desk_queries, queries, services
from booking.access import Host
from booking.enums import DeliveryWay
from booking.errors import DoctorNotThere
from booking.forms import BookingForm, InstantForm, fresh_initial
from booking.models import Meeting
from booking.rules.overlap import overlapping
from booking.views.guard import clinical, posted
from booking.wording import clock as shown
from rooms import services as rooms
from rooms.access import set_seat_cookie
from rooms.enums import DeviceKind
from vdx.lib import clock
from vdx.lib.errors import DomainError, NotFound


@require_GET
@clinical
def show(request: HttpRequest) -> HttpResponseBase:
    """The day: ``?dag=YYYY-MM-DD``, of one doctor only with ``&laege=``; ``&booket=`` shows what was just booked."""
    return _page(request, now=clock.now())


@posted
@clinical
def book(request: HttpRequest) -> HttpResponseBase:
    """Book, and come back to the day with the message ready. What cannot be used comes back with nothing lost."""
    now = clock.now()
    user = cast(Any, request.user)
    hosts = access.hosts(user)
    form = BookingForm(request.POST, hosts=hosts, now=now, offered=_ways(hosts))
    if not form.is_valid():
        return _page(request, now=now, form=form)
    host = form.chosen
    start, end = form.cleaned_data["start_moment"], form.cleaned_data["end_moment"]
    taken = overlapping(start, end, queries.spans_of([host], start, end)[host.key])
    try:
        meeting = services.book_once(
            key=form.cleaned_data["key"],
            organisation=host.organisation,
            organiser=host.user,
            actor=user,
            subject=form.cleaned_data["subject"],
            start=start,
            end=end,
            guest_pin_required=form.cleaned_data["guest_pin"],
            sending=form.sending(form.cleaned_data["key"]),
            now=now,
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _page(request, now=now, form=form)
    # The meeting itself is in its own way when the same form is sent twice.
    if meeting.created_time == now:
        warn_of_overlap(request, taken)
    return redirect(_day_url(start, laege=request.POST.get("laege", ""), booket=str(meeting.uuid)))


@posted
@clinical
def instant(request: HttpRequest) -> HttpResponseBase:
    """Start nu: one request books, takes the host's seat, and leads into the room."""
    now = clock.now()
    user = cast(Any, request.user)
    sent = InstantForm(request.POST)
    hosts = {host.key: host for host in access.hosts(user)}
    if not sent.is_valid() or sent.cleaned_data["host"] not in hosts:
        form = BookingForm(
            initial=_typed(
                request,
                ("key", "host", "day", "start", "end", "subject", "guest_pin", "way", "address", "language", "remind"),
            ),
            hosts=list(hosts.values()),
            now=now,
            offered=_ways(hosts.values()),
        )
        return _page(request, now=now, form=form, refused=str(DoctorNotThere.message))
    host = hosts[sent.cleaned_data["host"]]
    meeting = services.book_instant_once(
        key=sent.cleaned_data["key"], organisation=host.organisation, organiser=host.user, actor=user, now=now
    )
    _seat, token = rooms.take_host_seat(room_id=meeting.room_id, user=user, device_kind=DeviceKind.BROWSER, now=now)
    response = redirect("rooms:room", meeting.short_id)
    set_seat_cookie(response, meeting.room, token)
    return response


def warn_of_overlap(request: HttpRequest, taken: list[tuple[datetime, datetime]]) -> None:
    """Say that the doctor's time is taken already; it is allowed."""
    if taken:
        times = ", ".join(f"{shown(start)}–{shown(end)}" for start, end in taken)
        messages.warning(
            request, _("Bemærk: lægen har en anden konsultation på samme tid (kl. %(times)s).") % {"times": times}
        )


def _page(request: HttpRequest, *, now: datetime, form: BookingForm | None = None, refused: str = "") -> HttpResponse:
    user = cast(Any, request.user)
    asked = request.POST if request.method == "POST" else request.GET
    hosts = access.hosts(user)
    today = clock.local_date(now)
    shown_day = _day(asked.get("dag", ""), today)
    chosen = next((host for host in hosts if host.key == asked.get("laege")), None)
    page = queries.day(user, shown_day, chosen=chosen, now=now)
    suggested = queries.suggestions(hosts, max(shown_day, today), now=now)
    if form is None:
        form = _fresh_form(user, hosts, chosen, suggested, now)
    for organisation_id in {card.organisation_id for card in page.meetings if not card.own}:
        services.note_look(
            user=user, organisation_id=organisation_id, target_type="day", target_id=shown_day.isoformat()
        )
    return render(
        request,
        "booking/day.html",
        {
            "page": page,
            "form": form,
            "refused": refused,
            "hosts": hosts,
            "chosen": chosen,
            "today": today,
            "now": now,
            "waiting_now": desk_queries.desk_waiting(user, now=now),
            "before": shown_day - timedelta(days=1),
            "after": shown_day + timedelta(days=1),
            "booked": _booked(request, now),
            "day_data": _day_data(suggested),
        },
    )


def _fresh_form(
    user: Any, hosts: list[Host], chosen: Host | None, suggested: dict[str, queries.Suggestion], now: datetime
) -> BookingForm | None:
    if not hosts:
        return None
    usual = chosen or next((host for host in hosts if host.user.pk == user.pk or len(hosts) == 1), None)
    first = suggested[usual.key if usual else hosts[0].key]
    initial = fresh_initial(first.start, first.end, usual.key if usual else "")
    return BookingForm(initial=initial, hosts=hosts, now=now, offered=_ways(hosts))


def _ways(hosts: Iterable[Host]) -> list[DeliveryWay]:
    return services.ways({host.organisation.pk for host in hosts})


def _booked(request: HttpRequest, now: datetime) -> queries.MeetingCard | None:
    """The meeting that was just booked, if the address names one that the person may see."""
    try:
        uuid = UUID(request.GET.get("booket", ""))
        meeting: Meeting = access.meeting(cast(Any, request.user), uuid)
    except (ValueError, NotFound):
        return None
    return queries.cards(cast(Any, request.user), [meeting], now=now)[0]


def _day_data(suggested: dict[str, queries.Suggestion]) -> dict[str, Any]:
    return {
        "suggestions": {
            key: {
                "day": clock.local(value.start).date().isoformat(),
                "start": f"{clock.local(value.start):%H:%M}",
                "end": f"{clock.local(value.end):%H:%M}",
            }
            for key, value in suggested.items()
        },
        "texts": {
            "waiting": _("{count} venter i venteværelset"),
        },
    }


def _day(text: str, today: date) -> date:
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return today
    # Its neighbours must be days as well.
    return asked if date(1901, 1, 1) <= asked <= date(9000, 1, 1) else today


def _day_url(moment: datetime, **also: str) -> str:
    query = {"dag": clock.local_date(moment).isoformat(), **{name: value for name, value in also.items() if value}}
    return f"{reverse('booking:day')}?{urlencode(query)}"


def _typed(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}
