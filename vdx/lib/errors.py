"""Refusals, as a tree with stable codes.

::

    DomainError
    ├── InvalidInput      what was typed cannot be used        400
    ├── NotAllowed        the person may not do this           403
    ├── NotFound          absent, or not for this person       404
    ├── Conflict          the state of things forbids it       409
    ├── Gone              it was there and is closed for good  410
    └── Throttled         too many attempts; wait              429

They are raised in rules and services, and translated once: ``vdx.middleware`` makes a page of them,
the socket consumer a message. ``code`` is stable and may be shown to machines; ``message`` is for people,
says the next step, and holds nothing personal or secret.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal that a person can understand.

    ``status`` is the HTTP status at the edge. ``permanent`` says that trying again unchanged cannot help.
    ``field`` names the form field concerned, where there is one.
    """

    code = "error"
    status = 400
    permanent = True
    message: str | Promise = _("Det kunne ikke lade sig gøre.")

    def __init__(
        self, message: str | Promise | None = None, *, code: str | None = None, field: str | None = None
    ) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        self.field = field
        super().__init__(self.code)

    def __str__(self) -> str:
        return self.code


class InvalidInput(DomainError):
    """What was typed cannot be used."""

    code = "invalid_input"
    message = _("Det indtastede kan ikke bruges. Ret det, og prøv igen.")


class NotAllowed(DomainError):
    """The person is known, but may not do this."""

    code = "not_allowed"
    status = 403
    message = _("Det har du ikke adgang til.")


class NotFound(DomainError):
    """Absent, or not for this person: the two look alike on purpose."""

    code = "not_found"
    status = 404
    message = _("Det blev ikke fundet.")


class Conflict(DomainError):
    """The present state of things forbids it."""

    code = "conflict"
    status = 409
    message = _("Det kan ikke lade sig gøre lige nu.")


class Gone(DomainError):
    """It was there, and is closed for good."""

    code = "gone"
    status = 410
    message = _("Det er lukket.")


class Throttled(DomainError):
    """Too many attempts. ``retry_after`` is in whole seconds."""

    code = "throttled"
    status = 429
    permanent = False
    message = _("For mange forsøg. Vent lidt, og prøv igen.")

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after
