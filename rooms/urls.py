"""Addresses of the rooms: everybody's front page, and a room's own pages. The socket stands in routing.py."""

from __future__ import annotations

from django.urls import path

from rooms.views.calendar import patients_calendar
from rooms.views.fixed import actions, door, groups
from rooms.views.fixed import rooms as fixed
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
    # A fixed room's door
    path("f/<str:address>", door.door, name="fixed_door"),
    path("f/<str:address>/vaert", door.host_door, name="fixed_host"),
    # Fixed rooms: those who use them, and administrators
    path("portal/moederum", fixed.fixed_rooms, name="fixed_rooms"),
    path("portal/moederum/nyt", fixed.new, name="new_fixed_room"),
    path("portal/moederum/<int:pk>", fixed.fixed_room, name="fixed_room"),
    path("portal/moederum/<int:pk>/ind", fixed.enter, name="enter_fixed_room"),
    path("portal/moederum/<int:pk>/person", actions.add_person, name="fixed_add_person"),
    path("portal/moederum/<int:pk>/person/<int:user_id>/fjern", actions.remove_person, name="fixed_remove_person"),
    path("portal/moederum/<int:pk>/gruppe", actions.add_group, name="fixed_add_group"),
    path("portal/moederum/<int:pk>/gruppe/<int:group_id>/fjern", actions.remove_group, name="fixed_remove_group"),
    path("portal/moederum/<int:pk>/gaestepin", actions.draw_guest_pin, name="fixed_guest_pin"),
    path("portal/moederum/<int:pk>/vaertspin", actions.draw_host_pin, name="fixed_host_pin"),
    path("portal/moederum/<int:pk>/vaertspin/fjern", actions.remove_host_pin, name="fixed_remove_host_pin"),
    path("portal/moederum/<int:pk>/luk", actions.turn_off, name="fixed_turn_off"),
    path("portal/moederum/<int:pk>/aabn", actions.turn_on, name="fixed_turn_on"),
    # Groups of colleagues
    path("portal/grupper", groups.groups, name="fixed_groups"),
    path("portal/grupper/<int:pk>", groups.group, name="fixed_group"),
    path("portal/grupper/<int:pk>/person", groups.add_person, name="group_add_person"),
    path("portal/grupper/<int:pk>/person/<int:user_id>/fjern", groups.remove_person, name="group_remove_person"),
    path("portal/grupper/<int:pk>/slet", groups.delete, name="group_delete"),
]
