"""Postcards for MedCom's staff: to read, never to change, in an order that tells nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from surveys.models import Postcard


@admin.register(Postcard)
class PostcardAdmin(admin.ModelAdmin):
    """The answers of a date in the order of their random keys. A date is the finest there is."""

    list_display = ("date", "edition", "region_code", "carried_out", "picture", "sound", "longer", "replaced")
    list_display_links = None
    list_filter = ("edition", "carried_out", "picture", "sound", "longer", "replaced")
    ordering = ("-date", "key")
    list_per_page = 100

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
