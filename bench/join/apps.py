"""Gives the bare pages a socket in the hub's own process, before its sockets are put together."""

from django.apps import AppConfig


class BareConfig(AppConfig):
    """The least that a call in a browser needs of a server."""

    name = "bench.join"

    def ready(self) -> None:
        """Add the socket that carries whatever one page says to the other."""
        from django.urls import path

        from bench.join.bare import Between
        from rooms.routing import websocket_urlpatterns

        websocket_urlpatterns.append(path("bare/<str:call>/ws", Between.as_asgi()))
