"""Tests of people's devices, as doctors and helpers are told of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from monitoring.models import DevicePass, DeviceTest
from rooms.enums import TestVerdict
from vdx.lib.clock import local

if TYPE_CHECKING:
    from vdx.accounts.models import User


@dataclass(frozen=True)
class DeviceTestLine:
    """A test of somebody's device as a doctor or a helper is told of it."""

    code: str
    made_at: datetime
    verdict: TestVerdict
    reason: str
    line: str


def device_test_of(room_uuid: UUID) -> DeviceTestLine | None:
    """The newest test made for a meeting; None where there is none. One query."""
    return device_tests_of([room_uuid]).get(room_uuid)


def device_tests_of(room_uuids: Collection[UUID]) -> dict[UUID, DeviceTestLine]:
    """The newest test made for each of the meetings that have one. One query."""
    made = DeviceTest.objects.filter(room_uuid__in=room_uuids).order_by("made_at", "pk")
    return {test.room_uuid: _line(test) for test in made if test.room_uuid is not None}


def user_has_passed(user: User) -> bool:
    """Whether the login's device has ever passed the test. One query."""
    return DevicePass.objects.filter(user=user).exists()


def passes_of(user_ids: Collection[int]) -> dict[int, datetime]:
    """When each of the logins that have passed did so last. One query."""
    return dict(DevicePass.objects.filter(user__in=user_ids).values_list("user_id", "last_at"))


def _line(test: DeviceTest) -> DeviceTestLine:
    verdict = TestVerdict(test.verdict)
    made = local(test.made_at)
    words = str(verdict.label)
    line = _("Testet {day} kl. {time}: {verdict}").format(
        day=f"{made.day}.{made.month}.", time=f"{made.hour}.{made.minute:02d}", verdict=words[:1].lower() + words[1:]
    )
    return DeviceTestLine(test.code, test.made_at, verdict, test.reason, line)
