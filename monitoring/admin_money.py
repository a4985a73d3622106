"""Fees and costs in the admin: MedCom enters them, and each change is written down."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from monitoring import money, services
from monitoring.models import Cost, Fee
from vdx.accounts.watched import WatchedAdmin


class MoneyAdmin(WatchedAdmin):
    """What was entered by mistake can be taken away again."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.save_money(row=obj, actor=cast(Any, request.user))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.drop_money(row=obj, actor=cast(Any, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            services.drop_money(row=row, actor=cast(Any, request.user))

    @admin.display(description=_("beløb"), ordering="amount_ore")
    def crowns(self, row: Fee | Cost) -> str:
        """In crowns."""
        return money.kroner(row.amount_ore)


@admin.register(Fee)
class FeeAdmin(MoneyAdmin):
    """A new level is a new row with its own date."""

    list_display = ("kind", "region", "practice_kind", "rule", "crowns", "valid_from", "valid_until")
    list_filter = ("region", "kind", "practice_kind")
    ordering = ("region", "kind", "-valid_from", "pk")
    fields = (
        "region",
        "practice_kind",
        "kind",
        "rule",
        "amount_ore",
        "module_minutes",
        "most_modules",
        "quantity",
        "valid_from",
        "valid_until",
        "service_code",
    )


@admin.register(Cost)
class CostAdmin(MoneyAdmin):
    """A cost belongs to the period that its day lies in."""

    list_display = ("item", "region", "quantity", "unit", "crowns", "day")
    list_filter = ("region",)
    date_hierarchy = "day"
    ordering = ("-day", "-pk")
    fields = ("region", "item", "quantity", "unit", "amount_ore", "day")
