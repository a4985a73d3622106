"""How much is read of the month tables: as little as the page shows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.queries.statistics import Chosen, chosen_scope, quality_of, report_of, words_of
from monitoring.services import count_all
from tests.factories.accounts import OrganisationFactory
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import OrganisationKind
from vdx.accounts.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.service]

NOW = datetime(2019, 12, 20, tzinfo=UTC)


@pytest.fixture
def region() -> Organisation:
    return OrganisationFactory.create(code="rs", name="Region Sjælland", kind=OrganisationKind.REGION)


def practice(region: Organisation) -> None:
    """One that holds a call in every month of the year."""
    place = OrganisationFactory.create(parent=region)
    for month in range(1, 13):
        CallRecordFactory.create(
            organisation=place, started_at=datetime(2019, month, 2, 9, tzinfo=UTC), outcome="carried_out"
        )
    count_all(now=NOW)


def rows_read(first: int, last: int) -> list[int]:
    """How many rows each question to the month tables is answered with, in a period of months."""
    chosen = Chosen(None, date(2019, first, 1), date(2019, last, 1))
    with CaptureQueriesContext(connection) as asked:
        scope = chosen_scope(chosen)
        assert report_of(scope, chosen).numbers.total.calls
        assert words_of(scope, chosen)
        quality_of(scope, chosen)
    assert len(asked) <= 10
    found = []
    for query in asked.captured_queries:
        if query["sql"].startswith("WITH counted"):
            with connection.cursor() as cursor:
                cursor.execute(query["sql"])
                found.append(len(cursor.fetchall()))
    return found


def test_a_year_is_read_by_region_and_month_and_by_practice_and_never_by_all_three(region: Organisation) -> None:
    practice(region)
    # Practices; months of the region; months of the outcome; there is no quality.
    assert rows_read(1, 1) == [1, 1, 1, 0]
    assert rows_read(1, 12) == [1, 12, 12, 0]

    practice(region)
    practice(region)
    assert rows_read(1, 12) == [3, 12, 12, 0]
