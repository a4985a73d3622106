"""Addresses of the rooms: everybody's front page, and a room's own pages. The socket stands in routing.py."""

from __future__ import annotations

from django.urls import path

from rooms.views.calendar import patients_calendar
from rooms.views.front import front
from rooms.views.handover import handover
from rooms.views.host import host
from rooms.views.knock import knock
from rooms.views.move import move
from rooms.views.qr import qr
from rooms.views.ring_me import ring_me, worker
from rooms.views.room import room
from rooms.views.test import room_test, test
from rooms.views.thanks import thanks
from rooms.views.trouble import trouble

app_name = "rooms"

urlpatterns = [
    # Everybody
    path("", front, name="front"),
    path("test", test, name="test"),
    path("sw.js", worker, name="worker"),
    # A room
    path("m/<str:code>", room, name="room"),
    path("m/<str:code>/bank", knock, name="knock"),
    path("m/<str:code>/flyt", move, name="move"),
    path("m/<str:code>/ring-mig", ring_me, name="ring_me"),
    path("m/<str:code>/haandover", handover, name="handover"),
    path("m/<str:code>/vaert", host, name="host"),
    path("m/<str:code>/qr.svg", qr, name="qr"),
    path("m/<str:code>/kalender.ics", patients_calendar, name="calendar"),
    path("m/<str:code>/test", room_test, name="room_test"),
    path("m/<str:code>/tak", thanks, name="thanks"),
    path("m/<str:code>/trouble", trouble, name="trouble"),
]
