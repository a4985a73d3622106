"""What may be sent: members, limits and defaults of the contract (section 4). Unknown members are left alone.

What cannot be read at all (a word that is no enum's, a time without an offset) is refused before what is merely too
long or missing: the first with the short body, the second with code 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from booking.api.v2.usage import FieldUsage
from booking.enums import GuestMicrophone
from rooms.enums import DirectMedia, ProvisionStatus, Quality, View, VmrType
from vdx.accounts.enums import Language
from vdx.lib import probe
from vdx.lib.errors import InvalidInput
from vdx.lib.rest.fields import FlagField, MomentField, NumberField, TextField, UuidField
from vdx.lib.rest.refusals import Unreadable

PIN = {"min_value": 1000, "max_value": 999_999_999}
# The codes of refusals that are about limits; every other one says that a value is of the wrong kind.
_LIMITS = {
    "required",
    "null",
    "max_length",
    "min_value",
    "max_value",
    "null_characters_not_allowed",
    "surrogate_characters_not_allowed",
}

Body = type[serializers.Serializer]


class OutOfLimits(InvalidInput):
    """A member is missing, too long, too small or too large."""

    code = "out_of_limits"
    vdx_api = 10


def read(body: Body, request: Request) -> dict[str, Any]:
    """The members that were sent, with defaults for the rest. Raises ``Unreadable`` and :class:`OutOfLimits`."""
    found = checked(body, request.data)
    if request.headers.get("User-Agent") != probe.AGENT:
        # What the hub sends itself, every minute, is no record system's.
        _USAGE.count(request.method, body, found)
    return found


def checked(body: Body, data: Any) -> dict[str, Any]:
    """The same for what stands in no request."""
    try:
        found = _reader(body).run_validation(data)
    except ValidationError as error:
        # What is no object at all has no name of a member.
        detail: Any = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        refusals = list(_walk(detail, ""))
        if any(refusal.code not in _LIMITS for _, refusal in refusals):
            raise Unreadable from None
        path, first = refusals[0]
        raise OutOfLimits(str(first), field=path) from None
    return dict(found)


@cache
def _reader(body: Body) -> serializers.Serializer:
    """Made once, since making one copies all its fields; reading leaves nothing behind in it."""
    return body()


def _walk(detail: Any, path: str) -> Iterator[tuple[str, ErrorDetail]]:
    if isinstance(detail, ErrorDetail):
        yield path, detail
    elif isinstance(detail, dict):
        for name, below in detail.items():
            if isinstance(name, int):
                yield from _walk(below, f"{path}[{name}]")
            else:
                yield from _walk(below, f"{path}.{name}" if path else str(name))
    else:
        indexed = any(isinstance(each, dict) for each in detail)
        for index, below in enumerate(detail):
            yield from _walk(below, f"{path}[{index}]" if indexed else path)


class AdditionalInformationBody(serializers.Serializer):
    """A key and its value."""

    key = TextField(max_length=100)
    value = TextField(max_length=100)


def _labels() -> serializers.ListField:
    return serializers.ListField(child=TextField(max_length=1024), required=False, allow_null=True)


def _information() -> serializers.ListField:
    # Not many=True: that lets null into the list as well as in the list's place.
    return serializers.ListField(child=AdditionalInformationBody(), required=False, allow_null=True)


def _text(most: int) -> TextField:
    return TextField(max_length=most, required=False, allow_null=True)


def _choice(choices: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices.values, required=False, allow_null=True)


def _flag() -> FlagField:
    return FlagField(required=False, allow_null=True)


def _pin() -> NumberField:
    return NumberField(required=False, allow_null=True, **PIN)


class CreateMeetingBody(serializers.Serializer):
    """``create-meeting`` (section 4.3)."""

    subject = TextField(max_length=100)
    startTime = MomentField()
    endTime = MomentField()
    description = _text(500)
    projectCode = _text(100)
    organizedByEmail = _text(100)
    maxParticipants = NumberField(required=False, allow_null=True)
    endMeetingOnEndTime = _flag()
    schedulingTemplateId = NumberField(bits=64, required=False, allow_null=True)
    meetingType = serializers.ChoiceField(choices=["NORMAL", "POOL"], required=False, allow_null=True)
    uuid = UuidField(required=False, allow_null=True)
    externalId = _text(200)
    guestMicrophone = _choice(GuestMicrophone)
    guestPinRequired = _flag()
    schedulingInfoReservationId = UuidField(required=False, allow_null=True)
    labels = _labels()
    vmrType = _choice(VmrType)
    hostView = _choice(View)
    guestView = _choice(View)
    vmrQuality = _choice(Quality)
    enableOverlayText = _flag()
    guestsCanPresent = _flag()
    forcePresenterIntoMain = _flag()
    forceEncryption = _flag()
    muteAllGuests = _flag()
    uriWithoutDomain = _text(100)
    guestPin = _pin()
    hostPin = _pin()
    additionalInformation = _information()
    callType = _text(64)
    # The hub's own: the original leaves it alone, as every member that it does not know.
    language = _choice(Language)


class UpdateMeetingBody(serializers.Serializer):
    """``update-meeting`` (section 4.4)."""

    subject = TextField(max_length=100)
    startTime = MomentField()
    endTime = MomentField()
    description = _text(500)
    projectCode = _text(100)
    organizedByEmail = _text(100)
    labels = _labels()
    additionalInformation = _information()


class PatchMeetingBody(serializers.Serializer):
    """``patch-meeting`` (section 4.5): what is absent stays, null clears."""

    subject = _text(100)
    startTime = MomentField(required=False, allow_null=True)
    endTime = MomentField(required=False, allow_null=True)
    description = _text(500)
    projectCode = _text(100)
    organizedByEmail = _text(100)
    labels = _labels()
    guestMicrophone = _choice(GuestMicrophone)
    guestPinRequired = _flag()
    guestPin = _pin()
    hostPin = _pin()
    additionalInformation = _information()
    callType = _text(64)
    # As above.
    language = _choice(Language)


class CreateSchedulingInfoBody(serializers.Serializer):
    """``create-scheduling-info`` (section 4.7); the z is the contract's."""

    organizationId = TextField(max_length=30)
    schedulingTemplateId = NumberField(bits=64)


