"""Rooms, seats and visits. Rooms are made by the service, as the hub makes them."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import factory

from rooms import services
from rooms.enums import DeviceKind, SeatRole, SeatState
from rooms.models import Room, Seat, Visit
from rooms.services import RoomSettings
from rooms.services.seats import token_digest
from tests.factories.accounts import OrganisationFactory
from vdx.lib import clock, ids

_SETTINGS = {field.name for field in fields(RoomSettings)}


class RoomFactory(factory.django.DjangoModelFactory[Room]):
    """A room that is open: it started a minute ago and lasts a quarter. Members of RoomSettings may be given."""

    class Meta:
        model = Room

    uuid = factory.LazyFunction(uuid4)
    organisation = factory.SubFactory(OrganisationFactory)
    starts_at = factory.LazyFunction(lambda: clock.now() - timedelta(minutes=1))
    ends_at = factory.LazyAttribute(lambda room: room.starts_at and room.starts_at + timedelta(minutes=15))
    host_label = "Lise Holm"
    host_phone = "00 00 00 01"
    host_pin = None
    guest_pin = None
    created_by = None
    now = factory.LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: type[Room], *args: Any, **kwargs: Any) -> Room:
        settings = RoomSettings(**{name: kwargs.pop(name) for name in list(kwargs) if name in _SETTINGS})
        return services.create_room(settings=settings, **kwargs)


class SeatFactory(factory.django.DjangoModelFactory[Seat]):
    """A guest who waits. ``token`` opens it; traits: ``admitted``, ``host``."""

    class Meta:
        model = Seat

    class Params:
        token = factory.LazyFunction(ids.token)
        admitted = factory.Trait(state=SeatState.ADMITTED, admitted_at=factory.LazyFunction(clock.now))
        host = factory.Trait(role=SeatRole.HOST, state=SeatState.ADMITTED, admitted_at=factory.LazyFunction(clock.now))

    room = factory.SubFactory(RoomFactory)
    key = factory.LazyFunction(ids.short_id)
    token_digest = factory.LazyAttribute(lambda seat: token_digest(seat.token))
    role = SeatRole.GUEST
    state = SeatState.WAITING
    device_kind = DeviceKind.BROWSER
    user = None
    knocked_at = factory.LazyFunction(clock.now)


def instance() -> str:
    """What a page draws at each load."""
    return uuid4().hex


def visit(seat: Seat, start: datetime, end: datetime | None, *, resumed: bool = False, page: str = "") -> Visit:
    """A visit as it was; of a seat that is let in it counts from its start."""
    return Visit.objects.create(
        seat=seat,
        instance=page or instance(),
        started_at=start,
        seen_at=end or start,
        ended_at=end,
        admitted_at=start if seat.is_device else None,
        resumed=resumed,
    )
