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


class DeliveryWay(TextChoices):
    """How the patient's link travels when the hub sends it. What is copied by hand leaves no trace."""

    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    WEBHOOK = "webhook", _("Journalsystemet")


class DeliveryKind(TextChoices):
    """What is sent."""

    LINK = "link", _("Link")
    REMINDER = "reminder", _("Påmindelse")


class DeliveryState(TextChoices):
    """How far it is: queued -> sent (somebody else has taken it) or delivered (it is there), or failed."""

    QUEUED = "queued", _("Venter på at blive sendt")
    SENT = "sent", _("Sendt")
    DELIVERED = "delivered", _("Leveret")
    FAILED = "failed", _("Ikke sendt")


class DeliveryCause(TextChoices):
    """Why something was not delivered, in words that hold no address."""

    REFUSED = "refused", _("Nummeret eller adressen blev afvist. Se efter, om det er rigtigt.")
    UNREACHABLE = "unreachable", _("Det lykkedes ikke at sende i tide. Giv patienten linket på en anden måde.")
    UNREADABLE = "unreadable", _("Adressen kan ikke læses længere. Send igen.")
    OFF = "off", _("Det kan ikke sendes på den måde længere. Giv patienten linket på en anden måde.")
    OVER = "over", _("Konsultationen var slut eller aflyst.")
    UNDELIVERED = "undelivered", _("Beskeden nåede ikke frem til telefonen. Giv patienten linket på en anden måde.")


class WebhookKind(TextChoices):
    """What a record system is told; the words stand on the wire (docs/api.md)."""

    CREATED = "meeting.created", _("Møde oprettet")
    UPDATED = "meeting.updated", _("Møde ændret")
    DELETED = "meeting.deleted", _("Møde slettet")
    OPENED = "room.opened", _("Rum åbnet")
    WAITING = "patient.waiting", _("Patient venter")
    CALL_STARTED = "call.started", _("Samtale begyndt")
    CALL_ENDED = "call.ended", _("Samtale slut")
    OUTCOME = "meeting.concluded", _("Udfald")
    DELIVERY_FAILED = "delivery.failed", _("Link ikke sendt")
    LINK = "meeting.link", _("Link til patienten")


class MessageState(TextChoices):
    """How far a message to a record system is."""

    QUEUED = "queued", _("Venter")
    DELIVERED = "delivered", _("Modtaget")
    FAILED = "failed", _("Opgivet")


#: What a doctor may say afterwards, in the order of the buttons.
CORRECTIONS = (
    Outcome.CARRIED_OUT,
    Outcome.SOUND_ONLY,
    Outcome.MOVED_TO_TELEPHONE,
    Outcome.NO_SHOW_PATIENT,
    Outcome.NO_SHOW_DOCTOR,
    Outcome.TECHNICAL_FAILURE,
)


#: Shorter, for a button.
SHORT_OUTCOMES = {Outcome.SOUND_ONLY: _("Kun lyd")}


class OutcomeBy(TextChoices):
    """Who has said how a meeting ended. A person's word stands."""

    RULE = "rule", _("Regel")
    PERSON = "person", _("Person")


class Cause(TextChoices):
    """What a call that failed, or went poorly, failed by: one cause, the likeliest (monitoring/rules/fault.py)."""

    PATIENT_DEVICE = "patient_device", _("patientens udstyr")
    PATIENT_PERMISSION = "patient_permission", _("patientens browser måtte ikke bruge kamera eller mikrofon")
    PATIENT_NETWORK = "patient_network", _("patientens netværk")
    DOCTOR_DEVICE = "doctor_device", _("lægens udstyr")
    DOCTOR_PERMISSION = "doctor_permission", _("lægens browser måtte ikke bruge kamera eller mikrofon")
    DOCTOR_NETWORK = "doctor_network", _("lægens netværk")
    FIREWALL = "firewall", _("et netværk, der spærrer for lyd og billede (firewall)")
    MEDIA_SERVER = "media_server", _("serveren, der sender lyd og billede")
    SIGNALLING = "signalling", _("forbindelsen til VDX")
    HUB_FULL = "hub_full", _("der var ikke plads til flere samtaler i VDX")
    HUMAN_NEVER_OPENED = "human_never_opened", _("læge eller patient kom ikke")
    HUMAN_TOO_LATE = "human_too_late", _("læge og patient var der ikke samtidig")
    UNKNOWN = "unknown", _("ukendt")
    NONE = "none", _("ingen fejl")


class Confidence(TextChoices):
    """How sure the judgement is."""

    LOW = "low", _("lille")
    MEDIUM = "medium", _("middel")
    HIGH = "high", _("stor")
