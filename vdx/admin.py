"""The administration of the hub, for MedCom's staff with the second factor shown. Read-mostly."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class VdxAdminConfig(AdminConfig):
    """Django's admin with our site in it."""

    default_site = "vdx.admin.VdxAdminSite"


class VdxAdminSite(AdminSite):
    """The admin's door: active, MedCom's, and verified in this session."""

    site_header = _("VDX administration")
    site_title = _("VDX administration")
    index_title = _("Overblik")
    site_url = "/portal/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may be here at all."""
        user: Any = request.user
        return bool(user.is_active and user.is_staff and user.is_verified())

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one login page, which knows about the second factor and about guessing."""
        onward = {"next": request.GET.get("next") or reverse("admin:index")}
        return HttpResponseRedirect(f"{reverse('accounts:login')}?{urlencode(onward)}")
