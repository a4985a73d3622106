"""The contract as OpenAPI 3: what each address takes and gives. The answers themselves are written in ``written``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from booking.enums import GuestMicrophone
from rooms.enums import DirectMedia, ProvisionStatus, Quality, View, VmrType

Handler = TypeVar("Handler", bound=Callable[..., Any])

PREFIX = "/videoapi/v2"


def _choice(choices: Any, **also: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices.values, **also)


def _text(**also: Any) -> serializers.CharField:
    return serializers.CharField(**{"allow_blank": True, **also})


class MeetingUser(serializers.Serializer):
    """An e-mail in an organisation."""

    organisationId = _text()
    email = _text()


class MaybeMeetingUser(serializers.Serializer):
    """The same, or nobody yet."""

    organisationId = _text(allow_null=True)
    email = _text(allow_null=True)


class Link(serializers.Serializer):
    """An address."""

    href = serializers.URLField()


class SelfLink(serializers.Serializer):
    """Where the thing itself is."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """``self`` cannot be the name of a class's member that reads well."""
        return {"self": Link()}


class MeetingLinks(serializers.Serializer):
    """Where the meeting and its room are."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """Two links."""
        return {"self": Link(), "scheduling-info": Link()}


class AdditionalInformation(serializers.Serializer):
    """A key and its value."""

    key = _text(max_length=100)
    value = _text(max_length=100)


class Meeting(serializers.Serializer):
    """A meeting."""

    subject = _text(max_length=100)
    uuid = serializers.UUIDField()
    createdBy = MeetingUser()
    updatedBy = MaybeMeetingUser()
    organizedBy = MeetingUser()
    startTime = serializers.DateTimeField()
    endTime = serializers.DateTimeField()
    description = _text(max_length=500, allow_null=True)
    projectCode = _text(max_length=100, allow_null=True)
    createdTime = serializers.DateTimeField()
    updatedTime = serializers.DateTimeField(allow_null=True)
    shortId = serializers.CharField(min_length=12, max_length=12)
    shortLink = serializers.CharField()
    shortlink = serializers.CharField()
    externalId = _text(max_length=200, allow_null=True)
    guestMicrophone = _choice(GuestMicrophone, allow_null=True)
    guestPinRequired = serializers.BooleanField()
    labels = serializers.ListField(child=_text(max_length=1024))
    _links = MeetingLinks()
    additionalInformation = AdditionalInformation(many=True)


class SchedulingInfo(serializers.Serializer):
    """A room."""

    uuid = serializers.UUIDField()
    hostPin = serializers.IntegerField(allow_null=True)
    guestPin = serializers.IntegerField(allow_null=True)
    vmrAvailableBefore = serializers.IntegerField()
    maxParticipants = serializers.IntegerField()
    endMeetingOnEndTime = serializers.BooleanField()
    uriWithDomain = _text(max_length=100)
    uriWithoutDomain = _text(max_length=100, allow_null=True)
    provisionStatus = _choice(ProvisionStatus)
    provisionStatusDescription = _text(max_length=200, allow_null=True)
    portalLink = _text(max_length=200, allow_null=True)
    ivrTheme = _text(max_length=100, allow_null=True)
    provisionTimestamp = serializers.DateTimeField(allow_null=True)
    provisionVmrId = _text(max_length=50, allow_null=True)
    vmrType = _choice(VmrType)
    hostView = _choice(View)
    guestView = _choice(View)
    vmrQuality = _choice(Quality)
    enableOverlayText = serializers.BooleanField()
    guestsCanPresent = serializers.BooleanField()
    forcePresenterIntoMain = serializers.BooleanField()
    forceEncryption = serializers.BooleanField()
    muteAllGuests = serializers.BooleanField()
    createdBy = MeetingUser()
    updatedBy = MeetingUser(allow_null=True)
    createdTime = serializers.DateTimeField()
    updatedTime = serializers.DateTimeField(allow_null=True)
    reservationId = serializers.UUIDField(allow_null=True)
    customPortalGuest = _text(max_length=200, allow_null=True)
    customPortalHost = _text(max_length=200, allow_null=True)
    returnUrl = _text(max_length=200, allow_null=True)
    callType = _text(max_length=64, allow_null=True)
    meetingDetails = Meeting(allow_null=True)
    _links = SelfLink()
    directMedia = _choice(DirectMedia)
    shortLink = _text(allow_null=True)
    shortlink = _text(allow_null=True)


class SchedulingTemplate(serializers.Serializer):
    """What new rooms are made from."""

    id = serializers.IntegerField()
    organisationId = _text()
    conferencingSysId = serializers.IntegerField()
    uriPrefix = _text(max_length=100)
    uriDomain = _text(max_length=100)
    hostPinRequired = serializers.BooleanField()
    hostPinRangeLow = serializers.IntegerField(allow_null=True)
    hostPinRangeHigh = serializers.IntegerField(allow_null=True)
    guestPinRequired = serializers.BooleanField()
    guestPinRangeLow = serializers.IntegerField(allow_null=True)
    guestPinRangeHigh = serializers.IntegerField(allow_null=True)
    vMRAvailableBefore = serializers.IntegerField()
    maxParticipants = serializers.IntegerField()
    endMeetingOnEndTime = serializers.BooleanField()
    uriNumberRangeLow = serializers.IntegerField()
    uriNumberRangeHigh = serializers.IntegerField()
    ivrTheme = _text(max_length=100)
    isDefaultTemplate = serializers.BooleanField()
    isPoolTemplate = serializers.BooleanField()
    customPortalGuest = _text(max_length=200, allow_null=True)
    customPortalHost = _text(max_length=200, allow_null=True)
    returnUrl = _text(max_length=200, allow_null=True)
    vmrType = _choice(VmrType)
    hostView = _choice(View)
    guestView = _choice(View)
    vmrQuality = _choice(Quality)
    enableOverlayText = serializers.BooleanField()
    guestsCanPresent = serializers.BooleanField()
    forcePresenterIntoMain = serializers.BooleanField()
    forceEncryption = serializers.BooleanField()
    muteAllGuests = serializers.BooleanField()
    directMedia = _choice(DirectMedia)
    callType = _text(max_length=64, allow_null=True)
    createdBy = MeetingUser()
    updatedBy = MeetingUser(allow_null=True)
    createdTime = serializers.DateTimeField()
    updatedTime = serializers.DateTimeField(allow_null=True)
    _links = SelfLink()


class PoolInfo(serializers.Serializer):
    """An organisation's pool and its free rooms."""

    organisationId = _text()
    desiredPoolSize = serializers.IntegerField()
    availablePoolSize = serializers.IntegerField()
    schedulingTemplate = SchedulingTemplate(allow_null=True)
    schedulingInfoList = SchedulingInfo(many=True)


