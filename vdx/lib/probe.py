"""What the hub and its probe must both know: by which names the probe goes, and its secrets.

The probe is an API client of an organisation of its own. Nothing that it does is counted, and nobody is asked about it.
"""

from __future__ import annotations

from django.conf import settings

from vdx.lib import ids

#: The organisation's code, and the API client's id.
ORGANISATION = "vdx-probe"
CLIENT_ID = "vdx-probe"
#: The user agent of what it asks for.
AGENT = "VDX-probe"
#: As whom it books; the address cannot exist (RFC 2606).
EMAIL = "probe@vdx.invalid"
#: Where the hub takes the deliveries for the probe; below it, by a meeting's uuid, whether one has arrived.
INBOX = "/sundhed/probe"


def base() -> str:
    """Where the probe, and the deliveries for it, reach the hub; without a slash at the end."""
    return (settings.VDX_PROBE_URL or settings.VDX_PUBLIC_URL).rstrip("/")


def inbox() -> str:
    """The address to which deliveries for the probe go."""
    return base() + INBOX


def client_secret() -> str:
    """With which the probe gets its token: one of the settings', or one that follows from the hub's own secret."""
    return _secret("client")


def webhook_secret() -> str:
    """With which deliveries for the probe are signed."""
    return _secret("webhook")


def _secret(purpose: str) -> str:
    return ids.digest("probe", f"{purpose}:{settings.VDX_PROBE_SECRET}")
