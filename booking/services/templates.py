"""Templates: which one a new room is made from, and their administration (contract, section 7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from booking.errors import PoolTemplateExists
from booking.models import SchedulingTemplate
from rooms.enums import DirectMedia
from vdx.accounts import queries as accounts_queries
from vdx.accounts import services as accounts

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User

# What the shipped national template says, for an installation that has deleted it.
NATIONAL = {
    "vmr_available_before": 15,
    "open_after_minutes": 15,
    "max_participants": 6,
    "end_meeting_on_end_time": False,
    "direct_media": DirectMedia.BEST_EFFORT,
    "is_default_template": True,
}


# How often others may save a default at the same moment.
_TRIES = 20


@transaction.atomic(savepoint=False)
def template_for(*, organisation: Organisation, template_id: int | None, now: datetime) -> SchedulingTemplate:
    """The template for a new room of the organisation.

    The one asked for, if it is the organisation's own; else the organisation's default; else the nearest default
    above it; else a shared one; else the national one is made anew. One that is unknown is no error.
    """
    living = SchedulingTemplate.objects.filter(deleted_time__isnull=True)
    if template_id:
        own = living.filter(pk=template_id, organisation=organisation).first()
        if own is not None:
            return own
    above = [node.pk for node in accounts_queries.ancestors(organisation)]
    default = Q(is_default_template=True, organisation_id__in=above)
    shared = Q(organisation__isnull=True, is_pool_template=False)
    nearest: dict[int | None, SchedulingTemplate] = {}
    for template in living.filter(default | shared).order_by("-is_default_template", "pk"):
        nearest.setdefault(template.organisation_id, template)
    for node in (*above, None):
        if node in nearest:
            return nearest[node]
    return SchedulingTemplate.objects.create(organisation=None, created_time=now, **NATIONAL)


@transaction.atomic
def save_template(
    *, template: SchedulingTemplate, actor: User | None, now: datetime, writer_email: str = ""
) -> SchedulingTemplate:
    """Keep a new or changed template. A new default takes the place of the one before.

    ``writer_email`` says who it was where no login stands behind it.

    Raises :class:`PoolTemplateExists` where the organisation has another template for its pool.
    """
    siblings = SchedulingTemplate.objects.select_for_update().filter(
        organisation=template.organisation, deleted_time__isnull=True
    )
    others = siblings.exclude(pk=template.pk)
    if template.is_pool_template and others.filter(is_pool_template=True).exists():
        raise PoolTemplateExists
    writer = None
    email = actor.email if actor is not None else writer_email
    if template.organisation is not None and email:
        writer = accounts.meeting_user(organisation=template.organisation, email=email)
    made = template.pk is None
    if made:
        template.created_by, template.created_time = writer, now
    else:
        template.updated_by, template.updated_time = writer, now
    for tried in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                if template.is_default_template:
                    others.filter(is_default_template=True).update(
                        is_default_template=False, updated_by=writer, updated_time=now
                    )
                template.save()
            break
        except IntegrityError:
            # Somebody else saved a pool template in the meantime, or a default, which is now to be replaced.
            if template.is_pool_template and others.filter(is_pool_template=True).exists():
                raise PoolTemplateExists from None
            if tried == _TRIES:
                raise
    accounts.audit(
        action="template.created" if made else "template.changed",
        target_type="booking.SchedulingTemplate",
        target_id=str(template.pk),
        organisation=template.organisation,
        actor=actor,
        actor_kind="user" if actor is not None else "api",
    )
    return template


@transaction.atomic
def delete_template(*, template_id: int, actor: User | None, now: datetime) -> None:
    """Take a template out of use. Rooms made from it keep what they copied. Safe to do twice."""
    template = (
        SchedulingTemplate.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=template_id)
    )
    if template.deleted_time is not None:
        return
    template.deleted_time = now
    template.save(update_fields=["deleted_time"])
    accounts.audit(
        action="template.deleted",
        target_type="booking.SchedulingTemplate",
        target_id=str(template.pk),
        organisation=template.organisation,
        actor=actor,
        actor_kind="user" if actor is not None else "api",
    )
