"""How far the hub is used."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from rooms import queries, services
from rooms.rules.lines import Level
from tests.rooms.services.test_lines import SECOND, call, waits
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def test_calls_places_and_what_there_may_be(settings: LazySettings) -> None:
    settings.VDX_CAPACITY, settings.VDX_CAPACITY_GRACE = 2, 50
    now = clock.now()
    assert queries.load(now) == queries.Load(calls=0, places=0, capacity=2, limit=3, level=Level.WITHIN)
    waits(now)
    _, guest = call(now)
    call(now)
    assert queries.load(now).level is Level.WITHIN
    call(now)
    services.disconnect(visit_id=guest.visits.get().pk, now=now)
    # Its place is kept for it.
    assert queries.load(now) == queries.Load(calls=2, places=3, capacity=2, limit=3, level=Level.FULL)
    assert queries.load(now + timedelta(seconds=61)).places == 2


def test_rooms_that_somebody_is_in_and_what_was_held_there() -> None:
    now = clock.now()
    host, guest = call(now)
    other, _ = call(now + SECOND)
    waits(now)
    services.disconnect(visit_id=guest.visits.get().pk, now=now + 5 * SECOND)
    later = now + 9 * SECOND
    assert [one for one in queries.open_calls(later) if len(one.devices) > 1] == [
        queries.OpenCall(host.room.uuid, host.room.organisation_id, (((now, later),), ((now, now + 5 * SECOND),))),
        queries.OpenCall(
            other.room.uuid, other.room.organisation_id, (((now + SECOND, later),), ((now + SECOND, later),))
        ),
    ]
    services.disconnect(visit_id=host.visits.get().pk, now=later)
    assert host.room.uuid not in {one.room_uuid for one in queries.open_calls(later)}


def test_one_call_or_three_ask_the_same(django_assert_num_queries: Any) -> None:
    now = clock.now()
    for _ in range(3):
        with django_assert_num_queries(3):
            queries.load(now)
            queries.open_calls(now)
        call(now)
