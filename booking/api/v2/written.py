"""Answers: the members of the contract, in its order, and none beside them (section 4).

Written by hand rather than by serializers: lists may be long. ``booking.api.v2.schema`` describes the same members,
and a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from booking.api import access
from booking.api.queries import Pool
from booking.models import Meeting, SchedulingTemplate
from booking.rules.portal_link import Facts, portal_link
from rooms import queries as rooms_queries
from rooms.enums import ProvisionStatus
from vdx.accounts.callers import Caller
from vdx.accounts.enums import ApiRole
from vdx.lib.rest.fields import written, written_or_none

if TYPE_CHECKING:
    from rooms.models import Room
    from vdx.accounts.models import MeetingUser

BASE = "/videoapi/v2"
_LAYOUT = (
    ("vmrType", "vmr_type"),
    ("hostView", "host_view"),
    ("guestView", "guest_view"),
    ("vmrQuality", "vmr_quality"),
    ("enableOverlayText", "enable_overlay_text"),
    ("guestsCanPresent", "guests_can_present"),
    ("forcePresenterIntoMain", "force_presenter_into_main"),
    ("forceEncryption", "force_encryption"),
    ("muteAllGuests", "mute_all_guests"),
)


@dataclass(frozen=True)
class Writer:
    """Writes for one caller, at one moment, under the host name that was called."""

    host: str
    caller: Caller
    now: datetime

    def meeting(self, meeting: Meeting, given: dict[str, Any] | None = None) -> dict[str, Any]:
        """``meeting`` (section 4.2). ``given`` is the body that it was just made from: its lists are known."""
        code = meeting.organisation.code
        link = short_link(meeting.short_id)
        uuid = str(meeting.uuid)
        return {
            "subject": meeting.subject,
            "uuid": uuid,
            "createdBy": {"organisationId": code, "email": meeting.created_by.email},
            "updatedBy": {"organisationId": code, "email": meeting.updated_by.email}
            if meeting.updated_by is not None
            else {"organisationId": None, "email": None},
            "organizedBy": {"organisationId": code, "email": meeting.organized_by.email},
            "startTime": written(meeting.start_time),
            "endTime": written(meeting.end_time),
            "description": meeting.description,
            "projectCode": meeting.project_code,
            "createdTime": written(meeting.created_time),
            "updatedTime": written_or_none(meeting.updated_time),
            "shortId": meeting.short_id,
            "shortLink": link,
            "shortlink": link,
            "externalId": meeting.external_id,
            "guestMicrophone": meeting.guest_microphone,
            "guestPinRequired": meeting.guest_pin_required,
            "labels": _labels(meeting) if given is None else given.get("labels") or [],
            "_links": {
                "self": self._link(f"meetings/{uuid}"),
                "scheduling-info": self._link(f"scheduling-info/{uuid}"),
            },
            "additionalInformation": _information(meeting)
            if given is None
            else [dict(pair) for pair in given.get("additionalInformation") or []],
        }

    def room(self, room: Room, *, in_pool: bool = False) -> dict[str, Any]:
        """``scheduling-info`` (section 4.6). ``in_pool``: shown in a list of pools, with pins for a few alone."""
        meeting: Meeting | None = getattr(room, "meeting", None)
        if meeting is not None:
            # The two point at each other; no query is needed to know it.
            meeting.room = room
        status = rooms_queries.provision_status(room, self.now)
        host_pin = access.sees_host_pin(self.caller, meeting.organized_by.email if meeting is not None else None)
        guest_pin = True
        if in_pool:
            host_pin = guest_pin = self.caller.has(ApiRole.ADMIN, *access.PROVISIONERS)
        link = short_link(meeting.short_id) if meeting is not None else None
        taken_down = status == ProvisionStatus.DEPROVISION_OK
        return {
            "uuid": str(room.uuid),
            "hostPin": room.host_pin if host_pin else None,
            "guestPin": room.guest_pin if guest_pin else None,
            "vmrAvailableBefore": room.vmr_available_before,
            "maxParticipants": room.max_participants,
            "endMeetingOnEndTime": room.end_meeting_on_end_time,
            "uriWithDomain": room.uri_with_domain,
            "uriWithoutDomain": None if taken_down else room.uri_without_domain,
            "provisionStatus": status.value,
            "provisionStatusDescription": room.provision_status_description,
            "portalLink": link_of(meeting) if meeting is not None else None,
            "ivrTheme": room.ivr_theme,
            "provisionTimestamp": written_or_none(rooms_queries.provisioned_at(room, self.now)),
            "provisionVmrId": room.provision_vmr_id,
            **{member: getattr(room, column) for member, column in _LAYOUT},
            "createdBy": _user(room.created_by) or {"organisationId": room.organisation.code, "email": ""},
            "updatedBy": _user(room.updated_by),
            "createdTime": written(room.created_time),
            "updatedTime": written_or_none(room.updated_time),
            "reservationId": str(room.reservation_id) if room.reservation_id else None,
            "customPortalGuest": room.custom_portal_guest,
            "customPortalHost": room.custom_portal_host,
            "returnUrl": room.return_url,
            "callType": room.call_type,
            "meetingDetails": self.meeting(meeting) if meeting is not None else None,
            "_links": {"self": self._link(f"scheduling-info/{room.uuid}")},
            "directMedia": room.direct_media,
            "shortLink": link,
            "shortlink": link,
        }

    def template(self, template: SchedulingTemplate) -> dict[str, Any]:
        """``scheduling-template`` (section 4.8)."""
        return {
            "id": template.pk,
            "organisationId": template.organisation.code if template.organisation is not None else "",
            "conferencingSysId": template.conferencing_sys_id,
            "uriPrefix": template.uri_prefix,
            "uriDomain": template.uri_domain,
            "hostPinRequired": template.host_pin_required,
            "hostPinRangeLow": template.host_pin_range_low,
            "hostPinRangeHigh": template.host_pin_range_high,
            "guestPinRequired": template.guest_pin_required,
            "guestPinRangeLow": template.guest_pin_range_low,
            "guestPinRangeHigh": template.guest_pin_range_high,
            "vMRAvailableBefore": template.vmr_available_before,
            "maxParticipants": template.max_participants,
            "endMeetingOnEndTime": template.end_meeting_on_end_time,
            "uriNumberRangeLow": template.uri_number_range_low,
            "uriNumberRangeHigh": template.uri_number_range_high,
            "ivrTheme": template.ivr_theme or "",
            "isDefaultTemplate": template.is_default_template,
            "isPoolTemplate": template.is_pool_template,
            "customPortalGuest": template.custom_portal_guest,
            "customPortalHost": template.custom_portal_host,
            "returnUrl": template.return_url,
            **{member: getattr(template, column) for member, column in _LAYOUT},
            "directMedia": template.direct_media,
            "callType": template.call_type,
            "createdBy": _user(template.created_by)
            or {"organisationId": template.organisation.code if template.organisation is not None else "", "email": ""},
            "updatedBy": _user(template.updated_by),
            "createdTime": written(template.created_time),
            "updatedTime": written_or_none(template.updated_time),
            "_links": {"self": self._link(f"scheduling-templates/{template.pk}")},
        }

    def pool(self, pool: Pool) -> dict[str, Any]:
        """``pool-info`` (section 4.10)."""
        return {
            "organisationId": pool.organisation.code,
            "desiredPoolSize": pool.organisation.pool_size,
            "availablePoolSize": len(pool.rooms),
            "schedulingTemplate": self.template(pool.template) if pool.template is not None else None,
            "schedulingInfoList": [self.room(room, in_pool=True) for room in pool.rooms],
        }

    def _link(self, path: str) -> dict[str, str]:
        return {"href": f"https://{self.host}{BASE}/{path}"}


def short_link(short_id: str) -> str:
    """The link that a patient is given."""
    return f"{settings.VDX_SHORT_LINK_BASE}{short_id}"


def link_of(meeting: Meeting) -> str:
    """The portal link as it is now, with all that has been changed since the booking."""
    room = meeting.room
    return portal_link(
        settings.VDX_PORTAL_LINK_TEMPLATE,
        Facts(
            short_link=short_link(meeting.short_id),
            uri_with_domain=room.uri_with_domain,
            uri_domain=room.uri_domain,
            guest_pin=room.guest_pin,
            host_pin=room.host_pin,
            start=meeting.start_time,
            return_url=room.return_url,
            microphone=meeting.guest_microphone,
            call_type=room.call_type,
        ),
    )


def _labels(meeting: Meeting) -> list[str]:
    return [row.label for row in meeting.labels.all()] if getattr(meeting, "has_labels", True) else []


def _information(meeting: Meeting) -> list[dict[str, str]]:
    if not getattr(meeting, "has_information", True):
        return []
    return [{"key": row.key, "value": row.value} for row in meeting.additional_information.all()]


def _user(user: MeetingUser | None) -> dict[str, str] | None:
    return None if user is None else {"organisationId": user.organisation.code, "email": user.email}
