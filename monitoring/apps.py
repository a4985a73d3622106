"""Configuration of the app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    """How it went: call records, quality, statistics."""

    name = "monitoring"
    verbose_name = _("Måling")

    def ready(self) -> None:
        import_module("monitoring.receivers")
        import_module("monitoring.metrics")
