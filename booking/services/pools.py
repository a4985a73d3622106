"""Pools of rooms that lie ready: whose pool it is, adding to it, keeping it full, and its history.

Contract, section 8.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from booking.errors import OrganisationUnknown, PoolNotEnabled, TemplateOfAnother, TemplateUnknown
from booking.models import PoolHistory, SchedulingTemplate
from booking.services.make import address_for, draw_guest_pin, draw_host_pin, settings_for
from booking.services.templates import template_for
from rooms import queries as rooms_queries
from rooms import services as rooms
from vdx.accounts import queries as accounts_queries
from vdx.accounts import services as accounts

if TYPE_CHECKING:
    from rooms.models import Room
    from vdx.accounts.models import MeetingUser, Organisation

log = logging.getLogger(__name__)

# Who a room of the pool was made by when nobody asked for it.
FILLER = "vdx-pool"
_DRAWS = 5


def pool_organisation(organisation: Organisation) -> Organisation:
    """Whose pool serves the organisation: its own, the nearest one above it, or else the root of its tree."""
    if organisation.pool_size:
        return organisation
    above = accounts_queries.ancestors(organisation)
    return next((node for node in above if node.pool_size), above[-1])


def overflow_organisation() -> Organisation | None:
    """Whose pool helps out when another is empty. One that does not exist (yet) helps nobody."""
    code = settings.VDX_POOL_OVERFLOW_ORGANISATION
    if not code:
        return None
    found: Organisation | None = apps.get_model("accounts", "Organisation").objects.filter(code=code).first()
    return found


def pool_template(organisation: Organisation) -> SchedulingTemplate | None:
    """What rooms of the organisation's pool are made from: its pool template, else its default, else none."""
    own = SchedulingTemplate.objects.filter(organisation=organisation, deleted_time__isnull=True)
    return own.filter(is_pool_template=True).first() or own.filter(is_default_template=True).first()


@transaction.atomic
def add_pool_room(*, organisation_code: str, template_id: int, creator: MeetingUser, now: datetime) -> Room:
    """One room for an organisation's pool, from a template of its own or a shared one; a deleted one still works.

    Raises :class:`OrganisationUnknown`, :class:`PoolNotEnabled`, :class:`TemplateUnknown`,
    :class:`TemplateOfAnother`, and what drawing pins and an address raises.
    """
    organisation = apps.get_model("accounts", "Organisation").objects.filter(code=organisation_code).first()
    if organisation is None:
        raise OrganisationUnknown
    if organisation.pool_size is None:
        raise PoolNotEnabled
    template = SchedulingTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise TemplateUnknown
    if template.organisation_id not in (None, organisation.pk):
        raise TemplateOfAnother
    return make_pool_room(organisation, template, creator, now)


def make_pool_room(
    organisation: Organisation, template: SchedulingTemplate, creator: MeetingUser, now: datetime
) -> Room:
    """A room without a meeting, with pins and an address from the template."""
    host_pin, guest_pin = draw_host_pin(template), draw_guest_pin(template, wanted=False)
    for attempt in range(_DRAWS):
        try:
            with transaction.atomic():
                return rooms.create_room(
                    uuid=uuid4(),
                    organisation=organisation,
                    settings=settings_for(template),
                    starts_at=None,
                    ends_at=None,
                    host_label="",
                    host_phone=organisation.phone,
                    host_pin=host_pin,
                    guest_pin=guest_pin,
                    created_by=creator,
                    now=now,
                    address=address_for(template, None),
                    is_pool=True,
                )
        except IntegrityError:
            # Somebody drew the same number at the same moment.
            if attempt == _DRAWS - 1:
                raise
    raise RuntimeError("unreachable")


def fill_pools(*, now: datetime) -> tuple[int, int]:
    """Bring every pool of the hub's own one room nearer to its size, or down to it. Says how many were made and taken.

    One room a run and organisation; of too many the oldest go. Rooms not ready yet count, so that two runs in a row do
    not make too many. Pools that somebody outside fills are left alone. Each organisation is a transaction of its own.
    """
    made = taken = 0
    # One whose size was taken away has rooms to give back.
    left = rooms_queries.pool_rooms().filter(organisation=OuterRef("pk"))
    served = apps.get_model("accounts", "Organisation").objects.filter(
        Q(pool_size__isnull=False) | Exists(left), outside_provisioner=False
    )
    for pk in list(served.order_by("pk").values_list("pk", flat=True)):
        try:
            more, fewer = _fill(pk, now)
        except Exception:
            log.exception("the pool of organisation %d could not be filled", pk)
        else:
            made, taken = made + more, taken + fewer
    return made, taken


@transaction.atomic
def _fill(organisation_id: int, now: datetime) -> tuple[int, int]:
    # Locked: two who fill at once count one after the other.
    organisation = (
        apps.get_model("accounts", "Organisation").objects.select_for_update(no_key=True).get(pk=organisation_id)
    )
    held = rooms_queries.held_back(now)
    here = rooms_queries.pool_rooms().filter(organisation=organisation).exclude(held)
    surplus = here.count() - (organisation.pool_size or 0)
    if surplus < 0:
        template = pool_template(organisation) or template_for(organisation=organisation, template_id=None, now=now)
        make_pool_room(organisation, template, accounts.meeting_user(organisation=organisation, email=FILLER), now)
        return 1, 0
    oldest = here.select_for_update(of=("self",), skip_locked=True).order_by("created_time", "pk")
    gone = list(oldest.values_list("pk", flat=True)[: max(surplus, 0)])
    for room_id in gone:
        rooms.delete_room(room_id=room_id)
    return 0, len(gone)


@transaction.atomic
def note_pools(*, now: datetime) -> int:
    """Write down how full each pool is. Returns the number of pools."""
    sizes = {row.pk: row for row in apps.get_model("accounts", "Organisation").objects.filter(pool_size__gt=0)}
    free = rooms_queries.free_pool_counts(sizes, now)
    PoolHistory.objects.bulk_create(
        PoolHistory(organisation=row, desired=row.pool_size or 0, available=free.get(pk, 0), at=now)
        for pk, row in sizes.items()
    )
    return len(sizes)
