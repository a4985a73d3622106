"""Choices of the surveys app. The numbers stand in exports and never change."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Edition(TextChoices):
    """Which edition of the postcard was answered."""

    NATIONAL = "national", _("National")
    SYDDANMARK = "syddanmark", _("Region Syddanmark")


class YesNo(IntegerChoices):
    """Carried out? Took longer?"""

    YES = 1, _("Ja")
    NO = 2, _("Nej")


class GoodPoor(IntegerChoices):
    """Picture and sound."""

    GOOD = 1, _("God")
    POOR = 2, _("Dårlig")


class Replaced(IntegerChoices):
    """What the video consultation took the place of."""

    CONSULTATION = 1, _("Almindelig konsultation")
    HOME_VISIT = 2, _("Sygebesøg")
    TELEPHONE = 3, _("Telefonkonsultation")
    OTHER = 4, _("Andet")
