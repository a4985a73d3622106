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


class Audience(TextChoices):
    """Whom a questionnaire asks."""

    PATIENT = "patient", _("Patienter og andre gæster")
    HOST = "host", _("Læger")


class VersionState(TextChoices):
    """Where a version of a questionnaire stands. It goes from draft to published to closed, and never back."""

    DRAFT = "draft", _("Kladde")
    PUBLISHED = "published", _("Udgivet")
    CLOSED = "closed", _("Lukket")


class QuestionKind(TextChoices):
    """How a question is answered."""

    SINGLE = "single", _("Ét svar")
    SEVERAL = "several", _("Flere svar")
    GRID = "grid", _("Skala med flere linjer")
    YEAR = "year", _("Årstal")
    NUMBER = "number", _("Tal")
    SHORT_TEXT = "short_text", _("Kort tekst")
    LONG_TEXT = "long_text", _("Lang tekst")
    SECTION = "section", _("Overskrift uden svar")


# Answered by codes of a fixed list.
CHOICE_KINDS = frozenset({QuestionKind.SINGLE, QuestionKind.SEVERAL, QuestionKind.GRID})
# Answered by a whole number.
NUMBER_KINDS = frozenset({QuestionKind.YEAR, QuestionKind.NUMBER})
# Answered in the person's own words; kept apart, and in no export that did not ask for them.
TEXT_KINDS = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT})


class InvitationKind(TextChoices):
    """How somebody came to be asked."""

    SEAT = "seat", _("Var med i samtalen")
    NEVER_IN = "never_in", _("Kom aldrig ind")


class InvitationState(TextChoices):
    """How far somebody came who was asked."""

    OFFERED = "offered", _("Tilbudt")
    OPENED = "opened", _("Åbnet")
    BEGUN = "begun", _("Begyndt")
    PARTLY = "partly", _("Delvist besvaret")
    COMPLETE = "complete", _("Besvaret")
    DECLINED = "declined", _("Nej tak")
    EXPIRED = "expired", _("Udløbet")


class ResponseState(TextChoices):
    """Whether somebody may still go on answering."""

    OPEN = "open", _("I gang")
    COMPLETE = "complete", _("Besvaret")
    PARTLY = "partly", _("Delvist besvaret")


# Their answers stand still: they are counted and exported.
FINAL_RESPONSES = frozenset({ResponseState.COMPLETE, ResponseState.PARTLY})


class ResponseSource(TextChoices):
    """Where a response came from."""

    WEB = "web", _("Hjemmesiden")
    IMPORT = "import", _("Tidligere undersøgelse")


class ContextFact(TextChoices):
    """What a response may keep of its call. Each version says which; the values are words, never exact."""

    REGION = "region", _("Region")
    PRACTICE_KIND = "practice_kind", _("Slags praksis")
    MONTH = "month", _("Måned")
    PLANNED = "planned", _("Planlagt eller straks")
    OUTCOME = "outcome", _("Udfald")
    DEVICE_KIND = "device_kind", _("Slags enhed")
    MINUTES = "minutes", _("Varighed")
    QUALITY = "quality", _("Forbindelse")


class MinutesBand(TextChoices):
    """How long a call was."""

    UNDER_5 = "under_5", _("Under 5 minutter")
    FROM_5 = "5_9", _("5-9 minutter")
    FROM_10 = "10_14", _("10-14 minutter")
    FROM_15 = "15_19", _("15-19 minutter")
    FROM_20 = "20_plus", _("20 minutter eller mere")


class QualityBand(TextChoices):
    """How the connection was."""

    GOOD = "good", _("God")
    FAIR = "fair", _("Nogenlunde")
    POOR = "poor", _("Dårlig")
    UNKNOWN = "unknown", _("Ukendt")
