"""Staff hear once that the hub fills up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail

from monitoring import services, tasks
from monitoring.models import CapacityAlarm, CapacityMail
from monitoring.models_capacity import CapacityLevel
from rooms import services as rooms
from rooms.enums import CloseReason
from rooms.errors import HubFull
from rooms.models import Seat
from tests.factories.accounts import MembershipFactory
from tests.rooms.services.test_lines import admit, call, waits
from tests.rooms.services.test_races import at_once
from vdx.accounts.enums import Role
from vdx.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.service]

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def two_and_one(settings: LazySettings) -> None:
    """A hub for two calls, and one more in the grace."""
    settings.VDX_CAPACITY, settings.VDX_CAPACITY_GRACE = 2, 50
    settings.VDX_PUBLIC_URL = "https://vdx.example.dk"


@pytest.fixture
def staff() -> list[User]:
    """Two at MedCom, and others whom it does not concern."""
    MembershipFactory(role=Role.ADMINISTRATOR)
    MembershipFactory(role=Role.MEDCOM, user__is_active=False)
    return [MembershipFactory(role=Role.MEDCOM, user__language=language).user for language in ("da", "en")]


def watch(now: datetime) -> int:
    """What the worker does twice a minute; how many mails went."""
    services.watch_capacity(now=now)
    return services.send_capacity_mails(now=now)


def end(seats: tuple[Seat, Seat], now: datetime) -> None:
    rooms.close_room(room_id=seats[0].room_id, reason=CloseReason.ENDED, now=now)


def test_at_the_capacity_nothing_is_said_and_above_it_each_of_the_staff_hears_once(staff: list[User]) -> None:
    call(NOON), call(NOON)
    assert watch(NOON) == 0
    third = call(NOON)
    # The third fills the grace as well.
    assert watch(NOON) == 4
    assert sorted(message.to[0] for message in mail.outbox) == sorted(2 * [user.email for user in staff])
    for minutes in range(1, 20):
        assert watch(NOON + minutes * MINUTE) == 0
    end(third, NOON)


def test_the_mail_says_how_many_and_where_to_look(staff: list[User]) -> None:
    for _ in range(3):
        call(NOON)
    services.watch_capacity(now=NOON, passed=CapacityLevel.GRACE)
    services.send_capacity_mails(now=NOON)
    danish = next(message for message in mail.outbox if message.to == [staff[0].email])
    assert danish.subject == "VDX er over sin kapacitet"
    assert "Der er 3 samtaler i gang i VDX. Kapaciteten er 2." in danish.body
    assert "https://vdx.example.dk/portal/statistik/kapacitet/" in danish.body
    assert danish.extra_headers["Auto-Submitted"] == "auto-generated"


def test_each_new_call_above_the_capacity_says_it_by_itself(
    staff: list[User], django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints: list[str] = []
    monkeypatch.setattr(tasks.capacity_mails, "delay", lambda: hints.append("mails"))
    call(NOON), call(NOON)
    host, guest = waits(NOON)
    with django_capture_on_commit_callbacks(execute=True):
        admit(host, guest, NOON)
    assert CapacityAlarm.objects.get().level == CapacityLevel.GRACE
    assert hints == ["mails"]
    host, guest = waits(NOON)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(HubFull):
        admit(host, guest, NOON)
    assert set(CapacityAlarm.objects.values_list("level", flat=True)) == set(CapacityLevel.values)
    assert hints == ["mails", "mails"]


def test_again_on_the_next_day(staff: list[User]) -> None:
    for _ in range(3):
        call(NOON)
    assert watch(NOON) == 4
    # Danish midnight is at 23 UTC.
    assert watch(NOON.replace(hour=22, minute=59)) == 0
    assert watch(NOON.replace(hour=23)) == 4
    assert CapacityAlarm.objects.filter(ended_at=None).count() == 2


def test_again_after_it_had_gone_below(staff: list[User]) -> None:
    call(NOON), call(NOON)
    third = call(NOON)
    assert watch(NOON) == 4
    end(third, NOON)
    assert watch(NOON + MINUTE) == 0
    # For a moment only: nobody is told twice.
    third = call(NOON + 2 * MINUTE)
    assert watch(NOON + 2 * MINUTE) == 0
    end(third, NOON + 3 * MINUTE)
    assert [watch(NOON + minutes * MINUTE) for minutes in (4, 9)] == [0, 0]
    assert CapacityAlarm.objects.filter(ended_at=NOON + 4 * MINUTE).count() == 2
    call(NOON + 10 * MINUTE)
    assert watch(NOON + 10 * MINUTE) == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_one_warns(staff: list[User]) -> None:
    for _ in range(3):
        call(NOON)
    at_once(*[partial(services.watch_capacity, now=NOON)] * 2)
    assert CapacityAlarm.objects.count() == 2
    at_once(*[partial(services.send_capacity_mails, now=NOON)] * 2)
    assert len(mail.outbox) == CapacityMail.objects.count() == 4


def test_a_mail_that_does_not_go_is_tried_again_and_given_up(
    staff: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise SMTPServerDisconnected

    for _ in range(3):
        call(NOON)
    with monkeypatch.context() as patch:
        patch.setattr("monitoring.services.capacity.mail.send", gone)
        assert watch(NOON) == 0
    assert services.send_capacity_mails(now=NOON) == 0
    assert services.send_capacity_mails(now=NOON + MINUTE) == 4
    CapacityMail.objects.update(send_after=NOON, attempts=4)
    with monkeypatch.context() as patch:
        patch.setattr("monitoring.services.capacity.mail.send", gone)
        services.send_capacity_mails(now=NOON)
    assert not CapacityMail.objects.exclude(send_after=None).exists()


def test_a_worker_that_was_away_tells_nothing_of_yesterday(staff: list[User]) -> None:
    call(NOON), call(NOON)
    third = call(NOON)
    services.watch_capacity(now=NOON)
    end(third, NOON)
    for minutes in (1, 7):
        services.watch_capacity(now=NOON + minutes * MINUTE)
    assert services.send_capacity_mails(now=NOON + timedelta(hours=20)) == 0
    assert not CapacityMail.objects.exclude(send_after=None).exists()


def test_whom_it_was_sent_to_is_forgotten_and_the_warning_stays(staff: list[User]) -> None:
    for _ in range(3):
        call(NOON)
    watch(NOON)
    assert services.forget_capacity_mails(now=NOON + timedelta(days=29)) == 0
    assert services.forget_capacity_mails(now=NOON + timedelta(days=31)) == 4
    assert CapacityAlarm.objects.count() == 2
