"""Meetings, made by the service that makes them in real life."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from booking import services
from booking.models import Meeting
from tests.factories.accounts import member
from vdx.accounts.enums import Role
from vdx.accounts.models import Membership, Organisation, User
from vdx.lib import clock


def book_meeting(
    *,
    doctor: User | None = None,
    organisation: Organisation | None = None,
    creator: User | None = None,
    start: datetime | None = None,
    minutes: int = 15,
    now: datetime | None = None,
    **also: Any,
) -> Meeting:
    """A meeting of the doctor (a new one in a new practice unless given), an hour from now unless said otherwise."""
    doctor = doctor or member(Role.DOCTOR, organisation)
    organisation = organisation or Membership.objects.get(user=doctor, role=Role.DOCTOR).organisation
    now = now or clock.now()
    start = start or now.replace(microsecond=0) + timedelta(hours=1)
    also.setdefault("subject", "")
    also.setdefault("end", start + timedelta(minutes=minutes))
    creator = creator or doctor
    return services.book(
        organisation=organisation,
        organiser_email=doctor.email,
        creator_email=creator.email,
        start=start,
        actor=creator,
        now=now,
        **also,
    )
