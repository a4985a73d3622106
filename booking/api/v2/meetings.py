"""Meetings: found, booked, changed and deleted (contract, section 6)."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from booking import services
from booking.api import access, queries
from booking.api.v2 import bodies, parameters, schema
from booking.api.v2.base import ANYBODY, BOOKERS, View, uuid_in
from booking.api.v2.written import link_of
from booking.enums import GuestMicrophone
from booking.errors import MayNotBeNull, TooLong
from booking.models import Meeting
from booking.rules.portal_link import LONGEST
from booking.services import MeetingChanges, PoolUse, RoomChanges
from vdx.accounts.callers import Caller
from vdx.accounts.enums import ApiRole, Language
from vdx.lib import clock

_LAYOUT = {
    "vmrType": "vmr_type",
    "hostView": "host_view",
    "guestView": "guest_view",
    "vmrQuality": "vmr_quality",
    "enableOverlayText": "enable_overlay_text",
    "guestsCanPresent": "guests_can_present",
    "forcePresenterIntoMain": "force_presenter_into_main",
    "forceEncryption": "force_encryption",
    "muteAllGuests": "mute_all_guests",
}
_NEVER_NULL = ("subject", "startTime", "endTime", "guestPinRequired")
_PATCHED = {
    "subject": "subject",
    "startTime": "start",
    "endTime": "end",
    "description": "description",
    "projectCode": "project_code",
    "guestMicrophone": "guest_microphone",
    "guestPinRequired": "guest_pin_required",
}


class Meetings(View):
    """The meetings of an organisation."""

    @schema.described("Find meetings", schema.Meeting(many=True), parameters=schema.SEARCH, refusals=(404,))
    def get(self, request: Request) -> Response:
        """Those that the first criterion given finds."""
        search = parameters.search(request)
        self.require(*ANYBODY)
        write = self.writer(request).meeting
        return Response([write(meeting) for meeting in queries.meetings(self.caller, search)])

    @schema.described("Book a meeting", schema.Meeting, body=bodies.CreateMeetingBody)
    def post(self, request: Request) -> Response:
        """Book one."""
        body = bodies.read(bodies.CreateMeetingBody, request)
        self.require(*BOOKERS)
        return Response(self.writer(request).meeting(_book(self.caller, body), body))


class OneMeeting(View):
    """A meeting."""

    @schema.described("Read a meeting", schema.Meeting, path="uuid")
    def get(self, request: Request, uuid: str) -> Response:
        """As it is."""
        key = uuid_in(uuid)
        self.require(*ANYBODY)
        return Response(self.writer(request).meeting(access.meeting(self.caller, key)))

    @schema.described("Replace a meeting", schema.Meeting, path="uuid", body=bodies.UpdateMeetingBody)
    def put(self, request: Request, uuid: str) -> Response:
        """Replace what may be replaced; what is absent is cleared."""
        key = uuid_in(uuid)
        body = bodies.read(bodies.UpdateMeetingBody, request)
        self.require(*BOOKERS)
        changes = MeetingChanges(
            subject=body["subject"],
            start=body["startTime"],
            end=body["endTime"],
            description=body.get("description"),
            project_code=body.get("projectCode"),
            organiser_email=_organiser(self.caller, body.get("organizedByEmail")),
            labels=body.get("labels") or [],
            additional_information=_pairs(body),
        )
        return self._amended(request, access.meeting_to_change(self.caller, key), changes, RoomChanges())

    @schema.described("Change a meeting", schema.Meeting, path="uuid", body=bodies.PatchMeetingBody)
    def patch(self, request: Request, uuid: str) -> Response:
        """Change what is given; null clears."""
        key = uuid_in(uuid)
        body = bodies.read(bodies.PatchMeetingBody, request)
        self.require(*BOOKERS)
        meeting = access.meeting_to_change(self.caller, key)
        if any(body.get(name, "") is None for name in _NEVER_NULL):
            raise MayNotBeNull
        changes: Any = {column: body[name] for name, column in _PATCHED.items() if name in body}
        if "labels" in body:
            changes["labels"] = body["labels"] or []
        if "additionalInformation" in body:
            changes["additional_information"] = _pairs(body)
        if "organizedByEmail" in body or not self.caller.has(*access.PLANNERS):
            changes["organiser_email"] = _organiser(self.caller, body.get("organizedByEmail"))
        if "language" in body:
            changes["language"] = body["language"] or Language.DANISH
        room: Any = {
            column: body[name]
            for name, column in (("hostPin", "host_pin"), ("guestPin", "guest_pin"), ("callType", "call_type"))
            if name in body
        }
        return self._amended(request, meeting, changes, room)

    @schema.described("Delete a meeting", None, path="uuid")
    def delete(self, request: Request, uuid: str) -> Response:
        """Delete it, with its room."""
        key = uuid_in(uuid)
        self.require(*BOOKERS)
        services.withdraw(meeting_id=access.meeting(self.caller, key).pk, now=clock.now())
        return Response(status=204)

    def _amended(self, request: Request, meeting: Meeting, changes: MeetingChanges, room: RoomChanges) -> Response:
        if changes.get("organiser_email", "").casefold() == meeting.organized_by.email.casefold():
            del changes["organiser_email"]
        with transaction.atomic():
            services.amend(
                meeting_id=meeting.pk,
                changes=changes,
                room_changes=room,
                editor_email=self.caller.email,
                now=clock.now(),
            )
            changed = access.with_room(Meeting.objects.filter(pk=meeting.pk)).get()
            _check_link(changed)
        return Response(self.writer(request).meeting(changed))


class ByUriWithDomain(View):
    """A meeting by the whole address of its room."""

    @schema.described("Find by address", schema.Meeting, parameters=schema.URI, refusals=(404,))
    def get(self, request: Request) -> Response:
        """The one."""
        uri = parameters.uri(request)
        self.require(*ANYBODY)
        found = access.meeting_by_uri(self.caller, room__uri_with_domain__iexact=uri)
        return Response(self.writer(request).meeting(found))


class ByUriWithoutDomain(View):
    """A meeting by the first part of its room's address."""

    @schema.described("Find by number", schema.Meeting, parameters=schema.URI, refusals=(404,))
    def get(self, request: Request) -> Response:
        """The one."""
        uri = parameters.uri(request)
        self.require(*ANYBODY)
        found = access.meeting_by_uri(self.caller, room__uri_without_domain__iexact=uri)
        return Response(self.writer(request).meeting(found))


