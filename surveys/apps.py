"""Configuration of the app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """How it was: postcards and questionnaires."""

    name = "surveys"
    verbose_name = _("Spørgeskemaer")

    def ready(self) -> None:
        import_module("surveys.receivers")
        import_module("surveys.metrics")
