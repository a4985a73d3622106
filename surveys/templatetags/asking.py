"""What other apps' pages show of surveys: the offer of the questionnaire, and the postcards not yet answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from rooms.access import SEAT_COOKIE
from surveys import access, queries
from surveys.queries import Standing
from surveys.rules.asking import pace
from surveys.rules.questionnaire import PATIENTS
from vdx.lib import clock

if TYPE_CHECKING:
    from rooms.models import Room
    from rooms.queries import Hosted

register = template.Library()


@register.simple_tag(takes_context=True)
def questionnaire_offer(context: dict[str, Any], room: Room) -> dict[str, Any] | None:
    """What this browser is offered after the room's call; None for nothing. ``count``: the page's script says so.

    ``minutes``: how long all of it takes; ``quick``: the first pages take less than one.
    """
    request, now = context["request"], clock.now()
    guest = access.guest_in(
        room,
        token=request.COOKIES.get(SEAT_COOKIE),
        browser=request.COOKIES.get(access.ASKED_COOKIE, ""),
        user=request.user,
        now=now,
    )
    if guest is None:
        return None
    study_id = access.study_id_of(request.COOKIES.get(access.ANSWERS_COOKIE))
    standing = queries.standing_of(guest, study_id=study_id, today=clock.local_date(now))
    if standing == Standing.NOTHING:
        return None
    never_in = not guest.seat_key
    version = queries.published_version(PATIENTS) if standing == Standing.NEW else None
    takes = pace(queries.definition_of(version.pk)) if version else None
    return {
        "minutes": takes.minutes if takes else 0,
        "quick": bool(takes and takes.first),
        "standing": str(standing),
        "never_in": never_in,
        "count": never_in and not guest.browser and standing == Standing.NEW,
    }


@register.simple_tag(takes_context=True)
def unanswered_postcards(context: dict[str, Any]) -> list[Hosted]:
    """The calls of the last week that the person who is logged in has not answered the postcard for."""
    user = context["request"].user
    return queries.unanswered(user.pk, now=clock.now()) if user.is_authenticated else []
