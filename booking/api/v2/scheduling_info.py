"""Rooms, as the VDX-API names them "scheduling info": looked at, made ready from outside, and reserved
(contract, sections 8 and 11.1)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from booking import services
from booking.api import access, queries
from booking.api.v2 import bodies, parameters, schema
from booking.api.v2.base import ANYBODY, View, uuid_in
from booking.errors import Absent
from rooms import services as rooms
from rooms.enums import ProvisionStatus
from vdx.accounts import services as accounts
from vdx.accounts.enums import ApiRole
from vdx.lib import clock


class SchedulingInfos(View):
    """The rooms that the caller may see."""

    @schema.described("Find rooms", schema.SchedulingInfo(many=True), parameters=schema.BETWEEN)
    def get(self, request: Request) -> Response:
        """Those with a meeting that begins or ends between two times, in one status."""
        since = parameters.required_moment(request, "from-start-time")
        until = parameters.required_moment(request, "to-end-time")
        status = parameters.provision_status(request)
        self.require(*ANYBODY)
        write = self.writer(request)
        found = queries.rooms_between(self.caller, since=since, until=until, status=status, now=write.now)
        return Response([write.room(room) for room in found])

    @schema.described("Add a room to a pool", schema.SchedulingInfo, body=bodies.CreateSchedulingInfoBody)
    def post(self, request: Request) -> Response:
        """One more room for a pool."""
        body = bodies.read(bodies.CreateSchedulingInfoBody, request)
        self.require(ApiRole.PROVISIONER_USER)
        creator = accounts.meeting_user(organisation=access.organisation_of(self.caller), email=self.caller.email)
        room = services.add_pool_room(
            organisation_code=body["organizationId"],
            template_id=body["schedulingTemplateId"],
            creator=creator,
            now=clock.now(),
        )
        return Response(self.writer(request).room(room))


class OneSchedulingInfo(View):
    """A room."""

    @schema.described("Read a room", schema.SchedulingInfo, path="uuid")
    def get(self, request: Request, uuid: str) -> Response:
        """As it is."""
        key = uuid_in(uuid)
        self.require(*ANYBODY)
        return Response(self.writer(request).room(access.room(self.caller, key)))

    @schema.described(
        "Say how far a room is",
        schema.SchedulingInfo,
        path="uuid",
        body=bodies.UpdateSchedulingInfoBody,
        refusals=(404,),
    )
    def put(self, request: Request, uuid: str) -> Response:
        """What the provisioner has to say of it."""
        key = uuid_in(uuid)
        body = bodies.read(bodies.UpdateSchedulingInfoBody, request)
        self.require(ApiRole.PROVISIONER_USER)
        found = access.room(self.caller, key)
        services.refuse_cpr(provision_status_description=body.get("provisionStatusDescription"))
        rooms.note_provisioning(
            room_id=found.pk,
            status=ProvisionStatus(body["provisionStatus"]),
            description=body.get("provisionStatusDescription"),
            vmr_id=body.get("provisionVmrId"),
            editor=accounts.meeting_user(organisation=access.organisation_of(self.caller), email=self.caller.email),
            now=clock.now(),
        )
        return Response(self.writer(request).room(access.room(self.caller, key)))


class ToProvision(View):
    """What an outside provisioner is to make ready."""

    @schema.described("Rooms to make ready", schema.SchedulingInfo(many=True))
    def get(self, request: Request) -> Response:
        """Of every organisation."""
        self.require(ApiRole.PROVISIONER_USER)
        write = self.writer(request)
        return Response([write.room(room) for room in queries.to_provision(write.now)])


class ToDeprovision(View):
    """What an outside provisioner is to take down."""

    @schema.described("Rooms to take down", schema.SchedulingInfo(many=True))
    def get(self, request: Request) -> Response:
        """Of every organisation."""
        self.require(ApiRole.PROVISIONER_USER)
        write = self.writer(request)
        return Response([write.room(room) for room in queries.to_deprovision(write.now)])


class Reserve(View):
    """A room of the own pool, held back for a meeting to come. The contract has it as a GET that changes things."""

    @schema.described("Reserve a room", schema.SchedulingInfo, parameters=schema.WISHES, refusals=(404,))
    def get(self, request: Request) -> Response:
        """Hold one back."""
        wishes = parameters.wishes(request)
        self.require(ApiRole.ADMIN)
        room = rooms.reserve_room(
            organisation=access.organisation_of(self.caller),
            wishes=wishes,
            older_than=timedelta(seconds=settings.VDX_POOL_MINIMUM_AGE_SECONDS),
            now=clock.now(),
        )
        if room is None:
            raise Absent("SchedulingInfo", "SchedulingInfo")
        return Response(self.writer(request).room(room))


class Reserved(View):
    """A room that is held back."""

    @schema.described("Read a reserved room", schema.SchedulingInfo, path="reservation_id")
    def get(self, request: Request, reservation_id: str) -> Response:
        """As it is, until it is used."""
        key = uuid_in(reservation_id)
        self.require(ApiRole.ADMIN)
        write = self.writer(request)
        return Response(write.room(access.reserved_room(self.caller, key, write.now)))
