"""What practices are paid, by what the calls were and when; and what MedCom enters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from monitoring import services
from monitoring.models import Cost, Fee
from monitoring.queries import costs, honoraria, rates
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Organisation
from vdx.lib.errors import InvalidInput

pytestmark = [pytest.mark.django_db, pytest.mark.service]

FIRST, LAST = date(2019, 6, 1), date(2020, 1, 31)


@pytest.fixture(autouse=True)
def shipped() -> None:
    """A test with real transactions may have emptied the table before."""
    Fee.objects.all().delete()
    import_module("monitoring.migrations.0009_shipped_fees").ship(apps, None)


def practice(region: str, *, first: date = date(2019, 4, 1), **fields: object) -> Organisation:
    parent = OrganisationFactory.create(code=f"r-{region}", name=f"Region {region}", kind=OrganisationKind.REGION)
    return OrganisationFactory.create(parent=parent, pilot_from=first, **fields)


def call(organisation: Organisation, seconds: int = 600, **fields: object) -> None:
    started = fields.pop("started_at", datetime(2019, 10, 1, 8, tzinfo=UTC))
    CallRecordFactory.create(organisation=organisation, started_at=started, seconds_together=seconds, **fields)


def paid() -> list[tuple[str, str, int, int]]:
    return sorted((some.region, some.kind, some.calls, some.amount) for some in honoraria(first=FIRST, last=LAST))


def test_the_pilots_rates_are_shipped() -> None:
    known = {(rate.region, rate.kind): (rate.rule, rate.amount) for rate in rates() if rate.kind != "signing_up"}

    assert known == {
        ("Hovedstaden", "consultation"): ("per_call", 16000),
        ("Hovedstaden", "conference"): ("per_whole_module", 15585),
        ("Syddanmark", "consultation"): ("per_call", 16000),
        ("Syddanmark", "conference"): ("per_begun_module", 15692),
        ("Midtjylland", "consultation"): ("per_call", 16000),
        ("Midtjylland", "conference"): ("per_whole_module", 15545),
        ("Midtjylland", "not_carried_out"): ("per_call", 16000),
        ("Nordjylland", "consultation"): ("per_call", 16000),
        ("Nordjylland", "not_carried_out"): ("per_call", 15545),
        ("", "ordinary"): ("per_call", 14344),
        ("", "telephone"): ("per_call", 2808),
    }
    assert {(rate.region, rate.amount * rate.quantity) for rate in rates() if rate.kind == "signing_up"} == {
        ("Hovedstaden", 1_000_000),
        ("Syddanmark", 746_168),
        ("Midtjylland", 746_160),
        ("Nordjylland", 1_000_000),
        ("Nordjylland", 746_160),
    }


def test_each_region_pays_by_its_own_rule() -> None:
    for region in ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland"):
        here = practice(region)
        call(here)
        call(here, 601, booked=False)

    assert paid() == [
        ("Hovedstaden", "conference", 1, 15585),
        ("Hovedstaden", "consultation", 1, 16000),
        ("Midtjylland", "conference", 1, 15545),
        ("Midtjylland", "consultation", 1, 16000),
        ("Sjælland", "conference", 1, 0),
        ("Sjælland", "consultation", 1, 0),
        ("Syddanmark", "conference", 1, 2 * 15692),
        ("Syddanmark", "consultation", 1, 16000),
    ]


def test_what_was_not_carried_out_is_paid_as_such() -> None:
    here = practice("Nordjylland")
    call(here, outcome="carried_out")
    call(here, outcome="technical_failure")
    # Nobody came but the doctor, or not even a device: the time is the booked one.
    call(here, 0, device_count=1, outcome="no_show_patient")
    call(here, 0, device_count=0, outcome="no_show_patient", started_at=None, ended_at=None,
         starts_at=datetime(2019, 10, 2, 8, tzinfo=UTC))  # fmt: skip
    # The doctor's own absence is nobody's fee, nor is what was cancelled.
    call(here, 0, device_count=1, outcome="no_show_doctor")
    call(here, 0, device_count=0, outcome="cancelled", started_at=None, ended_at=None)

    assert paid() == [("Nordjylland", "consultation", 1, 16000), ("Nordjylland", "not_carried_out", 3, 3 * 15545)]


def test_a_new_level_is_paid_from_its_danish_day() -> None:
    Fee.objects.filter(region="Syddanmark", kind="consultation").update(valid_until=date(2019, 12, 31))
    Fee.objects.create(region="Syddanmark", kind="consultation", amount_ore=17000, valid_from=date(2020, 1, 1))
    here = practice("Syddanmark")
    call(here, started_at=datetime(2019, 12, 31, 22, 59, 59, tzinfo=UTC))
    call(here, started_at=datetime(2019, 12, 31, 23, tzinfo=UTC))

    assert paid() == [("Syddanmark", "consultation", 2, 33000)]


def test_specialists_and_outsiders_get_nothing_by_general_practices_rates() -> None:
    call(practice("Syddanmark", kind=OrganisationKind.SPECIALIST))
    call(practice("Syddanmark", is_test=True))

    assert paid() == [("Syddanmark", "consultation", 1, 0)]


def test_signing_up_in_the_period_is_paid_once() -> None:
    practice("Hovedstaden", first=date(2019, 8, 1))
    practice("Hovedstaden", first=date(2019, 5, 31))

    assert paid() == [("Hovedstaden", "signing_up", 1, 1_000_000)]


def test_costs_belong_to_the_period_of_their_day() -> None:
    for number, day in enumerate((date(2019, 5, 31), FIRST, LAST, date(2020, 2, 1))):
        Cost.objects.create(item=f"Webkamera {number}", unit="stk.", amount_ore=50000, day=day, region="Sjælland")
    Cost.objects.create(item="Support", quantity="7.5", unit="timer", amount_ore=300000, day=FIRST)

    assert [line.item for line in costs(first=FIRST, last=LAST)] == ["Webkamera 1", "Webkamera 2", "Support"]


def test_medcom_enters_changes_and_takes_away_and_each_is_written_down() -> None:
    actor = member(Role.MEDCOM)
    cost = services.save_money(row=Cost(item="Support", unit="timer", amount_ore=1, day=FIRST), actor=actor)
    cost.amount_ore = 2
    services.save_money(row=cost, actor=actor)
    services.drop_money(row=cost, actor=actor)
    services.drop_money(row=cost, actor=actor)

    entries = AuditEntry.objects.filter(target_type="monitoring.Cost").order_by("pk")
    assert list(entries.values_list("action", flat=True)) == ["cost.made", "cost.changed", "cost.dropped"]
    assert not Cost.objects.exists()
    assert entries[1].detail == {
        "region": "", "amount_ore": 2, "day": "2019-06-01",
        "before": {"region": "", "amount_ore": 1, "day": "2019-06-01"},
    }  # fmt: skip


def test_of_a_fee_it_is_written_down_for_what_and_from_when() -> None:
    row = Fee(kind="consultation", amount_ore=16000, valid_from=date(2020, 4, 1))
    actor = member(Role.MEDCOM)
    services.save_money(row=row, actor=actor)
    row.valid_until = date(2020, 12, 31)
    services.save_money(row=row, actor=actor)

    detail = AuditEntry.objects.get(action="fee.changed").detail
    assert (detail["kind"], detail["valid_from"], detail["valid_until"]) == ("consultation", "2020-04-01", "2020-12-31")
    assert detail["before"]["valid_until"] is None


def test_the_same_fee_is_not_entered_twice() -> None:
    fields = {"region": "Sjælland", "kind": "signing_up", "rule": "one_off", "valid_from": date(2021, 1, 1)}
    actor = member(Role.MEDCOM)
    services.save_money(row=Fee(**fields, amount_ore=1000000), actor=actor)
    services.save_money(row=Fee(**fields, amount_ore=93270, quantity=8), actor=actor)

    with pytest.raises(InvalidInput):
        services.save_money(row=Fee(**fields, amount_ore=1000000), actor=actor)


def test_the_shipped_fees_go_as_they_came() -> None:
    shipped = import_module("monitoring.migrations.0009_shipped_fees")
    own = Fee.objects.create(region="Sjælland", kind="consultation", amount_ore=16000, valid_from=date(2019, 4, 1))
    before = Fee.objects.count()

    shipped.take_back(apps, None)
    assert list(Fee.objects.all()) == [own]

    shipped.ship(apps, None)
    assert Fee.objects.count() == before == 17


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": "per_begun_module"},
        {"rule": "one_off"},
        {"kind": "signing_up"},
        {"valid_until": date(2019, 3, 31)},
        {"amount_ore": -1},
    ],
)
def test_a_fee_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    fields = {"kind": "consultation", "amount_ore": 16000, "valid_from": date(2019, 4, 1), **wrong}

    with pytest.raises(InvalidInput):
        services.save_money(row=Fee(**fields), actor=member(Role.MEDCOM))


def test_the_admin_is_for_medcom(client: Client) -> None:
    address = reverse("admin:monitoring_cost_add")
    stranger = member(Role.ADMINISTRATOR)
    client.force_login(stranger)
    show_second_factor(client, second_factor(stranger))
    assert client.get(address).status_code != 200

    staff = member(Role.MEDCOM)
    client.force_login(staff)
    show_second_factor(client, second_factor(staff))
    typed = {"item": "Webkamera", "quantity": "2", "unit": "stk.", "amount_ore": "99900", "day": "2019-06-03"}
    assert client.post(address, typed).status_code == 302
    assert Cost.objects.get().item == "Webkamera"
    assert client.get(reverse("admin:monitoring_fee_changelist")).status_code == 200
    wrong = {"practice_kind": "general", "kind": "conference", "rule": "per_begun_module", "amount_ore": "1",
             "quantity": "1", "valid_from": "2019-06-03"}  # fmt: skip
    page = client.post(reverse("admin:monitoring_fee_add"), wrong)
    assert "Skriv, hvor mange minutter et modul varer." in page.content.decode()
