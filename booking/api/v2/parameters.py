"""Parameters in an address (contract, section 3.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework.request import Request

from booking.api.queries import Search
from booking.api.v2.bodies import OutOfLimits
from rooms.enums import ProvisionStatus, Quality, View, VmrType
from vdx.lib.ids import SHORT_ID_LENGTH
from vdx.lib.rest.fields import read
from vdx.lib.rest.refusals import Unreadable

_ENUMS = {
    "vmrType": ("vmr_type", VmrType, VmrType.CONFERENCE),
    "hostView": ("host_view", View, View.ONE_MAIN_SEVEN_PIPS),
    "guestView": ("guest_view", View, View.ONE_MAIN_SEVEN_PIPS),
    "vmrQuality": ("vmr_quality", Quality, Quality.HD),
}
_FLAGS = {
    "enableOverlayText": ("enable_overlay_text", True),
    "guestsCanPresent": ("guests_can_present", True),
    "forcePresenterIntoMain": ("force_presenter_into_main", True),
    "forceEncryption": ("force_encryption", False),
    "muteAllGuests": ("mute_all_guests", False),
}


def text(request: Request, name: str) -> str:
    """A text, empty where it is not given. A character that no database keeps is one that nothing has."""
    return str(request.query_params.get(name, "")).replace("\x00", "\ufffd")


def moment(request: Request, name: str) -> datetime | None:
    """A time with an offset, where it is given. Raises ``Unreadable``."""
    value = text(request, name)
    if not value:
        return None
    found = read(value)
    if found is None:
        raise Unreadable
    return found


def required_moment(request: Request, name: str) -> datetime:
    """A time that must be given. Raises ``Unreadable``."""
    found = moment(request, name)
    if found is None:
        raise Unreadable
    return found


def search(request: Request) -> Search:
    """What a list of meetings is asked for by. Raises ``Unreadable`` and ``OutOfLimits``."""
    short_id = request.query_params.get("short-id")
    since, until = moment(request, "from-start-time"), moment(request, "to-start-time")
    if short_id is not None and len(short_id) != SHORT_ID_LENGTH:
        raise OutOfLimits(f"size must be between {SHORT_ID_LENGTH} and {SHORT_ID_LENGTH}", field="short-id")
    return Search(
        short_id=text(request, "short-id"),
        label=text(request, "label"),
        subject=text(request, "subject"),
        organised_by=text(request, "organizedBy"),
        text=text(request, "search"),
        since=since,
        until=until,
        uri=text(request, "uriWithDomain"),
    )


def uri(request: Request) -> str:
    """The address to look for, which must be given. Raises ``Unreadable``."""
    if "uri" not in request.query_params:
        raise Unreadable
    return text(request, "uri")


def provision_status(request: Request) -> ProvisionStatus:
    """The status to look for; what awaits provisioning where none is given. Raises ``Unreadable``."""
    value = request.query_params.get("provision-status")
    if not value:
        return ProvisionStatus.AWAITS_PROVISION
    if value not in ProvisionStatus.values:
        raise Unreadable
    return ProvisionStatus(value)


def wishes(request: Request) -> dict[str, Any]:
    """What a reserved room must be like, by the names of its columns. An unknown word stands for the usual one.

    Raises ``Unreadable`` for a flag that is none.
    """
    found: dict[str, Any] = {}
    for name, (column, choices, usual) in _ENUMS.items():
        value = str(request.query_params.get(name, "")).lower()
        found[column] = value if value in choices.values else usual.value
    for name, (column, default) in _FLAGS.items():
        given = request.query_params.get(name)
        if given is None or given == "":
            found[column] = default
        elif given.lower() in {"true", "on", "yes", "1"}:
            found[column] = True
        elif given.lower() in {"false", "off", "no", "0"}:
            found[column] = False
        else:
            raise Unreadable
    return found
