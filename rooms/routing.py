"""Addresses of the rooms' sockets."""

from __future__ import annotations

from django.urls import path

from rooms.consumers import RoomConsumer, TrialConsumer

websocket_urlpatterns = [
    path("m/<str:code>/ws", RoomConsumer.as_asgi()),
    path("test/ws", TrialConsumer.as_asgi()),
]
