"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from booking.views import calendars, day, deliveries, desk, meeting

app_name = "booking"

urlpatterns = [
    # The day
    path("", day.show, name="day"),
    path("book", day.book, name="book"),
    path("straks", day.instant, name="instant"),
    # The waiting room
    path("vente", desk.show, name="desk"),
    path("vente/nyt", desk.news, name="desk-news"),
    path("vente/forsinket", desk.delay, name="desk-delay"),
    path("vente/<uuid:uuid>/luk-ind", desk.let_in, name="desk-let-in"),
    path("vente/<uuid:uuid>/kald", desk.ring, name="desk-ring"),
    path("vente/<uuid:uuid>/besked", desk.say, name="desk-say"),
    # One meeting
    path("moede/<uuid:uuid>/", meeting.show, name="meeting"),
    path("moede/<uuid:uuid>/flyt", meeting.move, name="move"),
    path("moede/<uuid:uuid>/forlaeng", meeting.extend, name="extend"),
    path("moede/<uuid:uuid>/aflys", meeting.cancel, name="cancel"),
    path("moede/<uuid:uuid>/udfald", meeting.outcome, name="outcome"),
    path("moede/<uuid:uuid>/qr.svg", meeting.qr, name="qr"),
    path("moede/<uuid:uuid>/send", deliveries.send, name="send"),
    path("moede/<uuid:uuid>/konsultation.ics", calendars.meeting, name="meeting-ics"),
    # The doctor's own calendar
    path("kalender", calendars.settings_page, name="calendar"),
    path("kalender/ny", calendars.open_feed, name="calendar-open"),
    path("kalender/luk", calendars.close_feed, name="calendar-close"),
    path("kalender/<str:secret>.ics", calendars.feed, name="feed"),
]
