"""Table of contents of the hub's addresses."""

from __future__ import annotations

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from vdx.views import errors, health, language

urlpatterns = [
    # Everybody
    path("sprog", language.choose, name="language"),
    # Machines
    path("sundhed/levende", health.alive, name="alive"),
    path("sundhed/klar", health.ready, name="ready"),
    # MedCom
    path("admin/", admin.site.urls),
]
for prefix, module in [
    ("", "rooms.urls"),
    ("konto/", "vdx.accounts.urls"),
    ("portal/statistik/", "monitoring.urls"),
    ("portal/", "booking.urls"),
    ("", "surveys.urls"),
]:
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
