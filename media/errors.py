"""Refusals of media.

::

    DomainError
    └── Conflict
        └── NoMediaServer   no_media
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vdx.lib.errors import Conflict


class NoMediaServer(Conflict):
    """No server of the engine answers. It may come back at any moment."""

    code = "no_media"
    permanent = False
    message = _("Lyd og billede kan ikke komme frem lige nu. Bliv her, vi prøver igen hele tiden.")
