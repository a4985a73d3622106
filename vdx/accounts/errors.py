"""Refusals of the accounts app.

::

    InvalidInput
    ├── BadCredentials     e-mail or password does not fit; which of the two is never said
    ├── BadClient          an API client without what its roles need
    ├── BadCode            the second factor's code does not fit or has been used
    └── WeakPassword       the password that was chosen is too easy to guess
    Conflict
    ├── EmailTaken         somebody has that e-mail already
    ├── AlreadyMember      the person has that role there already
    ├── LastMedCom         nobody would be left to run the hub
    ├── OwnAccess          nobody closes the door behind themselves by a slip
    ├── SecondFactorNeeded the person's work asks for the second factor
    └── TreeLoop           an organisation cannot stand below itself
    Gone
    └── LinkUsed           the one-time link was used, has expired or never was
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vdx.lib.errors import Conflict, Gone, InvalidInput


class BadCredentials(InvalidInput):
    """E-mail or password does not fit; which of the two is never said."""

    code = "bad_credentials"
    message = _("E-mail eller adgangskode passer ikke. Prøv igen.")


class BadClient(InvalidInput):
    """An API client without what its roles need; the message says what."""

    code = "bad_client"


class BadCode(InvalidInput):
    """The second factor's code does not fit, or has been used before."""

    code = "bad_code"
    message = _("Koden passer ikke. Vent på den næste kode i din app, og prøv igen.")


class WeakPassword(InvalidInput):
    """The password that was chosen is too easy to guess; the message says why."""

    code = "weak_password"


class EmailTaken(Conflict):
    """Somebody has that e-mail already."""

    code = "email_taken"
    message = _("Der findes allerede en bruger med den e-mail.")


class AlreadyMember(Conflict):
    """The person has that role there already."""

    code = "already_member"
    message = _("Personen har allerede den rolle her.")


class LastMedCom(Conflict):
    """Nobody would be left to run the hub."""

    code = "last_medcom"
    message = _("Det er den sidste MedCom-medarbejder. Giv rollen til en anden først.")


class OwnAccess(Conflict):
    """Nobody closes the door behind themselves by a slip."""

    code = "own_access"
    message = _("Du kan ikke lukke din egen adgang. Bed en anden administrator om det.")


class SecondFactorNeeded(Conflict):
    """The person's work asks for the second factor."""

    code = "second_factor_needed"
    message = _("Din rolle kræver totrinslogin, så det kan ikke slås fra.")


class TreeLoop(Conflict):
    """An organisation cannot stand below itself."""

    code = "tree_loop"
    message = _("En organisation kan ikke høre under sig selv.")


class LinkUsed(Gone):
    """The one-time link was used, has expired, or never was: the three look alike."""

    code = "link_used"
    message = _("Linket er brugt eller udløbet. Bed om et nyt.")