def _book(caller: Caller, body: dict[str, Any]) -> Meeting:
    organisation = access.organisation_of(caller)
    # Null stands for the usual value throughout, but for the microphone, which may be left open.
    microphone = body.get("guestMicrophone", GuestMicrophone.ON)
    # The hub's own link is never too long. Only a template's may be, and then nothing is booked.
    with transaction.atomic() if settings.VDX_PORTAL_LINK_TEMPLATE else nullcontext():
        meeting = services.book(
            organisation=organisation,
            organiser_email=_organiser(caller, body.get("organizedByEmail")),
            creator_email=caller.email,
            subject=body["subject"],
            start=body["startTime"],
            end=body["endTime"],
            actor=None,
            actor_kind="api",
            now=clock.now(),
            uuid=body.get("uuid"),
            description=body.get("description"),
            project_code=body.get("projectCode"),
            external_id=body.get("externalId"),
            labels=body.get("labels") or [],
            additional_information=_pairs(body),
            guest_microphone=microphone,
            guest_pin_required=bool(body.get("guestPinRequired")),
            guest_pin=body.get("guestPin"),
            host_pin=body.get("hostPin"),
            template_id=body.get("schedulingTemplateId"),
            max_participants=body.get("maxParticipants") or 0,
            end_meeting_on_end_time=body.get("endMeetingOnEndTime"),
            layout={column: body[name] for name, column in _LAYOUT.items() if body.get(name) is not None},
            call_type=body.get("callType"),
            own_address=body.get("uriWithoutDomain"),
            pool=PoolUse.MUST if body.get("meetingType") == "POOL" else PoolUse.IF_AT_ONCE,
            reservation_id=body.get("schedulingInfoReservationId"),
            language=body.get("language") or Language.DANISH,
        )
        _check_link(meeting)
    return meeting


def _organiser(caller: Caller, wanted: str | None) -> str:
    """Who organises: whom a planner or administrator names, else the caller."""
    return wanted if wanted and caller.has(ApiRole.ADMIN, ApiRole.PLANNER) else caller.email


def _pairs(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(pair["key"], pair["value"]) for pair in body.get("additionalInformation") or []]


def _check_link(meeting: Meeting) -> None:
    """Refuse what makes the portal link too long to keep. Raises :class:`TooLong`."""
    if len(link_of(meeting)) > LONGEST:
        raise TooLong(field="portalLink")
