"""Refusals of booking.

::

    InvalidInput
    ├── ExternalIdTaken               VDX-API 21
    ├── UuidTaken                     VDX-API 24
    ├── YearOutOfRange                VDX-API 25
    ├── AdditionalInformationTwice    VDX-API 35
    ├── CprRefused
    └── DoctorNotThere
    Conflict
    ├── GuestPinRangeUnusable         VDX-API 16
    ├── HostPinRangeUnusable          VDX-API 17
    ├── PoolTemplateExists            VDX-API 18
    ├── MeetingOver
    └── MeetingHasBegun

``vdx_api`` is the number that the VDX-API gives the same refusal (contract, ``detailed_error_code``).
"""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from vdx.lib.errors import Conflict, InvalidInput


class ExternalIdTaken(InvalidInput):
    """Another meeting of the organisation has the external id."""

    code = "external_id_taken"
    vdx_api: ClassVar[int] = 21
    message = _("Et andet møde i organisationen har samme eksterne id.")


class UuidTaken(InvalidInput):
    """A meeting or a room has the uuid (or no free short id was found)."""

    code = "uuid_taken"
    vdx_api: ClassVar[int] = 24
    message = _("Et andet møde har samme id.")


class YearOutOfRange(InvalidInput):
    """A time that cannot be kept: its year has more than four digits, or its window would have."""

    code = "year_out_of_range"
    vdx_api: ClassVar[int] = 25
    message = _("Årstallet kan ikke bruges.")


class AdditionalInformationTwice(InvalidInput):
    """A meeting's further information holds the same key twice."""

    code = "additional_information_twice"
    vdx_api: ClassVar[int] = 35
    message = _("Samme nøgle står to gange.")


class CprRefused(InvalidInput):
    """A free text holds a civil registration number."""

    code = "cpr_refused"
    message = _("Teksten ser ud til at indeholde et CPR-nummer. Slet det: her må der ikke stå noget om patienten.")


class DoctorNotThere(InvalidInput):
    """The person chosen does not see patients in the organisation."""

    code = "doctor_not_there"
    message = _("Vælg den læge, som konsultationen er hos.")


class GuestPinRangeUnusable(Conflict):
    """The template asks for a guest pin and has no range to draw it from."""

    code = "guest_pin_range"
    vdx_api: ClassVar[int] = 16
    message = _("Skabelonen mangler et brugbart område for gæstepin. Bed MedCom om at rette den.")


class HostPinRangeUnusable(Conflict):
    """The template asks for a host pin and has no range to draw it from."""

    code = "host_pin_range"
    vdx_api: ClassVar[int] = 17
    message = _("Skabelonen mangler et brugbart område for værtspin. Bed MedCom om at rette den.")


class PoolTemplateExists(Conflict):
    """An organisation has one pool template at most."""

    code = "pool_template_exists"
    vdx_api: ClassVar[int] = 18
    message = _("Organisationen har allerede en skabelon til puljen.")


class MeetingOver(Conflict):
    """The room is closed for good, so the meeting cannot be changed any more."""

    code = "meeting_over"
    message = _("Mødet er slut eller aflyst og kan ikke ændres. Book et nyt i stedet.")


class MeetingHasBegun(Conflict):
    """Somebody has been in the room: the meeting is part of what is counted, and is not deleted."""

    code = "meeting_has_begun"
    vdx_api: ClassVar[int] = 13
    message = _("Mødet er begyndt og kan ikke slettes. Du kan afslutte det.")
