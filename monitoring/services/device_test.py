"""Keeping what came of a test of somebody's device."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from monitoring.models import DevicePass, DeviceTest
from monitoring.rules import device_test, retention
from rooms import queries as rooms_queries
from rooms.enums import TestVerdict
from vdx.accounts import access as accounts_access
from vdx.accounts.enums import Role
from vdx.lib import ids
from vdx.lib.errors import Conflict

if TYPE_CHECKING:
    from vdx.accounts.models import User

CODE_LENGTH = 6
#: For how long the page that made a test may say more of it.
MAY_GROW = timedelta(hours=1)
# Of a thousand million codes a few thousand are in use at a time.
_ATTEMPTS = 5
_AT_ONCE = 500


@transaction.atomic
def record_device_test(
    *,
    key: UUID,
    measures: Mapping[str, object],
    room_uuid: UUID | None,
    user: User | None,
    browser: str,
    now: datetime,
) -> DeviceTest:
    """Judge and keep a test's measures. The same ``key`` again within an hour: the same test, of which more is known.

    ``user`` is whoever is logged in. Raises :class:`Conflict` for a key that is older than that, or somebody else's.
    """
    kept = device_test.clean(measures)
    judged = device_test.judge(kept)
    known = DeviceTest.objects.select_for_update().filter(key=key).first() or _begin(key, room_uuid, user, now)
    if (
        now - known.made_at > MAY_GROW
        or known.room_uuid != room_uuid
        or known.by_user_id != (user.pk if user else None)
    ):
        raise Conflict
    known.measures, known.browser = kept, browser
    known.verdict, known.reason = judged.verdict, judged.reason
    known.save()
    if user is not None and judged.verdict == TestVerdict.OK:
        DevicePass.objects.update_or_create(user=user, defaults={"last_at": now}, create_defaults=_first(now))
    return known


@transaction.atomic
def forget_device_tests(*, now: datetime) -> int:
    """Delete tests that are 14 days past themselves and the meeting that they were made for. Says how many went."""
    old = DeviceTest.objects.filter(made_at__lt=retention.device_tests_before(now))
    gone = old.filter(room_uuid__isnull=True).delete()[0]
    named = old.order_by().values_list("room_uuid", flat=True).distinct()
    rooms = [room for room in named if room is not None]
    for start in range(0, len(rooms), _AT_ONCE):
        some = rooms[start : start + _AT_ONCE]
        kept = rooms_queries.still_to_come_or_over_since(some, retention.device_tests_before(now))
        gone += old.filter(room_uuid__in=set(some) - kept).delete()[0]
    return gone


def _first(now: datetime) -> dict[str, datetime]:
    return {"first_at": now, "last_at": now}


def _begin(key: UUID, room_uuid: UUID | None, user: User | None, now: datetime) -> DeviceTest:
    """The test's row; of two who bring the same key at once, both get the one row."""
    organisation = accounts_access.organisations_of(user, set(Role)).order_by("pk").first() if user else None
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                DeviceTest.objects.create(
                    key=key,
                    code=_code(),
                    room_uuid=room_uuid,
                    by_user=user,
                    organisation=organisation,
                    made_at=now,
                    verdict=TestVerdict.UNKNOWN,
                    reason="unfinished",
                    measures={},
                )
        except IntegrityError:
            # Another's code, or our own key a moment ago.
            pass
        found = DeviceTest.objects.select_for_update().filter(key=key).first()
        if found is not None:
            return found
    raise Conflict


def _code() -> str:
    return "".join(secrets.choice(ids.ALPHABET) for _ in range(CODE_LENGTH))