class UpdateSchedulingInfoBody(serializers.Serializer):
    """``update-scheduling-info`` (section 4.7)."""

    provisionStatus = serializers.ChoiceField(choices=ProvisionStatus.values)
    provisionStatusDescription = _text(200)
    provisionVmrId = _text(50)


class TemplateBody(serializers.Serializer):
    """``create-scheduling-template`` and ``update-scheduling-template`` (section 4.8)."""

    conferencingSysId = NumberField(bits=64)
    uriPrefix = TextField(max_length=100)
    uriDomain = TextField(max_length=100)
    hostPinRequired = FlagField()
    hostPinRangeLow = NumberField(bits=64, required=False, allow_null=True)
    hostPinRangeHigh = NumberField(bits=64, required=False, allow_null=True)
    guestPinRequired = FlagField()
    guestPinRangeLow = NumberField(bits=64, required=False, allow_null=True)
    guestPinRangeHigh = NumberField(bits=64, required=False, allow_null=True)
    vMRAvailableBefore = NumberField(required=False, allow_null=True)
    maxParticipants = NumberField(required=False, allow_null=True)
    endMeetingOnEndTime = _flag()
    uriNumberRangeLow = NumberField(bits=64)
    uriNumberRangeHigh = NumberField(bits=64)
    ivrTheme = _text(100)
    isDefaultTemplate = _flag()
    isPoolTemplate = _flag()
    customPortalGuest = _text(200)
    customPortalHost = _text(200)
    returnUrl = _text(200)
    vmrType = _choice(VmrType)
    hostView = _choice(View)
    guestView = _choice(View)
    vmrQuality = _choice(Quality)
    enableOverlayText = _flag()
    guestsCanPresent = _flag()
    forcePresenterIntoMain = _flag()
    forceEncryption = _flag()
    muteAllGuests = _flag()
    directMedia = _choice(DirectMedia)
    callType = _text(64)


_USAGE = FieldUsage(
    {
        ("POST", "create-meeting"): CreateMeetingBody,
        ("PUT", "update-meeting"): UpdateMeetingBody,
        ("PATCH", "patch-meeting"): PatchMeetingBody,
        ("POST", "create-scheduling-info"): CreateSchedulingInfoBody,
        ("PUT", "update-scheduling-info"): UpdateSchedulingInfoBody,
        ("POST", "create-scheduling-template"): TemplateBody,
        ("PUT", "update-scheduling-template"): TemplateBody,
    }
)
