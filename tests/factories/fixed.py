"""Fixed rooms and groups, made by the services."""

from __future__ import annotations

from typing import Any

import factory

from rooms.models_fixed import FixedRoom, RoomGroup
from rooms.services import fixed
from tests.factories.accounts import OrganisationFactory
from vdx.accounts.models import User
from vdx.lib import clock


class FixedRoomFactory(factory.django.DjangoModelFactory[FixedRoom]):
    """A room with a waiting room and no pin for hosts. ``users``: who may use it, each a colleague already."""

    class Meta:
        model = FixedRoom

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Konference {n}")
    address = factory.Sequence(lambda n: f"konference-{n}")
    description = ""
    waiting_room = True
    with_host_pin = False
    actor = None
    now = factory.LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: type[FixedRoom], *args: Any, **kwargs: Any) -> FixedRoom:
        users: list[User] = kwargs.pop("users", [])
        made = fixed.create_fixed_room(**kwargs)
        for user in users:
            fixed.add_person(fixed_room_id=made.pk, user=user, actor=None)
        return made


class RoomGroupFactory(factory.django.DjangoModelFactory[RoomGroup]):
    """A group. ``users``: who is in it, each a colleague already."""

    class Meta:
        model = RoomGroup

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Gruppe {n}")
    actor = None
    now = factory.LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: type[RoomGroup], *args: Any, **kwargs: Any) -> RoomGroup:
        users: list[User] = kwargs.pop("users", [])
        made = fixed.create_group(**kwargs)
        for user in users:
            fixed.add_to_group(group_id=made.pk, user=user, actor=None)
        return made
