"""What the report says of numbers that are of few, and of whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import translation

from monitoring.models import ProbeDay
from monitoring.rules.fees import Paid
from surveys.enums import Edition
from surveys.models import Postcard
from tests.factories.accounts import OrganisationFactory
from tests.factories.monitoring import CallRecordFactory
from vdx.reports import data
from vdx.reports.chapters import document
from vdx.reports.document import Caveat, Paragraph, Points
from vdx.reports.money import fees_table
from vdx.reports.words import cautious

FIRST, LAST = date(2019, 6, 1), date(2019, 6, 30)
ALONE = "Tag andelen med forbehold: den er af under 30."


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with translation.override("da"):
        yield


def said() -> list[str]:
    """Every sentence of the report."""
    report = document(data.read(first=FIRST, last=LAST))
    lines: list[str] = []
    for block in [*report.lead, *(block for chapter in report.chapters for block in chapter.blocks)]:
        if isinstance(block, Points):
            lines += block.lines
        elif isinstance(block, Paragraph | Caveat):
            lines.append(block.text)
    return lines


def held(consultations: int, conferences: int) -> None:
    practice = OrganisationFactory.create(pilot_from=date(2019, 1, 1))
    at = datetime(2019, 6, 10, 8, tzinfo=UTC)
    for n in range(consultations + conferences):
        devices = 2 if n < consultations else 3
        CallRecordFactory.create(
            organisation=practice, started_at=at, device_count=devices, ended_at=at.replace(hour=9)
        )


@pytest.mark.parametrize(("whole", "warned"), [(29, True), (30, False)])
def test_a_share_of_few_comes_with_a_caveat(whole: int, warned: bool) -> None:
    assert (cautious("Halvdelen.", whole) == f"Halvdelen. {ALONE}") is warned


@pytest.mark.django_db
def test_each_average_and_share_has_the_caveat_of_its_own_denominator(settings: LazySettings) -> None:
    # Probed on that one day alone.
    settings.VDX_PROBE_SECONDS = 0
    held(20, 15)
    ProbeDay.objects.create(
        day=date(2019, 6, 3), interval=3600, first_slot=1559520000, last_slot=1559595600, succeeded=22, failed=0
    )

    lines = said()

    # 35 calls are enough; 20 consultations and 15 conferences are not.
    [summed, *_] = [line for line in lines if line.startswith("Videokonsultationer: 20, i gennemsnit")]
    assert summed.endswith("Der er under 30 videokonsultationer (20). Tag gennemsnittet med forbehold.")
    [conferences] = [line for line in lines if line.startswith("Videokonferencer: 15, i gennemsnit")]
    assert conferences.endswith("Der er under 30 videokonferencer (15). Tag gennemsnittet med forbehold.")
    [apps] = [line for line in lines if line.startswith("Opkald gennem Min L\u00e6ge: 0")]
    assert apps.endswith(f"mod 20 videokonsultationer (0 %). {ALONE}")
    [long] = [line for line in lines if line.startswith("Opkald p\u00e5 over 5 minutter: ")]
    assert ALONE not in long
    assert [ALONE in line for line in lines if line.startswith(("Oppetid:", "M\u00e5linger, hvor"))] == [True, True]


@pytest.mark.django_db
def test_one_consultation_is_said_as_one() -> None:
    held(1, 0)

    assert any("mod 1 videokonsultation (0 %)" in line for line in said())


@pytest.mark.django_db
def test_whose_the_numbers_are_is_said_first_and_beside_the_rates() -> None:
    Postcard.objects.create(date=None, edition=Edition.NATIONAL, carried_out=1)

    lines = said()

    assert "talt op af hubben for de praksis, der deltager i pilotprojektet. Svar fra patienter og" in lines[0]
    assert sum("Svarene er fra hele hubben, mens opkaldene" in line for line in lines) == 1


def test_every_region_that_is_paid_has_its_rows() -> None:
    """A call to which nobody came is paid, and in no other table."""
    paid = Paid(practice=1, region="Nowhere", kind="not_carried_out", calls=1, amount=5000)

    rows = fees_table([paid], ["Hovedstaden"])

    assert ["Nowhere", "not_carried_out", 1, 5000] in rows
    assert sum(int(row[3]) for row in rows[1:]) == 5000


@pytest.mark.parametrize(("first", "last"), [("9999-12-01", "9999-12-31"), ("0001-01-01", "0001-02-01")])
def test_days_that_no_hub_had_are_refused(first: str, last: str, tmp_path: object) -> None:
    with pytest.raises(CommandError, match="is not between 1900 and 2199"):
        call_command("evaluation_report", "--from", first, "--to", last, "--out", str(tmp_path))
