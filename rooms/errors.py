"""Refusals of the meeting place, with the codes that stand in docs/protocol.md.

::

    DomainError
    ├── InvalidInput
    │   ├── BadMinutes       invalid
    │   ├── AddressMisspelt  address_misspelt
    │   ├── BadDelay         invalid
    │   ├── BadPushAddress   invalid
    │   ├── GroupElsewhere   group_elsewhere
    │   └── NotAColleague    not_a_colleague
    ├── NotAllowed
    │   ├── HostOnly         not_allowed
    │   ├── HostDoorShut     no_host_entry
    │   └── WrongPin         wrong_pin
    ├── NotFound
    │   ├── UnknownAddress   unknown_address
    │   ├── UnknownCode      unknown_code
    │   ├── HandoverGone     handover_gone
    │   ├── HandoverRefused  handover_refused
    │   ├── KnockAgain       not_there
    │   ├── MoveGone         move_gone
    │   └── SeatGone         not_there
    ├── Conflict
    │   ├── AddressInUse     address_in_use
    │   ├── GroupNameTaken   group_name_taken
    │   ├── HubFull          hub_full
    │   ├── RoomFull         full
    │   ├── RoomLocked       locked
    │   ├── RoomNotOpen      not_open
    │   ├── NoFreeAddress    no_free_address
    │   ├── NoEnd            no_end
    │   └── RungJustNow      rung_just_now
    └── Gone
        └── RoomClosed       closed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rooms.enums import SeatRole
from vdx.lib.errors import Conflict, Gone, InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class BadMinutes(InvalidInput):
    """A meeting is extended by 5 to 60 minutes at a time."""

    code = "invalid"
    message = _("Et møde kan forlænges med 5 til 60 minutter ad gangen.")


class BadPushAddress(InvalidInput):
    """The browser's address for pushes is none, or not of a push service that the hub goes to."""

    code = "invalid"
    message = _("Browseren kan ikke ringes op. Lad siden være åben, så hører du det her.")


class BadDelay(InvalidInput):
    """A doctor is late by up to 60 minutes; 0 takes it back."""

    code = "invalid"
    message = _("Du kan sige, at du er op til 60 minutter forsinket.")


class HostOnly(NotAllowed):
    """Only a host of this very room may do that."""

    message = _("Det kan kun værten.")


class HostDoorShut(NotAllowed):
    """Nobody becomes host of this room without a portal login that may."""

    code = "no_host_entry"
    message = _("Log ind for at gå ind som vært.")


class WrongPin(NotAllowed):
    """The pin is missing or wrong."""

    code = "wrong_pin"
    message = _("Pinkoden passer ikke. Se efter i beskeden, og prøv igen.")


class UnknownCode(NotFound):
    """No room has this code, or it has not been given out."""

    code = "unknown_code"
    message = _("Vi kender ikke den kode. Se efter i beskeden fra din læge, og prøv igen.")


class UnknownAddress(NotFound):
    """No fixed room has this address, or it is turned off."""

    code = "unknown_address"
    message = _("Vi kender ikke det møderum. Se efter i invitationen, og prøv igen.")


class AddressMisspelt(InvalidInput):
    """A fixed room's address is of other characters, or too short or long."""

    code = "address_misspelt"
    message = _("En adresse har 3 til 40 tegn: små bogstaver fra a til z, tal og bindestreger imellem.")


class AddressInUse(Conflict):
    """Another room has, or has had, this address."""

    code = "address_in_use"
    message = _("Adressen er i brug. Vælg en anden.")


class NoFreeAddress(Conflict):
    """No number was free."""

    code = "no_free_address"
    permanent = False
    message = _("Vi fandt ikke en ledig adresse. Prøv igen, eller skriv selv en.")


class NotAColleague(InvalidInput):
    """The person does not work at the room's organisation, nor below it."""

    code = "not_a_colleague"
    message = _("Der er ingen bruger med den e-mail hos jer. Kolleger fra andre steder er med som gæster.")


class GroupElsewhere(InvalidInput):
    """The group belongs neither to the room's organisation nor below it."""

    code = "group_elsewhere"
    message = _("Gruppen hører til et andet sted end møderummet.")


class GroupNameTaken(Conflict):
    """Another group of the organisation has this name."""

    code = "group_name_taken"
    message = _("I har allerede en gruppe med det navn.")


class SeatGone(NotFound):
    """The seat is not in the room any more."""

    code = "not_there"
    message = _("Den, du valgte, er her ikke længere.")


class KnockAgain(NotFound):
    """The browser's own seat has been given up or was turned away."""

    code = "not_there"
    message = _("Du er ikke med i mødet længere. Bank på igen for at komme ind.")


class MoveGone(NotFound):
    """The link for going on in another browser is wrong, old or used."""

    code = "move_gone"
    message = _("Linket virker ikke længere. Åbn det igen fra appen, eller skriv dit navn og bank på.")


