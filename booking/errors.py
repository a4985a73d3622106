"""Refusals of booking.

::

    NotFound
    └── Absent                        VDX-API 11
    NotAllowed
    └── Forbidden                     VDX-API 11
    InvalidInput
    ├── PoolMissing                   VDX-API 19
    ├── PoolEmpty                     VDX-API 20
    ├── ExternalIdTaken               VDX-API 21
    ├── OrganisationUnknown           VDX-API 22
    ├── PoolNotEnabled                VDX-API 23
    ├── UuidTaken                     VDX-API 24
    ├── YearOutOfRange                VDX-API 25
    ├── TemplateUnknown               VDX-API 26
    ├── TemplateOfAnother             VDX-API 27
    ├── OneBoundMissing               VDX-API 28
    ├── ReservationUnusable           VDX-API 29
    ├── MayNotBeNull                  VDX-API 30
    ├── AddressNotAllowed             VDX-API 31
    ├── AddressTaken                  VDX-API 32
    ├── AddressMisspelt               VDX-API 33
    ├── ReservationWithPin            VDX-API 34
    ├── AdditionalInformationTwice    VDX-API 35
    ├── NothingToSearchBy             VDX-API 36
    ├── TooLong                       VDX-API 10
    ├── CprRefused                    VDX-API 10
    ├── DoctorNotThere
    ├── AddressUnusable
    ├── WayNotOffered
    └── WebhookTargetRefused
    Conflict
    ├── MeetingNotChangeable          VDX-API 12
    ├── MeetingNotDeletable           VDX-API 13
    ├── AddressRangeUnusable          VDX-API 14
    ├── AddressesExhausted            VDX-API 15
    ├── GuestPinRangeUnusable         VDX-API 16
    ├── HostPinRangeUnusable          VDX-API 17
    ├── PoolTemplateExists            VDX-API 18
    ├── MeetingOver                   VDX-API 12
    ├── MeetingHasBegun               VDX-API 13
    ├── MeetingNotOver
    ├── OutcomeNotChangeable
    └── TooManyDeliveries

``vdx_api`` is the number that the VDX-API gives the same refusal (contract, ``detailed_error_code``).
"""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vdx.lib.errors import Conflict, InvalidInput, NotAllowed, NotFound


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
    vdx_api: ClassVar[int] = 10
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
    vdx_api: ClassVar[int] = 12
    message = _("Mødet er slut eller aflyst og kan ikke ændres. Book et nyt i stedet.")


class MeetingHasBegun(Conflict):
    """Somebody has been in the room: the meeting is part of what is counted, and is not deleted."""

    code = "meeting_has_begun"
    vdx_api: ClassVar[int] = 13
    message = _("Mødet er begyndt og kan ikke slettes. Du kan afslutte det.")


class MeetingNotOver(Conflict):
    """How a meeting ended is said when it has."""

    code = "meeting_not_over"
    message = _("Konsultationen er ikke slut endnu. Sig, hvordan den gik, når den er.")


class OutcomeNotChangeable(Conflict):
    """The meeting was called off, or the word is none to choose."""

    code = "outcome_not_changeable"
    message = _("Udfaldet af konsultationen kan ikke ændres.")


class Absent(NotFound):
    """No such thing, or not for this caller. ``resource`` and ``key`` are the contract's words for it."""

    vdx_api: ClassVar[int] = 11

    def __init__(self, resource: str, key: str) -> None:
        self.resource, self.key = resource, key
        super().__init__()


class Forbidden(NotAllowed):
    """It is there, and belongs to others. The contract tells the two apart where the key is a UUID or a short id."""

    vdx_api: ClassVar[int] = 11


class PoolMissing(InvalidInput):
    """The organisation has no pool to draw a room from."""

    code = "pool_missing"
    vdx_api: ClassVar[int] = 19
    message = _("Organisationen har ingen pulje af rum.")


class PoolEmpty(InvalidInput):
    """No room of the pool is free."""

    code = "pool_empty"
    vdx_api: ClassVar[int] = 20
    message = _("Der er ingen ledige rum i puljen.")


class OrganisationUnknown(InvalidInput):
    """No organisation has the code."""

    code = "organisation_unknown"
    vdx_api: ClassVar[int] = 22
    message = _("Organisationen findes ikke.")


class PoolNotEnabled(InvalidInput):
    """The organisation is not set up to have a pool."""

    code = "pool_not_enabled"
    vdx_api: ClassVar[int] = 23
    message = _("Organisationen har ingen pulje af rum.")


class TemplateUnknown(InvalidInput):
    """No template has the id."""

    code = "template_unknown"
    vdx_api: ClassVar[int] = 26
    message = _("Skabelonen findes ikke.")


