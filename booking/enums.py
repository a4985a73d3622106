"""Choices of the booking app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GuestMicrophone(TextChoices):
    """The VDX-API's words for a guest's microphone on arrival."""

    OFF = "off", _("Slukket")
    ON = "on", _("Tændt")
    MUTED = "muted", _("Dæmpet")


class Outcome(TextChoices):
    """How a meeting ended. Empty until somebody or something has judged it."""

    CARRIED_OUT = "carried_out", _("Gennemført")
    SOUND_ONLY = "sound_only", _("Gennemført kun med lyd")
    MOVED_TO_TELEPHONE = "moved_to_telephone", _("Flyttet til telefon")
    NO_SHOW_PATIENT = "no_show_patient", _("Patienten kom ikke")
    NO_SHOW_DOCTOR = "no_show_doctor", _("Lægen kom ikke")
    CANCELLED = "cancelled", _("Aflyst")
    TECHNICAL_FAILURE = "technical_failure", _("Teknisk fejl")
    NEVER_OPENED = "never_opened", _("Aldrig åbnet")
