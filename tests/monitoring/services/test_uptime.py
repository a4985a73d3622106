"""What the probe found becomes rows, each once; its own calls are forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from pytest_django import DjangoAssertNumQueries

from booking import services as booking
from booking.models import Meeting, SchedulingTemplate, WebhookMessage, WebhookTarget
from monitoring import services
from monitoring.models import CallRecord, ProbeDay, ProbeRun
from monitoring.probe import spool
from monitoring.probe.legs import LEGS, Run
from monitoring.queries import uptime as queries
from monitoring.rules.uptime import Standing
from monitoring.services import uptime
from rooms import services as rooms
from rooms.enums import CloseReason, DirectMedia
from rooms.models import Room
from vdx.accounts import callers
from vdx.accounts.errors import BadClient
from vdx.accounts.models import AuditEntry, Organisation
from vdx.lib import clock, probe

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _probed_every_minute(settings: LazySettings) -> None:
    """Where nothing probes, the clock of uptime stands."""
    settings.VDX_PROBE_SECONDS = 60


def run(minutes_ago: int, *, failed: str = "") -> Run:
    at = NOW - timedelta(minutes=minutes_ago)
    legs = {leg: 10 for leg in LEGS if not failed or LEGS.index(leg) < LEGS.index(failed)}
    return Run(uuid4(), int(at.timestamp()) // 60 * 60, 60, at, legs, failed, "timeout" if failed else "")


def left(folder: Path, *runs: Run) -> None:
    for one in runs:
        spool.append(folder, one)


def test_what_was_left_is_kept_once_however_often_it_comes(tmp_path: Path) -> None:
    runs = [run(12), run(11, failed="ice"), run(10)]
    left(tmp_path, *runs)
    assert services.take_in_probes(now=NOW, folder=tmp_path) == 3
    assert list(tmp_path.glob("taken-*")) == []

    # The file was kept, and the process killed before it was deleted.
    left(tmp_path, *runs, run(9))
    assert services.take_in_probes(now=NOW, folder=tmp_path) == 1

    assert ProbeRun.objects.count() == 4
    day = ProbeDay.objects.get()
    assert (day.succeeded, day.failed, day.failed_legs) == (3, 1, {"ice": 1})


def test_a_clock_that_was_wrong_measures_nothing(tmp_path: Path) -> None:
    left(tmp_path, run(-60), run(89 * 24 * 60), run(1))
    assert services.take_in_probes(now=NOW, folder=tmp_path) == 1


def test_a_month_tells_what_is_missing_from_what_failed(tmp_path: Path) -> None:
    left(tmp_path, *(run(ago) for ago in range(60, 30, -1)), *(run(ago, failed="token") for ago in range(20, 10, -1)))
    services.take_in_probes(now=NOW, folder=tmp_path)

    [before, march] = queries.uptime_by_month(NOW.date() - timedelta(days=28), NOW.date(), now=NOW)

    assert (before.expected, before.percent) == (0, None)
    # From the first one an hour ago until five minutes ago.
    assert (march.expected, march.succeeded, march.failed, march.missing) == (55, 30, 10, 15)
    assert march.percent == 55
    assert queries.first_probe_day() == NOW.date()


def test_a_whole_day_without_a_run_is_missing(tmp_path: Path) -> None:
    left(tmp_path, run(2 * 24 * 60), run(1))
    services.take_in_probes(now=NOW, folder=tmp_path)

    days = queries.uptime_by_day(NOW.date() - timedelta(days=5), NOW.date(), now=NOW)

    assert [(day.day.day, day.succeeded, day.missing) for day in days][1] == (1, 0, 1440)


def test_it_is_disturbed_since_the_first_of_those_that_fail(tmp_path: Path) -> None:
    bad = [run(3, failed="ice"), run(2, failed="ice")]
    left(tmp_path, run(5, failed="end"), run(4), *bad)
    services.take_in_probes(now=NOW, folder=tmp_path)

    state = queries.service_state(now=NOW, folder=tmp_path)
    assert (state.standing, state.since) == (Standing.DISTURBED, bad[0].started_at)
    faults, _ = queries.faults(since=NOW - timedelta(days=1))
    assert [(fault.leg, fault.runs) for fault in faults] == [("ice", 2), ("end", 1)]

    # What nobody has taken in yet is believed too: without a worker nothing is taken in.
    left(tmp_path, run(1))
    assert queries.service_state(now=NOW, folder=tmp_path).standing is Standing.WORKS


@pytest.mark.parametrize("kept_failed", ["", "delivery"])
def test_what_waits_to_be_taken_in_tells_since_when(tmp_path: Path, kept_failed: str) -> None:
    kept = run(121, failed=kept_failed)
    uptime.keep_runs(runs=[kept], now=NOW)
    waiting = [run(ago, failed="delivery") for ago in range(120, 0, -1)]
    left(tmp_path, *waiting)
    first = kept if kept_failed else waiting[0]

    assert queries.service_state(now=NOW, folder=tmp_path).since == first.started_at
    assert queries.service_state_without_database(now=NOW, folder=tmp_path).since == waiting[0].started_at

    left(tmp_path, run(1))
    assert queries.service_state_without_database(now=NOW, folder=tmp_path).since is None


def test_the_newest_run_is_found_where_nobody_takes_it_in(
    tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    uptime.keep_runs(runs=[run(121)], now=NOW)
    assert queries.newest_found(now=NOW, folder=tmp_path) == ProbeRun.objects.get()
    left(tmp_path, run(20, failed="delivery"))
    found = queries.newest_found(now=NOW, folder=tmp_path)
    assert found is not None
    assert found.failed == "delivery"

    left(tmp_path, run(1, failed="token"))
    with django_assert_num_queries(0):
        found = queries.newest_found(now=NOW, folder=tmp_path)
    assert found is not None
    assert found.failed == "token"


def test_the_probe_finds_its_place_and_other_secrets_follow(settings: LazySettings) -> None:
    assert services.prepare_probe(now=NOW) is True
    assert services.prepare_probe(now=NOW) is False
    organisation = Organisation.objects.get(code=probe.ORGANISATION)
    assert organisation.is_test
    assert SchedulingTemplate.objects.get(organisation=organisation).direct_media == DirectMedia.NEVER
    before, sealed = probe.client_secret(), WebhookTarget.objects.get().secret
    assert callers.api_client(probe.CLIENT_ID, before, address="192.0.2.1").organisation == organisation

    settings.VDX_PROBE_SECRET = "another secret, long enough for it"
    assert services.prepare_probe(now=NOW) is True
    with pytest.raises(BadClient):
        callers.api_client(probe.CLIENT_ID, before, address="192.0.2.1")
    callers.api_client(probe.CLIENT_ID, probe.client_secret(), address="192.0.2.1")
    assert WebhookTarget.objects.get().secret != sealed


def test_an_hour_after_a_call_nothing_of_it_is_left() -> None:
    services.prepare_probe(now=NOW)
    organisation = Organisation.objects.get(code=probe.ORGANISATION)
    began = clock.now() - timedelta(minutes=70)

    def held(at: datetime) -> Meeting:
        meeting = booking.book(
            organisation=organisation,
            organiser_email=probe.EMAIL,
            creator_email=probe.EMAIL,
            subject="VDX",
            start=at,
            end=at + timedelta(minutes=5),
            actor=None,
            now=at,
        )
        rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=at + timedelta(minutes=1))
        services.record_call(room_uuid=meeting.room.uuid, is_final=True, now=at + timedelta(minutes=1))
        return meeting

    held(began)
    WebhookMessage.objects.update(created_at=began)
    AuditEntry.objects.exclude(target_type__startswith="accounts.").update(at=began)
    fresh = held(clock.now() - timedelta(minutes=10))

    services.forget_probe(now=clock.now())

    assert list(Meeting.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert list(Room.objects.values_list("pk", flat=True)) == [fresh.room_id]
    assert list(CallRecord.objects.values_list("room_uuid", flat=True)) == [fresh.room.uuid]
    assert set(WebhookMessage.objects.values_list("meeting_uuid", flat=True)) == {fresh.uuid}
    assert CallRecord.objects.get().is_test
    # Its place stays, and so does what the audit says of that.
    assert AuditEntry.objects.filter(target_type="accounts.ApiClient").exists()
