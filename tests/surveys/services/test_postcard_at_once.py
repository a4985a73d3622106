"""Two cards at once are both kept, and two submits at once are one card."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from surveys import services
from surveys.enums import Edition
from surveys.models import Postcard, PostcardDay
from surveys.services import Answers
from tests.factories.surveys import PostcardFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

TODAY = date(2026, 11, 23)


def at_once(*jobs: Callable[[], bool]) -> list[bool]:
    def alone(job: Callable[[], bool]) -> bool:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(alone, jobs))


def sender(number: int, *, room: object = None) -> Callable[[], bool]:
    room_uuid = room or uuid4()
    return lambda: services.send_postcard(
        room_uuid=room_uuid,
        seat_key="0123456789ab",
        answers=Answers(carried_out=number % 2 + 1),
        edition=Edition.NATIONAL,
        region_code="",
        today=TODAY,
    )


def test_many_cards_at_once_are_all_kept() -> None:
    Postcard.objects.bulk_create(PostcardFactory.build(date=TODAY) for _ in range(5))

    assert at_once(*(sender(number) for number in range(8))) == [True] * 8

    assert Postcard.objects.count() == 13
    assert PostcardDay.objects.count() == 1


def test_a_double_submit_at_once_is_one_card() -> None:
    room = uuid4()

    assert sorted(at_once(*(sender(number, room=room) for number in range(6)))) == [False] * 5 + [True]

    assert Postcard.objects.count() == 1