class HandoverGone(NotFound):
    """The code for handing a call over is wrong, old or used."""

    code = "handover_gone"
    message = _("Koden virker ikke. Se efter på den anden enhed, eller hent en ny kode dér.")


class HandoverRefused(NotFound):
    """The device with the call has said no, or nothing in time."""

    code = "handover_refused"
    message = _("Samtalen blev ikke flyttet. Hent en ny kode på den anden enhed, og prøv igen.")


class RoomLocked(Conflict):
    """A host has locked the room: nobody new may knock."""

    code = "locked"
    permanent = False
    message = _("Lægen har låst rummet. Ring til lægen, hvis du skal med i samtalen.")

    @classmethod
    def of(cls, phone: str, *, fixed: bool) -> RoomLocked:
        """With the telephone number to ring, where there is one. ``fixed``: colleagues in a fixed room."""
        if fixed:
            return cls(message=_("Værten har låst rummet. Ring til værten, hvis du skal med i mødet."))
        words = _("Lægen har låst rummet. Ring til {phone}, hvis du skal med i samtalen.")
        return cls(message=format_lazy(words, phone=phone)) if phone else cls()


class RoomFull(Conflict):
    """There is no free place for one more device."""

    code = "full"
    permanent = False
    message = _("Der er ikke plads til flere i samtalen lige nu. Vent lidt, og prøv igen.")


class HubFull(Conflict):
    """The hub holds as many calls as it can: no new one begins. What runs goes on."""

    code = "hub_full"
    permanent = False
    message = _(
        "Der er ikke plads til flere videosamtaler i VDX lige nu. Prøv igen om et øjeblik, eller tal sammen i telefon."
    )

    @classmethod
    def of(cls, role: str, phone: str, *, fixed: bool) -> HubFull:
        """As it is said to a host, or to a guest with the practice's telephone number, where there is one.

        ``fixed``: colleagues in a fixed room, who are all told what a host is.
        """
        return cls() if fixed or role == SeatRole.HOST else cls(message=_with_phone(phone, **_FULL_FOR_GUESTS))

    @classmethod
    def beside(cls, role: str, phone: str, *, fixed: bool) -> StrOrPromise:
        """The same to who waits, or sits in the room, while the other one cannot come in."""
        return cls.message if fixed or role == SeatRole.HOST else _with_phone(phone, **_FULL_MEANWHILE)


_FULL_FOR_GUESTS = {
    "with_phone": _(
        "Der er ikke plads til flere videosamtaler i VDX lige nu. Prøv igen om et øjeblik, eller ring til os på "
        "{phone}."
    ),
    "without": _(
        "Der er ikke plads til flere videosamtaler i VDX lige nu. Prøv igen om et øjeblik, eller ring til praksis."
    ),
}
_FULL_MEANWHILE = {
    "with_phone": _(
        "Der er ikke plads til flere videosamtaler i VDX lige nu. Bliv på siden, så prøver lægen igen, eller ring til "
        "os på {phone}."
    ),
    "without": _(
        "Der er ikke plads til flere videosamtaler i VDX lige nu. Bliv på siden, så prøver lægen igen, eller ring til "
        "praksis."
    ),
}


def _with_phone(phone: str, *, with_phone: StrOrPromise, without: StrOrPromise) -> StrOrPromise:
    return format_lazy(with_phone, phone=phone) if phone else without


class RoomNotOpen(Conflict):
    """The room has not opened yet."""

    code = "not_open"
    permanent = False
    message = _("Mødet er ikke åbnet endnu.")


class NoEnd(Conflict):
    """A room without an end cannot be extended."""

    code = "no_end"
    message = _("Mødet har ingen sluttid og kan ikke forlænges.")


class RungJustNow(Conflict):
    """Who was rung at less than ten seconds ago is not rung at again."""

    code = "rung_just_now"
    permanent = False
    message = _("Du har lige kaldt. Vent lidt, og kald igen.")


class RoomClosed(Gone):
    """The room is closed for good."""

    code = "closed"
    message = _("Mødet er slut, og rummet er lukket.")


# What the socket says by itself, by the codes of docs/protocol.md.
SOCKET_WORDS = {
    "version": _("Siden er ikke den nyeste. Hent den igen."),
    "superseded": _("Du er med i et andet vindue eller en anden fane nu."),
    "invalid": _("Beskeden kunne ikke forstås."),
    "unknown_message": _("Beskeden kunne ikke forstås."),
    "not_allowed": _("Det kan du ikke gøre lige nu."),
    "no_host_entry": HostDoorShut.message,
    "not_there": SeatGone.message,
    "no_presenting": _("I dette møde er det kun værten, der kan dele sin skærm."),
    "too_much": _("Der bliver sendt meget på én gang. Vent lidt."),
    "too_fast": _("Siden sender for meget. Hent den igen."),
    "busy": _("Mange tester lige nu. Vent et minut, og prøv igen."),
}
