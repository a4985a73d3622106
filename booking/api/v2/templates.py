"""Templates of the caller's own organisation (contract, section 7)."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from booking import services
from booking.api import access
from booking.api.v2 import bodies, schema
from booking.api.v2.base import ANYBODY, View, number_in
from booking.models import SchedulingTemplate
from rooms.enums import DirectMedia, Quality, VmrType
from rooms.enums import View as Layout
from vdx.accounts.enums import ApiRole
from vdx.lib import clock

# Column and default of every member that may be left out.
_OPTIONAL: dict[str, tuple[str, Any]] = {
    "hostPinRangeLow": ("host_pin_range_low", None),
    "hostPinRangeHigh": ("host_pin_range_high", None),
    "guestPinRangeLow": ("guest_pin_range_low", None),
    "guestPinRangeHigh": ("guest_pin_range_high", None),
    "vMRAvailableBefore": ("vmr_available_before", 0),
    "maxParticipants": ("max_participants", 0),
    "endMeetingOnEndTime": ("end_meeting_on_end_time", False),
    "ivrTheme": ("ivr_theme", None),
    "isDefaultTemplate": ("is_default_template", False),
    "isPoolTemplate": ("is_pool_template", False),
    "customPortalGuest": ("custom_portal_guest", None),
    "customPortalHost": ("custom_portal_host", None),
    "returnUrl": ("return_url", None),
    "vmrType": ("vmr_type", VmrType.CONFERENCE),
    "hostView": ("host_view", Layout.ONE_MAIN_SEVEN_PIPS),
    "guestView": ("guest_view", Layout.ONE_MAIN_SEVEN_PIPS),
    "vmrQuality": ("vmr_quality", Quality.HD),
    "enableOverlayText": ("enable_overlay_text", True),
    "guestsCanPresent": ("guests_can_present", True),
    "forcePresenterIntoMain": ("force_presenter_into_main", True),
    "forceEncryption": ("force_encryption", False),
    "muteAllGuests": ("mute_all_guests", False),
    "directMedia": ("direct_media", DirectMedia.NEVER),
    "callType": ("call_type", None),
}
_REQUIRED = {
    "conferencingSysId": "conferencing_sys_id",
    "uriPrefix": "uri_prefix",
    "uriDomain": "uri_domain",
    "hostPinRequired": "host_pin_required",
    "guestPinRequired": "guest_pin_required",
    "uriNumberRangeLow": "uri_number_range_low",
    "uriNumberRangeHigh": "uri_number_range_high",
}


class Templates(View):
    """The templates in use."""

    @schema.described("List templates", schema.SchedulingTemplate(many=True))
    def get(self, request: Request) -> Response:
        """All of them."""
        self.require(*ANYBODY)
        write = self.writer(request)
        return Response([write.template(each) for each in access.templates_of(self.caller).order_by("pk")])

    @schema.described("Make a template", schema.SchedulingTemplate, body=bodies.TemplateBody)
    def post(self, request: Request) -> Response:
        """A new one."""
        body = bodies.read(bodies.TemplateBody, request)
        self.require(ApiRole.ADMIN)
        template = SchedulingTemplate(organisation=access.organisation_of(self.caller))
        return Response(self.writer(request).template(_saved(template, body, self.caller.email)))


class OneTemplate(View):
    """A template."""

    @schema.described("Read a template", schema.SchedulingTemplate, path="template_id")
    def get(self, request: Request, template_id: str) -> Response:
        """As it is."""
        key = number_in(template_id)
        self.require(*ANYBODY)
        return Response(self.writer(request).template(access.template(self.caller, key)))

    @schema.described("Replace a template", schema.SchedulingTemplate, path="template_id", body=bodies.TemplateBody)
    def put(self, request: Request, template_id: str) -> Response:
        """Replace it; what is absent falls back to the default."""
        key = number_in(template_id)
        body = bodies.read(bodies.TemplateBody, request)
        self.require(ApiRole.ADMIN)
        template = access.template(self.caller, key)
        return Response(self.writer(request).template(_saved(template, body, self.caller.email)))

    @schema.described("Delete a template", None, path="template_id")
    def delete(self, request: Request, template_id: str) -> Response:
        """Take it out of use."""
        key = number_in(template_id)
        self.require(ApiRole.ADMIN)
        services.delete_template(template_id=access.template(self.caller, key).pk, actor=None, now=clock.now())
        return Response(status=204)


def _saved(template: SchedulingTemplate, body: dict[str, Any], email: str) -> SchedulingTemplate:
    for name, column in _REQUIRED.items():
        setattr(template, column, body[name])
    for name, (column, default) in _OPTIONAL.items():
        given = body.get(name)
        setattr(template, column, default if given is None else given)
    return services.save_template(template=template, actor=None, writer_email=email, now=clock.now())