class InfoEntry(serializers.Serializer):
    """A key and whatever stands under it."""

    key = _text()
    value = serializers.JSONField()


class Info(serializers.Serializer):
    """What the API says of itself."""

    info = InfoEntry(many=True)


class Refusal(serializers.Serializer):
    """Why not. The last two members are there where a rule of the contract says no."""

    error = _text()
    path = _text()
    status = serializers.IntegerField()
    timestamp = serializers.DateTimeField()
    detailed_error = _text(required=False, allow_null=True)
    detailed_error_code = _text(required=False)


def query(name: str, kind: Any = OpenApiTypes.STR, text: str = "", **also: Any) -> OpenApiParameter:
    """A parameter after the question mark."""
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=text, **also)


# Of what may be left out, empty is as good as left out.
_TIME_OR_EMPTY = {"type": "string", "anyOf": [{"format": "date-time"}, {"maxLength": 0}]}
_FLAG = {"anyOf": [{"type": "boolean"}, {"enum": ["on", "yes", "1", "off", "no", "0", ""]}]}

SEARCH = [
    query("short-id", {"type": "string", "minLength": 12, "maxLength": 12}),
    query("label", text="One label, as it is."),
    query("subject", text="The subject, as it is."),
    query("organizedBy", text="The organiser's e-mail."),
    query("search", text="Organiser, label or address as they are, or a part of subject or description."),
    query("from-start-time", _TIME_OR_EMPTY),
    query("to-start-time", _TIME_OR_EMPTY),
    query("uriWithDomain", text="The room's address, as it is."),
]
BETWEEN = [
    query("from-start-time", OpenApiTypes.DATETIME, required=True),
    query("to-end-time", OpenApiTypes.DATETIME, required=True),
    query("provision-status", enum=[*ProvisionStatus.values, ""], default="AWAITS_PROVISION"),
]
WISHES = [
    query("vmrType", text="conference or lecture; unknown words stand for the default", default="conference"),
    query("hostView", default="one_main_seven_pips"),
    query("guestView", default="one_main_seven_pips"),
    query("vmrQuality", default="hd"),
    query("enableOverlayText", _FLAG, default=True),
    query("guestsCanPresent", _FLAG, default=True),
    query("forcePresenterIntoMain", _FLAG, default=True),
    query("forceEncryption", _FLAG, default=False),
    query("muteAllGuests", _FLAG, default=False),
]
URI = [query("uri", required=True)]
_IN_PATH = {
    "uuid": OpenApiTypes.UUID,
    "reservation_id": OpenApiTypes.UUID,
    "template_id": OpenApiTypes.INT64,
}


def described(
    summary: str,
    answer: Any,
    *,
    body: Any = None,
    parameters: Sequence[OpenApiParameter] = (),
    path: str = "",
    refusals: Sequence[int] = (),
) -> Callable[[Handler], Handler]:
    """Describe a handler. ``answer`` is a serializer, or None for 204; ``refusals`` come beside the usual ones."""
    found: dict[int, Any] = {204 if answer is None else 200: OpenApiResponse(answer)}
    for status in sorted({400, 406, *refusals, *([404] if path else [])}):
        found[status] = OpenApiResponse(Refusal)
    if body is not None:
        found[415] = OpenApiResponse(Refusal)
    found[401] = OpenApiResponse(description="No token, or one that is not good or does not say enough.")
    found[403] = OpenApiResponse(description="The caller may not do this, or the thing belongs to others.")
    found[429] = OpenApiResponse(
        Refusal, description="Too many calls. The header `Retry-After` says how many seconds to wait."
    )
    in_path = [OpenApiParameter(path, _IN_PATH[path], OpenApiParameter.PATH)] if path else []
    first, *rest = summary.lower().split()
    return extend_schema(
        operation_id=first + "".join(word.title() for word in rest),
        summary=summary,
        request=body,
        responses=found,
        parameters=[*in_path, *parameters],
        tags=["VDX-API"],
    )


def ours_alone(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Leave out whatever is not this API's, and the slash at the end that makes no difference."""
    return [
        (path.rstrip("/"), pattern, method, view)
        for path, pattern, method, view in endpoints
        if path.startswith(f"{PREFIX}/") and path.strip("/") != PREFIX.strip("/")
    ]


def finished(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say what the generator cannot know: each answer's second type, the header of a 429, and that a body must come."""
    for operations in result["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                # Also where no member has to be in it.
                operation["requestBody"]["required"] = True
            for status, answer in operation["responses"].items():
                content = answer.get("content")
                if content:
                    [schema] = list(content.values())[:1]
                    answer["content"] = {"application/hal+json": schema, "application/json": schema}
                if status == "429":
                    answer["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
    return result
