"""Addresses of the organisation service. A code may hold slashes, so the fixed words come first."""

from __future__ import annotations

from django.urls import re_path

from booking.api.organisations import views

app_name = "organisations"

urlpatterns = [
    re_path(r"^organisation/?$", views.Organisations.as_view(), name="organisations"),
    re_path(r"^organisation/uri/?$", views.ByUri.as_view(), name="by-uri"),
    re_path(r"^organisation/(?P<code>.+)/descendants/?$", views.Descendants.as_view(), name="descendants"),
    re_path(r"^organisation/(?P<code>.+?)/?$", views.OneOrganisation.as_view(), name="organisation"),
    re_path(r"^organisationtree/?$", views.Path.as_view(), name="path"),
    re_path(r"^organisationtree/(?P<code>.+?)/?$", views.Path.as_view(), name="path-of"),
    re_path(r"^organisationtree-children/?$", views.Children.as_view(), name="children"),
    re_path(r"^organisation-tree-for-api-key/?$", views.ForApiKey.as_view(), name="for-api-key"),
    re_path(r"^", views.Unknown.as_view(), name="unknown"),
]
