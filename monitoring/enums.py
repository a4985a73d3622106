"""Choices of the monitoring app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FeeKind(TextChoices):
    """What is paid for. The last two are what a consultation on video is compared with."""

    CONSULTATION = "consultation", _("Videokonsultation")
    CONFERENCE = "conference", _("Videokonference")
    NOT_CARRIED_OUT = "not_carried_out", _("Ikke gennemført")
    SIGNING_UP = "signing_up", _("Opstart")
    ORDINARY = "ordinary", _("Almindelig konsultation")
    TELEPHONE = "telephone", _("Telefonkonsultation")


class FeeRule(TextChoices):
    """How the amount is reached."""

    PER_CALL = "per_call", pgettext_lazy("honorar", "Pr. opkald")
    PER_BEGUN_MODULE = "per_begun_module", _("Pr. påbegyndt modul")
    PER_WHOLE_MODULE = "per_whole_module", _("Pr. helt modul")
    ONE_OFF = "one_off", _("En gang pr. praksis")


class FeePractice(TextChoices):
    """Which practices a fee is for."""

    GENERAL = "general", _("Almen praksis")
    SPECIALIST = "specialist", _("Speciallægepraksis")


class FeeRegion(TextChoices):
    """Where a fee applies; empty: everywhere. In the evaluation report's order."""

    HOVEDSTADEN = "Hovedstaden", _("Region Hovedstaden")
    SJAELLAND = "Sjælland", _("Region Sjælland")
    SYDDANMARK = "Syddanmark", _("Region Syddanmark")
    MIDTJYLLAND = "Midtjylland", _("Region Midtjylland")
    NORDJYLLAND = "Nordjylland", _("Region Nordjylland")
