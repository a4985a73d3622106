"""The benchmark's year comes in whole, and its SQL by hand says what the report says."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from bench.monitoring import by_hand
from bench.monitoring.history import YEAR, organisations, write
from monitoring.models import CallRecord, DeviceRecord
from monitoring.queries import evaluation
from monitoring.services import import_history
from tests.factories.accounts import OrganisationFactory
from vdx.accounts.models import Organisation, RegionPeriod
from vdx.lib import clock
from vdx.reports.tables import monitoring_tables

FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
FILES = ("organisations.csv", "calls.csv", "devices.csv")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty practices instead of two thousand."""
    monkeypatch.setattr("bench.monitoring.history.organisations", lambda chance: organisations(chance)[::100])


def take_in(folder: Path) -> None:
    import_history(
        **{name.removesuffix(".csv"): folder / name for name in FILES}, now=clock.now(), told=lambda what, share: None
    )


def test_the_same_number_gives_the_same_files(tmp_path: Path, few: None) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        assert write(folder, 500) == pytest.approx(1100, rel=0.05)
    assert [(one / name).read_bytes() for name in FILES] == [(other / name).read_bytes() for name in FILES]


@pytest.mark.django_db
def test_every_call_and_device_comes_in(tmp_path: Path, few: None) -> None:
    devices = write(tmp_path, 300)
    take_in(tmp_path)

    assert (CallRecord.objects.count(), DeviceRecord.objects.count()) == (300, devices)
    with (tmp_path / "devices.csv").open() as file:
        # Some came back.
        assert sum(1 for _ in csv.reader(file)) - 1 > devices


@pytest.mark.django_db
@pytest.mark.service
def test_the_sql_by_hand_and_the_report_agree(tmp_path: Path, few: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("it is written for PostgreSQL")
    write(tmp_path, 600)
    take_in(tmp_path)
    mover = Organisation.objects.filter(kind="general").order_by("pk").first()
    region = Organisation.objects.get(code="region-nordjylland")
    RegionPeriod.objects.create(organisation=mover, region=region, valid_from=date(YEAR, 5, 17))
    OrganisationFactory.create()

    hand, report = by_hand.tables(FIRST, LAST), monitoring_tables(evaluation(first=FIRST, last=LAST))

    assert all(hand.values())
    assert by_hand.same(hand, report) == []
    report["table3_consultations"][1][1] += 1  # type: ignore[operator]
    assert by_hand.same(hand, report) == ["table3_consultations"]
