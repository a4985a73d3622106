"""Lists of the VDX-API (contract, sections 6.2, 8.6 and 11.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, Lookup, OuterRef, Q

from booking.api import access
from booking.errors import NothingToSearchBy, OneBoundMissing
from booking.models import Meeting, MeetingLabel, SchedulingTemplate
from rooms import queries as rooms_queries
from rooms.enums import ProvisionStatus, RoomState

if TYPE_CHECKING:
    from rooms.models import Room
    from vdx.accounts.callers import Caller
    from vdx.accounts.models import Organisation


@CharField.register_lookup
class HoldsPattern(Lookup):
    """Holds the text, in which ``%`` and ``_`` stand for any characters; capitals make no difference."""

    lookup_name = "holds_pattern"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The comparison, with the backslash as an ordinary character."""
        left, left_params = self.process_lhs(compiler, connection)
        pattern = "%" + str(self.rhs).replace("\\", "\\\\") + "%"
        return f"UPPER({left}) LIKE UPPER(%s) ESCAPE '\\'", (*left_params, pattern)


@dataclass(frozen=True)
class Search:
    """What a list of meetings was asked for by. The first that is given counts (contract, section 6.2)."""

    short_id: str = ""
    label: str = ""
    subject: str = ""
    organised_by: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    uri: str = ""


@dataclass(frozen=True)
class Pool:
    """An organisation's pool, its free rooms newest first."""

    organisation: Organisation
    template: SchedulingTemplate | None
    rooms: list[Room]


def meetings(caller: Caller, search: Search) -> list[Meeting]:
    """The meetings that were asked for, in no order that is promised.

    Raises :class:`NothingToSearchBy`, :class:`OneBoundMissing`, and what looking by short id raises.
    """
    if search.short_id:
        return [access.meeting_by_short_id(caller, search.short_id)]
    if search.label:
        # A meeting that carries the label twice comes twice.
        return list(access.meetings_of(caller).filter(labels__label__iexact=search.label))
    if search.subject:
        return list(access.meetings_of(caller).filter(subject__iexact=search.subject))
    if search.organised_by:
        return list(access.meetings_of(caller).filter(organized_by__email__iexact=search.organised_by))
    if search.text:
        return _by_text(caller, search)
    if search.since is not None and search.until is not None:
        return list(access.meetings_of(caller).filter(start_time__gte=search.since, start_time__lte=search.until))
    if search.uri:
        return list(access.meetings_by_address(caller).filter(room__uri_with_domain__iexact=search.uri))
    access.organisation_of(caller)
    raise NothingToSearchBy


def _by_text(caller: Caller, search: Search) -> list[Meeting]:
    if (search.since is None) != (search.until is None):
        raise OneBoundMissing
    text = search.text
    labelled = MeetingLabel.objects.filter(meeting=OuterRef("pk"), label__iexact=text)
    own = access.meetings_of(caller).filter(
        Q(organized_by__email__iexact=text)
        | Exists(labelled)
        | Q(subject__holds_pattern=text)
        | Q(description__holds_pattern=text)
    )
    addressed = access.meetings_by_address(caller).filter(room__uri_with_domain__iexact=text)
    if search.since is not None and search.until is not None:
        within = Q(start_time__gt=search.since, start_time__lt=search.until)
        own, addressed = own.filter(within), addressed.filter(within)
    found = {meeting.pk: meeting for meeting in own}
    return [*found.values(), *(meeting for meeting in addressed if meeting.pk not in found)]


def rooms_between(
    caller: Caller, *, since: datetime, until: datetime, status: ProvisionStatus, now: datetime
) -> list[Room]:
    """Rooms with a meeting whose opening or end lies between the two, in that status."""
    found = access.rooms_of(caller).filter(
        Q(opens_at__gt=since, opens_at__lt=until) | Q(ends_at__gt=since, ends_at__lt=until), meeting__isnull=False
    )
    return [room for room in found if rooms_queries.provision_status(room, now) == status]


def to_provision(now: datetime) -> list[Room]:
    """What an outside provisioner is to make ready now, of every organisation that has one."""
    return list(
        access.rooms_with_everything()
        .filter(
            outside_provisioner=True,
            provision_status=ProvisionStatus.AWAITS_PROVISION,
            meeting__isnull=False,
            opens_at__lte=now,
            ends_at__gte=now,
        )
        .exclude(state=RoomState.CLOSED)
    )


def to_deprovision(now: datetime) -> list[Room]:
    """What an outside provisioner is to take down: the meeting is over or called off."""
    return list(
        access.rooms_with_everything().filter(
            Q(ends_at__lt=now) | Q(state=RoomState.CLOSED),
            outside_provisioner=True,
            provision_status=ProvisionStatus.PROVISIONED_OK,
            meeting__isnull=False,
        )
    )


def pools(caller: Caller, now: datetime) -> list[Pool]:
    """The pools that the caller may see. Four queries, however many there are."""
    organisations = list(access.pools_of(caller).order_by("code"))
    here = [organisation.pk for organisation in organisations]
    free: dict[int, list[Room]] = {}
    ready = rooms_queries.free_pool_rooms(now=now).filter(organisation_id__in=here).values("pk")
    for room in access.rooms_with_everything().filter(pk__in=ready).order_by("-created_time", "-pk"):
        free.setdefault(room.organisation_id, []).append(room)
    templates: dict[int | None, SchedulingTemplate] = {}
    candidates = SchedulingTemplate.objects.filter(
        Q(is_pool_template=True) | Q(is_default_template=True), organisation_id__in=here, deleted_time__isnull=True
    ).select_related("organisation", "created_by__organisation", "updated_by__organisation")
    # The pool's own template comes last, and so stays.
    for template in candidates.order_by("is_pool_template"):
        templates[template.organisation_id] = template
    return [Pool(each, templates.get(each.pk), free.get(each.pk, [])) for each in organisations]
