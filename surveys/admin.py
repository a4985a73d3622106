"""Postcards for MedCom's staff: to read, never to change, in an order that tells nothing."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from surveys import admin_questionnaires, admin_questions  # noqa: F401  # they register their pages
from surveys.models import Postcard
from vdx.accounts.watched import ReadOnly, WatchedAdmin


@admin.register(Postcard)
class PostcardAdmin(ReadOnly, WatchedAdmin):
    """The answers of a date in the order of their random keys. A date is the finest there is.

    The audit says who looked at the list. A card has no page of its own, and stands in no audit entry.
    """

    list_display = ("date", "edition", "region_code", "carried_out", "picture", "sound", "longer", "replaced")
    list_display_links = None
    list_filter = ("edition", "carried_out", "picture", "sound", "longer", "replaced")
    ordering = ("-date", "key")
    list_per_page = 100

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_view_permission(request)
