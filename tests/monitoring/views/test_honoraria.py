"""What practices are paid: to whom it is shown, what stands there, and as a file."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.models import Fee
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Organisation, RegionPeriod

pytestmark = pytest.mark.django_db

PERIOD = {"fra": "2019-10", "til": "2019-11"}
PAGES = ["monitoring:honoraria", "monitoring:honoraria_csv"]


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2019, 12, 2, 9, tzinfo=UTC))
    Fee.objects.all().delete()
    import_module("monitoring.migrations.0009_shipped_fees").ship(apps, None)


def region(name: str) -> Organisation:
    return OrganisationFactory.create(code=f"r-{name}", name=f"Region {name}", kind=OrganisationKind.REGION)


def call(organisation: Organisation, seconds: int = 600, **fields: Any) -> None:
    started = fields.pop("started_at", datetime(2019, 11, 5, 8, tzinfo=UTC))
    CallRecordFactory.create(organisation=organisation, started_at=started, seconds_together=seconds, **fields)


@pytest.fixture
def syddanmark() -> Organisation:
    return region("Syddanmark")


@pytest.fixture
def practice(syddanmark: Organisation) -> Organisation:
    return OrganisationFactory.create(code="laegehuset", name="Lægehuset", parent=syddanmark)


@pytest.fixture
def stranger() -> Organisation:
    return OrganisationFactory.create(code="fremmed", name="Fremmed Klinik", parent=region("Sjælland"))


def logged_in(role: Role, organisation: Organisation | None = None) -> Client:
    user = member(role, organisation)
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


def page(client: Client, **chosen: str) -> str:
    answer = client.get(reverse("monitoring:honoraria"), {**PERIOD, **chosen})
    assert answer.status_code == 200
    return words(answer.content.decode())


def words(markup: str) -> str:
    """A page's text; hard spaces as plain ones."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def rows(client: Client, **chosen: str) -> list[list[str]]:
    answer = client.get(reverse("monitoring:honoraria_csv"), {**PERIOD, **chosen})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode())))[1:]


def test_a_practice_sees_what_it_is_paid_and_by_which_rule(practice: Organisation, stranger: Organisation) -> None:
    call(practice)
    call(practice, 601, booked=False)
    call(stranger)
    text = page(logged_in(Role.ADMINISTRATOR, practice))
    assert "I perioden oktober 2019 til november 2019 er der 473,84 kroner i honorar til 1 praksis." in text
    assert "Region Syddanmark Lægehuset 1 160,00 1 313,84 0 0,00 0,00 473,84" in text
    assert "156,92 kr. pr. påbegyndt modul på 10 minutter" in text
    assert "fra 1. april 2019" in text
    assert "Fremmed" not in text
    assert "Sjælland" not in text


def test_where_nothing_is_agreed_on_it_is_said_in_words(practice: Organisation, stranger: Organisation) -> None:
    call(practice)
    call(stranger)
    call(stranger)
    call(stranger, booked=False)
    call(practice, outcome="technical_failure")
    text = page(logged_in(Role.MEDCOM))
    assert "Region Sjælland Fremmed Klinik 2 ingen aftale 1 ingen aftale 0 0,00 0,00 0,00" in text
    assert "Region Sjælland: 2 videokonsultationer og 1 videokonference." in text
    assert "Region Syddanmark: 1 ikke gennemført." in text
    assert "I alt 3 160,00 1 ingen aftale 1 ingen aftale 0,00 160,00" in text


def test_a_region_sees_what_it_paid_itself_and_nothing_of_another_regions(
    syddanmark: Organisation, practice: Organisation, stranger: Organisation
) -> None:
    call(practice)
    call(stranger)
    new = region("Nordjylland")
    RegionPeriod.objects.create(organisation=practice, region=syddanmark, valid_from=date(2019, 1, 1),
                                valid_until=date(2019, 11, 20))  # fmt: skip
    RegionPeriod.objects.create(organisation=practice, region=new, valid_from=date(2019, 11, 21))
    Organisation.objects.filter(pk=practice.pk).update(parent=new)
    call(practice, started_at=datetime(2019, 11, 25, 8, tzinfo=UTC))
    call(practice, started_at=datetime(2019, 11, 26, 8, tzinfo=UTC))

    assert [line[0::5] for line in rows(logged_in(Role.ADMINISTRATOR, syddanmark))] == [["Syddanmark", "1"]]
    assert [line[0::5] for line in rows(logged_in(Role.ADMINISTRATOR, new))] == [["Nordjylland", "2"]]
    assert [line[0::5] for line in rows(logged_in(Role.ADMINISTRATOR, practice))] == [
        ["Syddanmark", "1"],
        ["Nordjylland", "2"],
    ]


