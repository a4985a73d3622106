"""Configuration of the app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingConfig(AppConfig):
    """When and with whom: meetings, templates, portal, VDX-API."""

    name = "booking"
    verbose_name = _("Booking")

    def ready(self) -> None:
        import_module("booking.receivers")
        import_module("booking.checks")
        import_module("booking.metrics")
