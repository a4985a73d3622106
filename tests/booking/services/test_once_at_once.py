"""Two requests with the same form at the very same moment book one meeting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from booking import services
from booking.models import Meeting
from tests.factories.accounts import member
from vdx.lib import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


def at_once(book):
    """The meetings that two threads got who began together."""
    together = Barrier(2)

    def run(_):
        together.wait(timeout=10)
        try:
            return book().pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return set(threads.map(run, range(2)))


def test_booking():
    doctor, key, now = member(), uuid4(), clock.now()
    practice = doctor.memberships.get().organisation
    start = now.replace(microsecond=0) + timedelta(hours=1)

    booked = at_once(
        lambda: services.book_once(
            key=key,
            organisation=practice,
            organiser=doctor,
            actor=doctor,
            subject="",
            start=start,
            end=start + timedelta(minutes=15),
            guest_pin_required=False,
            now=now,
        )
    )

    assert booked == {Meeting.objects.get().pk}


def test_start_now():
    doctor, key = member(), uuid4()
    practice = doctor.memberships.get().organisation

    booked = at_once(
        lambda: services.book_instant_once(
            key=key, organisation=practice, organiser=doctor, actor=doctor, now=clock.now()
        )
    )

    assert booked == {Meeting.objects.get().pk}
