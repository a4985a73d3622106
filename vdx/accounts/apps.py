"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who: users, organisations, roles, second factor, audit."""

    name = "vdx.accounts"
    verbose_name = _("Brugere og organisationer")
