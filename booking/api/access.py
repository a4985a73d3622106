"""The door of the VDX-API: what a caller may see and change (contract, sections 5.4, 6.1, 7 and 11.1).

The contract tells "absent" (404) from "another's" (403) where the key is a UUID or a short id that cannot be guessed,
and nowhere else.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from booking.errors import Absent, Forbidden
from booking.models import Meeting, MeetingAdditionalInformation, MeetingLabel, SchedulingTemplate
from rooms import queries as rooms_queries
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import ApiRole

if TYPE_CHECKING:
    from rooms.models import Room
    from vdx.accounts.callers import Caller
    from vdx.accounts.models import Organisation

# The columns behind the members of a meeting. A room has many more.
_SHOWN = (
    "uuid",
    "subject",
    "description",
    "project_code",
    "start_time",
    "end_time",
    "created_time",
    "updated_time",
    "external_id",
    "guest_microphone",
    "guest_pin_required",
    "organisation__code",
    "room__short_id",
    "room__organisation_id",
    "created_by__email",
    "updated_by__email",
    "organized_by__email",
)
PLANNERS = (ApiRole.ADMIN, ApiRole.PLANNER)
PROVISIONERS = (ApiRole.PROVISIONER, ApiRole.PROVISIONER_USER)


def organisation_of(caller: Caller) -> Organisation:
    """The caller's organisation. Raises :class:`Forbidden` for a provisioner who has none."""
    if caller.organisation is None:
        raise Forbidden
    return caller.organisation


def meetings_of(caller: Caller) -> QuerySet[Meeting]:
    """The meetings that a list shows: the organisation's, for a mere user the own. Raises :class:`Forbidden`."""
    found = for_answer(Meeting.objects.filter(organisation=organisation_of(caller)))
    return found.filter(organised_by(caller)) if caller.only_user else found


def meetings_by_address(caller: Caller) -> QuerySet[Meeting]:
    """Those among which a list looks for an address: everybody's for a provisioner with an organisation."""
    if caller.has(ApiRole.PROVISIONER_USER):
        return for_answer(Meeting.objects.all())
    found = for_answer(Meeting.objects.filter(organisation=organisation_of(caller)))
    return found.filter(organised_by(caller)) if caller.has(ApiRole.USER) else found


def organised_by(caller: Caller) -> Q:
    """Whether the caller is the organiser."""
    return Q(organized_by__email__iexact=caller.email)


def meeting(caller: Caller, uuid: UUID) -> Meeting:
    """The meeting of that uuid. Raises :class:`Absent` and :class:`Forbidden`."""
    found = _one(uuid=uuid)
    if found is None:
        raise Absent("meeting", "uuid")
    return _allowed(caller, found)


def meeting_to_change(caller: Caller, uuid: UUID) -> Meeting:
    """The same, where the caller may also see the room. Raises :class:`Absent` and :class:`Forbidden`."""
    found = meeting(caller, uuid)
    reach = _reach(caller)
    if reach is not None and found.room.organisation_id not in reach:
        raise Forbidden
    return found


def meeting_by_short_id(caller: Caller, short_id: str) -> Meeting:
    """The meeting behind a short link; an administrator and nothing else sees every organisation's.

    Raises :class:`Absent` and :class:`Forbidden`.
    """
    found = _one(room__short_id=short_id)
    if found is None:
        raise Absent("meeting", "shortId")
    return found if caller.roles == (ApiRole.ADMIN,) else _allowed(caller, found)


def meeting_by_uri(caller: Caller, **address: str) -> Meeting:
    """The newest meeting in a room of that address. Raises :class:`Absent`: another's looks like none."""
    if caller.organisation is None:
        raise Absent("meeting", "uriWithDomain")
    found = meetings_of(caller).filter(**address).order_by("-created_time", "-pk").first()
    if found is None:
        raise Absent("meeting", "uriWithDomain")
    return found


def rooms_of(caller: Caller) -> QuerySet[Room]:
    """The rooms that the caller may see."""
    found = rooms_with_everything()
    reach = _reach(caller)
    return found if reach is None else found.filter(organisation_id__in=reach)