def test_signing_up_is_seen_by_the_region_that_paid_for_it(syddanmark: Organisation, practice: Organisation) -> None:
    new = region("Nordjylland")
    Organisation.objects.filter(pk=practice.pk).update(parent=new, pilot_from=date(2019, 11, 1))
    RegionPeriod.objects.create(organisation=practice, region=syddanmark, valid_until=date(2019, 11, 20))

    assert [line[4:6] for line in rows(logged_in(Role.ADMINISTRATOR, syddanmark))] == [["signing_up", "1"]]
    assert rows(logged_in(Role.ADMINISTRATOR, new)) == []


def test_the_file_has_whole_ore_and_a_line_for_each_kind(practice: Organisation, stranger: Organisation) -> None:
    practice.name = "=HYPERLINK()"
    practice.save()
    call(practice, 601, booked=False)
    call(practice)
    call(practice)
    call(stranger)
    client = logged_in(Role.MEDCOM)
    assert rows(client) == [
        ["Sjælland", "fremmed", "Fremmed Klinik", "general", "consultation", "1", "1", "0"],
        ["Syddanmark", "laegehuset", "'=HYPERLINK()", "general", "consultation", "2", "0", "32000"],
        ["Syddanmark", "laegehuset", "'=HYPERLINK()", "general", "conference", "1", "0", "31384"],
    ]
    entry = AuditEntry.objects.get(action="honoraria.downloaded")
    assert entry.detail == {"from": "2019-10", "to": "2019-11", "practices": 2}
    assert [line[0] for line in rows(client, region="Syddanmark")] == ["Syddanmark", "Syddanmark"]


def test_every_practice_is_paid_and_the_pilots_alone_where_that_is_asked_for(practice: Organisation) -> None:
    practice.pilot_from = date(2019, 11, 5)
    practice.save()
    outside = OrganisationFactory.create(code="ude", name="Ude", parent=practice.parent)
    call(practice)
    call(practice, started_at=datetime(2019, 11, 4, 8, tzinfo=UTC))
    call(outside)
    OrganisationFactory.create(code="test", name="Test", parent=practice.parent, is_test=True)
    call(Organisation.objects.get(code="test"))
    client = logged_in(Role.MEDCOM)
    signing_up = ["laegehuset", "signing_up", "1"]
    assert [[line[1], *line[4:6]] for line in rows(client)] == [
        ["laegehuset", "consultation", "2"], signing_up, ["ude", "consultation", "1"],
    ]  # fmt: skip
    assert [[line[1], *line[4:6]] for line in rows(client, pilot="on")] == [
        ["laegehuset", "consultation", "1"], signing_up,
    ]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_strangers_and_who_looks_after_nobody_see_nothing(
    practice: Organisation, stranger: Organisation, name: str
) -> None:
    call(practice)
    address = reverse(name)
    assert Client().get(address, PERIOD).status_code == 302
    for role in (Role.DOCTOR, Role.SECRETARY, Role.RESEARCHER):
        assert logged_in(role, practice).get(address, PERIOD).status_code == 403
    for other in (stranger, stranger.parent):
        text = logged_in(Role.ADMINISTRATOR, other).get(address, PERIOD).content.decode()
        assert "Lægehuset" not in text
        assert "laegehuset" not in text
    # Who may choose no region gets no other one by its name.
    text = logged_in(Role.ADMINISTRATOR, stranger).get(address, {**PERIOD, "region": "Syddanmark"}).content.decode()
    assert "Lægehuset" not in text


def test_a_unit_sees_its_own_calls_alone(practice: Organisation) -> None:
    unit = OrganisationFactory.create(code="afdeling", name="Afdeling", parent=practice, kind="")
    call(practice)
    call(unit)
    call(unit)
    assert [line[1:2] + line[5:6] for line in rows(logged_in(Role.ADMINISTRATOR, unit))] == [["laegehuset", "2"]]


def test_a_period_that_cannot_be_used_is_said_so(practice: Organisation) -> None:
    client = logged_in(Role.MEDCOM)
    wrong = {"fra": "2019-11", "til": "2019-10"}
    assert "Vælg en måned, der ikke ligger før den første." in page(client, **wrong)
    assert client.get(reverse("monitoring:honoraria_csv"), wrong).status_code == 400
    assert "Der er ingen samtaler at betale for i perioden oktober 2019 til november 2019." in page(client)


def test_the_page_asks_as_often_for_three_practices_as_for_one(practice: Organisation) -> None:
    client = logged_in(Role.MEDCOM)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            call(OrganisationFactory.create(parent=region(f"R{_}")))
        call(practice)
        with CaptureQueriesContext(connection) as queries:
            page(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]
