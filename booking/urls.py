"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from booking.views import day, meeting

app_name = "booking"

urlpatterns = [
    # The day
    path("", day.show, name="day"),
    path("book", day.book, name="book"),
    path("straks", day.instant, name="instant"),
    # One meeting
    path("moede/<uuid:uuid>/", meeting.show, name="meeting"),
    path("moede/<uuid:uuid>/flyt", meeting.move, name="move"),
    path("moede/<uuid:uuid>/forlaeng", meeting.extend, name="extend"),
    path("moede/<uuid:uuid>/aflys", meeting.cancel, name="cancel"),
    path("moede/<uuid:uuid>/qr.svg", meeting.qr, name="qr"),
]
