"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """How sound and picture travel."""

    name = "media"
    verbose_name = _("Lyd og billede")
