"""Addresses of the rooms' sockets."""

from __future__ import annotations

from django.urls import path

from rooms.consumers import DeskConsumer, RoomConsumer, TrialConsumer

websocket_urlpatterns = [
    path("m/<str:code>/ws", RoomConsumer.as_asgi()),
    path("portal/vente/ws", DeskConsumer.as_asgi()),
    path("test/ws", TrialConsumer.as_asgi()),
]
