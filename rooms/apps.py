"""Configuration of the app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoomsConfig(AppConfig):
    """The meeting place: rooms, waiting room, signalling."""

    name = "rooms"
    verbose_name = _("Rum")

    def ready(self) -> None:
        """Hook up the receivers, and register the numbers."""
        import_module("rooms.receivers")
        import_module("rooms.metrics")
