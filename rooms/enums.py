"""Choices of the rooms app. ``rules/states.py`` says which state may follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoomKind(TextChoices):
    """Where a room comes from."""

    AD_HOC = "ad_hoc", _("Engangsrum")
    FIXED = "fixed", _("Fast møderum")


class RoomState(TextChoices):
    """planned -> open -> closed; planned -> closed. Closed is for good."""

    PLANNED = "planned", _("Planlagt")
    OPEN = "open", _("Åbent")
    CLOSED = "closed", _("Lukket")


class CloseReason(TextChoices):
    """Why a room was closed."""

    EXPIRED = "expired", _("Tiden var gået")
    ENDED = "ended", _("Afsluttet af værten")
    CANCELLED = "cancelled", _("Aflyst")
    ADMIN = "admin", _("Lukket af MedCom")
    TELEPHONE = "telephone", _("Flyttet til telefon")
    EMPTY = "empty", _("Alle var gået")


class Trouble(TextChoices):
    """What a page, or the hub's end of its socket, saw go wrong: the only words that are taken (docs/protocol.md).

    The last two groups: something works again, and what the hub itself has seen or done.
    """

    CAMERA_REFUSED = "camera_refused"
    CAMERA_MISSING = "camera_missing"
    CAMERA_BUSY = "camera_busy"
    CAMERA_FAILED = "camera_failed"
    CAMERA_ENDED = "camera_ended"
    MICROPHONE_REFUSED = "microphone_refused"
    MICROPHONE_MISSING = "microphone_missing"
    MICROPHONE_BUSY = "microphone_busy"
    MICROPHONE_FAILED = "microphone_failed"
    MICROPHONE_ENDED = "microphone_ended"
    MICROPHONE_SILENT = "microphone_silent"
    SPEAKER_BLOCKED = "speaker_blocked"
    INSECURE = "insecure"
    TOO_OLD_BROWSER = "too_old_browser"
    IN_APP = "in_app"
    ICE_FAILED = "ice_failed"
    DTLS_FAILED = "dtls_failed"
    DIRECT_FAILED = "direct_failed"
    NO_SERVER = "no_server"
    NO_MEDIA = "no_media"
    NO_SOUND_HERE = "no_sound_here"
    FROZEN_HERE = "frozen_here"
    SOCKET_LOST = "socket_lost"
    SOCKET_NEVER = "socket_never"
    OFFLINE = "offline"
    PAGE_HIDDEN = "page_hidden"
    TRIED_AGAIN = "tried_again"

    CAMERA_WORKS = "camera_works"
    MICROPHONE_WORKS = "microphone_works"
    MEDIA_WORKS = "media_works"
    SPEAKER_WORKS = "speaker_works"

    SERVER_REFUSED = "server_refused"
    SERVER_GONE = "server_gone"
    SOCKET_SILENT = "socket_silent"
    HUB_FULL = "hub_full"


#: What only the hub itself can know: nobody may send these.
SEEN_BY_THE_HUB = frozenset({Trouble.SERVER_REFUSED, Trouble.SERVER_GONE, Trouble.SOCKET_SILENT, Trouble.HUB_FULL})


class SeatRole(TextChoices):
    """What the seat may do in the room."""

    HOST = "host", _("Vært")
    GUEST = "guest", _("Deltager")


class SeatState(TextChoices):
    """waiting -> admitted -> left | refused; waiting -> refused | left; refused, left -> waiting (knocks again)."""

    WAITING = "waiting", _("Venter")
    ADMITTED = "admitted", _("Lukket ind")
    REFUSED = "refused", _("Afvist")
    LEFT = "left", _("Gået")


class TestVerdict(TextChoices):
    """What came of a person's test of their device, as the doctor reads it beside a name."""

    # Its name is no test's.
    __test__ = False

    OK = "ok", _("Billede og lyd virker")
    SOUND_ONLY = "sound_only", _("Kun lyden virker")
    POOR = "poor", _("Det virker dårligt")
    FAILED = "failed", _("Det virker ikke")
    UNKNOWN = "unknown", _("Testen blev ikke færdig")


class DoctorIs(TextChoices):
    """Where the doctor is, as somebody who waits is told: in this room, in another one's call, or in neither."""

    HERE = "here"
    BUSY = "busy"
    AWAY = "away"


class ReadySentence(TextChoices):
    """What a host can say to somebody who waits: these sentences, and nothing typed."""

    SOON = "soon", _("Jeg er der om et øjeblik.")
    NEXT = "next", _("Du er næste.")
    LATE = "late", _("Jeg er forsinket. Bliv venligst her.")
    PAPERS = "papers", _("Find venligst dine prøvesvar og din medicin frem.")
    CALL = "call", _("Ring venligst til os.")
    WAIT = "wait", _("Vent venligst lidt endnu.")


class DeviceKind(TextChoices):
    """What the seat comes from. A seat that was let in is a device."""

    BROWSER = "browser", _("Browser")
    APP = "app", _("App")
    ROOM_SYSTEM = "room_system", _("Videoudstyr")
    TELEPHONE = "telephone", _("Telefon")


# The VDX-API's words, as they stand on the wire (contract, enumerations).


class ProvisionStatus(TextChoices):
    """Where an outside provisioner has got to with the room."""

    AWAITS_PROVISION = "AWAITS_PROVISION"
    STARTING_TO_PROVISION = "STARTING_TO_PROVISION"
    PROVISION_PROBLEMS = "PROVISION_PROBLEMS"
    PROVISIONED_OK = "PROVISIONED_OK"
    STARTING_TO_DEPROVISION = "STARTING_TO_DEPROVISION"
    DEPROVISION_PROBLEMS = "DEPROVISION_PROBLEMS"
    DEPROVISION_OK = "DEPROVISION_OK"


class VmrType(TextChoices):
    """Kind of virtual meeting room."""

    CONFERENCE = "conference"
    LECTURE = "lecture"


class View(TextChoices):
    """Layout of the picture, as room systems name it."""

    ONE_MAIN_ZERO_PIPS = "one_main_zero_pips"
    ONE_MAIN_SEVEN_PIPS = "one_main_seven_pips"
    ONE_MAIN_TWENTYONE_PIPS = "one_main_twentyone_pips"
    TWO_MAINS_TWENTYONE_PIPS = "two_mains_twentyone_pips"
    FOUR_MAINS_ZERO_PIPS = "four_mains_zero_pips"
    FIVE_MAINS_SEVEN_PIPS = "five_mains_seven_pips"
    ONE_MAIN_THIRTYTHREE_PIPS = "one_main_thirtythree_pips"
    NINE_MAINS_ZERO_PIPS = "nine_mains_zero_pips"
    SIXTEEN_MAINS_ZERO_PIPS = "sixteen_mains_zero_pips"
    TWENTYFIVE_MAINS_ZERO_PIPS = "twentyfive_mains_zero_pips"


class Quality(TextChoices):
    """Picture quality asked for."""

    SD = "sd"
    HD = "hd"
    FULLHD = "fullhd"


class DirectMedia(TextChoices):
    """Whether two devices may talk directly."""

    NEVER = "never"
    BEST_EFFORT = "best_effort"
