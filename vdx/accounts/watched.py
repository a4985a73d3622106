"""What every page of the administration builds on: each look is written down, and what is only to look at stays so."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from vdx.accounts import services


class WatchedAdmin(admin.ModelAdmin):
    """Nothing is deleted, each look leaves an audit entry, and the admin keeps no log of its own beside it."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: HttpResponse = super().changelist_view(request, extra_context)
        self._note_shown(request, response, "admin.list")
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        # An id that is none was answered with a redirect, and is no id to write down.
        if object_id is not None and response.status_code == 200:
            self._note_shown(request, response, "admin.view", self.opts.pk.to_python(unquote(object_id)))
        return response

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """The service has written it down."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """The service has written it down."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The service has written it down."""

    def _note_shown(self, request: HttpRequest, response: HttpResponse, action: str, target_id: object = "") -> None:
        """Write the look down. Who was sent away, or sent something in, saw nothing by it."""
        if request.method == "GET" and response.status_code == 200:
            services.audit(
                action=action, target_type=self.opts.label, target_id=target_id, actor=cast(Any, request.user)
            )


class ReadOnly:
    """Goes before an admin or an inline: nobody adds, changes or deletes."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