class TemplateOfAnother(InvalidInput):
    """The template belongs to another organisation."""

    code = "template_of_another"
    vdx_api: ClassVar[int] = 27
    message = _("Skabelonen hører til en anden organisation.")


class OneBoundMissing(InvalidInput):
    """A search has one bound of time and lacks the other."""

    code = "one_bound_missing"
    vdx_api: ClassVar[int] = 28
    message = _("Angiv både et første og et sidste tidspunkt.")


class ReservationUnusable(InvalidInput):
    """The reservation is unknown, used, expired or of another organisation."""

    code = "reservation_unusable"
    vdx_api: ClassVar[int] = 29
    message = _("Reservationen kan ikke bruges.")


class MayNotBeNull(InvalidInput):
    """A member that every meeting has cannot be cleared."""

    code = "may_not_be_null"
    vdx_api: ClassVar[int] = 30
    message = _("Feltet kan ikke ryddes.")


class AddressNotAllowed(InvalidInput):
    """The organisation may not choose addresses itself."""

    code = "address_not_allowed"
    vdx_api: ClassVar[int] = 31
    message = _("Organisationen må ikke selv vælge videoadresser.")


class AddressTaken(InvalidInput):
    """Another room has the address."""

    code = "address_taken"
    vdx_api: ClassVar[int] = 32
    message = _("Videoadressen er i brug.")


class AddressMisspelt(InvalidInput):
    """An address has letters A to Z and digits alone, at least one."""

    code = "address_misspelt"
    vdx_api: ClassVar[int] = 33
    message = _("Videoadressen må kun have bogstaverne A-Z og tal.")


class ReservationWithPin(InvalidInput):
    """A reserved room has its pins already."""

    code = "reservation_with_pin"
    vdx_api: ClassVar[int] = 34
    message = _("Et reserveret rum kan ikke få andre pinkoder.")


class NothingToSearchBy(InvalidInput):
    """A list of meetings was asked for without saying which."""

    code = "nothing_to_search_by"
    vdx_api: ClassVar[int] = 36
    message = _("Angiv, hvad der skal søges efter.")


class TooLong(InvalidInput):
    """A value that is made up of others does not fit where it is kept."""

    code = "too_long"
    vdx_api: ClassVar[int] = 10
    message = _("Værdien er for lang.")


class MeetingNotChangeable(Conflict):
    """The room is neither waiting to be made ready nor ready."""

    code = "meeting_not_changeable"
    vdx_api: ClassVar[int] = 12
    message = _("Mødet kan ikke ændres længere.")


class MeetingNotDeletable(Conflict):
    """The room is ready already, or has been."""

    code = "meeting_not_deletable"
    vdx_api: ClassVar[int] = 13
    message = _("Mødet kan ikke slettes længere.")


class AddressRangeUnusable(Conflict):
    """The template has no range to draw addresses from (low not below high)."""

    code = "address_range"
    vdx_api: ClassVar[int] = 14
    message = _("Skabelonen mangler et brugbart område for videoadresser.")


class AddressesExhausted(Conflict):
    """No free address was found in the template's range."""

    code = "addresses_exhausted"
    vdx_api: ClassVar[int] = 15
    message = _("Der er ingen ledige videoadresser.")


class AddressUnusable(InvalidInput):
    """Nothing can be sent to what was typed."""

    code = "address_unusable"
    sentences: ClassVar[dict[str, Promise]] = {
        "sms": _("Skriv et mobilnummer, som kan få SMS, for eksempel 12 34 56 78. Et udenlandsk begynder med +."),
        "email": _("Skriv en e-mail-adresse, for eksempel navn@example.dk."),
    }
    message = _("Skriv et mobilnummer eller en e-mail-adresse.")


class WayNotOffered(InvalidInput):
    """The hub cannot send in this way (any more)."""

    code = "way_not_offered"
    message = _("Linket kan ikke sendes på den måde. Vælg en anden.")


class TooManyDeliveries(Conflict):
    """So many links were sent that it looks like a mistake."""

    code = "too_many_deliveries"
    message = _("Linket er sendt mange gange. Kopiér det, og giv det til patienten på en anden måde.")
    by_hour: ClassVar[Promise] = _(
        "Jeres praksis har sendt mange links den sidste time. Kopiér linket, eller vent lidt."
    )


class WebhookTargetRefused(InvalidInput):
    """The hub does not call this address."""

    code = "webhook_refused"
    reasons: ClassVar[dict[str, Promise]] = {
        "private": _("Adressen er på et lukket net. VDX kalder kun adresser, som alle kan nå."),
        "unknown_name": _("Navnet i adressen findes ikke."),
    }
    message = _("Skriv en adresse, der begynder med https:// og hverken har navn eller adgangskode i sig.")
