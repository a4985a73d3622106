"""Addresses of surveys."""

from __future__ import annotations

from django.urls import path

from surveys.views import postcard

app_name = "surveys"
urlpatterns = [
    # The host, after the call
    path("m/<str:code>/postkort", postcard.postcard, name="postcard"),
    path("m/<str:code>/postkort/logo", postcard.logo, name="logo"),
    path("m/<str:code>/postkort/tak", postcard.thanks, name="thanks"),
]