def room(caller: Caller, uuid: UUID) -> Room:
    """The room of that uuid. Raises :class:`Absent` and :class:`Forbidden`."""
    found = rooms_with_everything().filter(uuid=uuid).first()
    if found is None:
        raise Absent("schedulingInfo", "uuid")
    reach = _reach(caller)
    if reach is not None and found.organisation_id not in reach:
        raise Forbidden
    return found


def reserved_room(caller: Caller, reservation_id: UUID, now: datetime) -> Room:
    """The room that the caller's organisation holds back. Raises :class:`Absent`, also when it has been used."""
    mine = rooms_queries.reserved_rooms(organisation_of(caller).pk, reservation_id, now).values("pk")
    found = rooms_with_everything().filter(pk__in=mine).first()
    if found is None:
        raise Absent("schedulingInfo", "reservationId")
    return found


def template(caller: Caller, template_id: int) -> SchedulingTemplate:
    """A template of the caller's own organisation that is in use. Raises :class:`Absent`."""
    found = templates_of(caller).filter(pk=template_id).first()
    if found is None:
        raise Absent("schedulingTemplate", "id")
    return found


def templates_of(caller: Caller) -> QuerySet[SchedulingTemplate]:
    """The own organisation's templates in use."""
    return SchedulingTemplate.objects.filter(
        organisation=organisation_of(caller), deleted_time__isnull=True
    ).select_related("organisation", "created_by__organisation", "updated_by__organisation")


def pools_of(caller: Caller) -> QuerySet[Organisation]:
    """The organisations whose pools the caller may see: all for provisioners, else the own and those below."""
    found: QuerySet[Organisation] = apps.get_model("accounts", "Organisation").objects.filter(pool_size__gt=0)
    if caller.has(*PROVISIONERS):
        return found
    return found.filter(pk__in=accounts_queries.descendant_ids([organisation_of(caller).pk]))


def sees_host_pin(caller: Caller, organiser_email: str | None) -> bool:
    """Whether the host's pin is shown: a mere user sees that of the own meetings alone."""
    return not caller.only_user or (organiser_email or "").casefold() == caller.email.casefold()


def for_answer(found: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With all that an answer shows, and no more; the number of queries does not depend on that of the meetings."""
    return _shown(found).prefetch_related("labels", "additional_information")


def with_room(found: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The same with the whole room, for the portal link."""
    return found.select_related("room", "organisation", "created_by", "updated_by", "organized_by").prefetch_related(
        "labels", "additional_information"
    )


def rooms_with_everything() -> QuerySet[Room]:
    """The same for rooms."""
    found: QuerySet[Room] = apps.get_model("rooms", "Room").objects.select_related(
        "organisation",
        "created_by__organisation",
        "updated_by__organisation",
        "meeting__organisation",
        "meeting__created_by",
        "meeting__updated_by",
        "meeting__organized_by",
    )
    return found.prefetch_related("meeting__labels", "meeting__additional_information")


def _one(**key: object) -> Meeting | None:
    """The same for one: it knows whether it has labels and further information, which most have not."""
    # At most one is found: no order is needed.
    return next(iter(_question().filter(**key)), None)


@cache
def _question() -> QuerySet[Meeting]:
    """What is asked for one, before it is said which. Made once, never run itself: it holds no rows."""
    labels = MeetingLabel.objects.filter(meeting=OuterRef("pk"))
    information = MeetingAdditionalInformation.objects.filter(meeting=OuterRef("pk"))
    return _shown(Meeting.objects.all()).annotate(has_labels=Exists(labels), has_information=Exists(information))


def _shown(found: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return found.select_related("room", "organisation", "created_by", "updated_by", "organized_by").only(*_SHOWN)


def _allowed(caller: Caller, found: Meeting) -> Meeting:
    own = caller.organisation is not None and found.organisation_id == caller.organisation.pk
    organises = found.organized_by.email.casefold() == caller.email.casefold()
    if not own or (caller.only_user and not organises):
        raise Forbidden
    return found


def _reach(caller: Caller) -> set[int] | None:
    """The organisations whose rooms the caller sees; None: all."""
    if caller.has(*PROVISIONERS):
        return None
    own = organisation_of(caller).pk
    return accounts_queries.descendant_ids([own]) if caller.has(*PLANNERS) else {own}
