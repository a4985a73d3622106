"""Rooms in the administration: to look at, and to close. No code, pin or name is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rooms import services
from rooms.enums import CloseReason
from rooms.models import Room
from vdx.accounts import services as accounts
from vdx.lib import clock

if TYPE_CHECKING:
    from vdx.accounts.models import User


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET":
            self._note(request, "admin.list")
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "GET" and object_id is not None:
            self._note(request, "admin.view", object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    @admin.action(description=_("Luk rum"), permissions=["view"])
    def close_rooms(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        """Close the chosen rooms for good; whoever is in them is told."""
        now, actor = clock.now(), cast("User", request.user)
        for room in rooms:
            services.close_room(room_id=room.pk, reason=CloseReason.ADMIN, now=now, actor=actor)
        self.message_user(request, gettext("Rummene er lukket ({count}).").format(count=len(rooms)), messages.SUCCESS)

    def _note(self, request: HttpRequest, action: str, target_id: object = "") -> None:
        accounts.audit(
            action=action, target_type=self.opts.label, target_id=target_id, actor=cast("User", request.user)
        )
