"""The hub's addresses, and the bare pages."""

from __future__ import annotations

from django.urls import include, path

from bench.join import bare

urlpatterns = [
    path("bare/page.js", bare.script),
    path("bare/<str:call>/", bare.page),
    path("", include("vdx.urls")),
]
