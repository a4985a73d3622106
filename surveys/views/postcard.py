"""The doctor's postcard after a call. Nothing here writes to a log, the session or a message."""

from __future__ import annotations

from datetime import datetime
from mimetypes import guess_type
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from booking import queries as booking
from rooms.access import SEAT_COOKIE, VISITOR_COOKIE
from surveys import access, queries, services
from surveys.forms import PostcardForm
from surveys.rules.questionnaire import postcard_key
from surveys.wording import in_language
from vdx.lib import clock
from vdx.lib.errors import NotFound


@require_http_methods(["GET", "POST"])
def postcard(request: HttpRequest, code: str) -> HttpResponse:
    """Five questions, one tap each; or none of them, which is counted too."""
    now = clock.now()
    today = clock.local_date(now)
    seat = _seat(request, code, now)
    if seat.is_test:
        return redirect(settings.VDX_AFTER_TEST_CALL)
    if queries.has_answered(room_uuid=seat.room_uuid, seat_key=seat.seat_key):
        return redirect("surveys:thanks", code=code)
    card = queries.card_for(seat.organisation_id, today=today)
    version = queries.published_version(postcard_key(card.edition))
    if version is None:
        # Closed by MedCom: nobody is asked any more.
        return redirect("surveys:thanks", code=code)
    if request.method == "POST" and "skip" in request.POST:
        services.skip_postcard(room_uuid=seat.room_uuid, seat_key=seat.seat_key, edition=card.edition, today=today)
        return redirect("surveys:thanks", code=code)
    definition = queries.definition_of(version.pk)
    form = PostcardForm(request.POST if request.method == "POST" else None, definition=definition)
    if form.is_valid():
        services.send_postcard(
            room_uuid=seat.room_uuid,
            seat_key=seat.seat_key,
            answers=form.answers(),
            edition=card.edition,
            region_code=card.region_code,
            today=today,
        )
        return redirect("surveys:thanks", code=code)
    context = {
        "form": form,
        "region": card.region,
        "code": code,
        "introduction": in_language(definition.introduction),
    }
    return render(request, "surveys/postcard.html", context, status=400 if form.errors else 200)


@require_GET
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """Thank you, how the meeting ended as the doctor sees it, and back to the day."""
    now = clock.now()
    seat = _seat(request, code, now)
    user = cast(Any, request.user)
    card = booking.card_of_room(user, seat.room_uuid, now=now) if user.is_authenticated else None
    return render(request, "surveys/thanks.html", {"card": card})


@require_GET
def logo(request: HttpRequest, code: str) -> HttpResponse:
    """The logo of the region whose edition of the postcard this host meets."""
    now = clock.now()
    seat = _seat(request, code, now)
    region = queries.card_for(seat.organisation_id, today=clock.local_date(now)).region
    if region is None or not region.logo:
        raise NotFound
    kind = guess_type(region.logo.name or "")[0] or "application/octet-stream"
    with region.logo.open("rb") as picture:
        return HttpResponse(picture.read(), content_type=kind)


def _seat(request: HttpRequest, code: str, now: datetime) -> access.HostSeat:
    return access.host_seat(
        code,
        token=request.COOKIES.get(SEAT_COOKIE),
        user=cast(Any, request.user),
        cookie=request.COOKIES.get(VISITOR_COOKIE, ""),
        address=cast(Any, request).client_address,
        now=now,
    )
