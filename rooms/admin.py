"""Rooms in the administration: to look at, and to close. No code, pin or name is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rooms import services
from rooms.enums import CloseReason
from rooms.models import Room
from vdx.accounts.watched import ReadOnly, WatchedAdmin
from vdx.lib import clock

if TYPE_CHECKING:
    from vdx.accounts.models import User


@admin.register(Room)
class RoomAdmin(ReadOnly, WatchedAdmin):
    """MedCom's list of rooms. Each look is written down."""

    list_display = ("uuid", "organisation", "kind", "state", "starts_at", "ends_at", "closed_at", "close_reason")
    list_filter = ("state", "kind", "close_reason")
    list_select_related = ("organisation",)
    search_fields = ("uuid", "organisation__name", "organisation__code")
    search_help_text = _("Møde-id eller organisation")
    ordering = ("-starts_at", "-pk")
    actions = ("close_rooms",)
    fields = (
        "uuid",
        "organisation",
        "kind",
        "state",
        "starts_at",
        "ends_at",
        "opens_at",
        "closes_at",
        "opened_at",
        "closed_at",
        "close_reason",
        "max_participants",
        "end_meeting_on_end_time",
        "created_time",
    )

    @admin.action(description=_("Luk rum"), permissions=["view"])
    def close_rooms(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        """Close the chosen rooms for good; whoever is in them is told."""
        now, actor = clock.now(), cast("User", request.user)
        for room in rooms:
            services.close_room(room_id=room.pk, reason=CloseReason.ADMIN, now=now, actor=actor)
        self.message_user(request, gettext("Rummene er lukket ({count}).").format(count=len(rooms)), messages.SUCCESS)
