"""What video costs: who may ask, what is said of the period, and what of other numbers."""

from __future__ import annotations

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

from monitoring.models import Cost, Fee
from tests.factories.accounts import OrganisationFactory
from tests.monitoring.views.test_honoraria import call, logged_in, region, words
from vdx.accounts.enums import Role
from vdx.accounts.models import Organisation

pytestmark = pytest.mark.django_db

PERIOD = {"fra": "2019-10", "til": "2019-11"}
PAGES = ["monitoring:business_case", "monitoring:business_case_sums"]


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2019, 12, 2, 9, tzinfo=UTC))
    Fee.objects.all().delete()
    import_module("monitoring.migrations.0009_shipped_fees").ship(apps, None)


@pytest.fixture
def syddanmark() -> Organisation:
    """Ten consultations, one conference of eleven minutes, and a camera."""
    here = region("Syddanmark")
    practice = OrganisationFactory.create(parent=here)
    for _ in range(10):
        call(practice)
    call(practice, 660, booked=False)
    Cost.objects.create(item="Webkamera", unit="stk.", amount_ore=50000, day=date(2019, 10, 7), region="Syddanmark")
    Cost.objects.create(item="Support", quantity="7.5", unit="timer", amount_ore=99999, day=date(2019, 11, 30))
    return here


@pytest.fixture
def sjaelland() -> Organisation:
    here = region("Sjælland")
    call(OrganisationFactory.create(parent=here))
    return here


def show(client: Client, name: str = "monitoring:business_case", **chosen: str) -> str:
    answer = client.get(reverse(name), {**PERIOD, **chosen})
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_a_region_reads_what_its_period_cost_and_what_the_same_would_cost_otherwise(
    syddanmark: Organisation, sjaelland: Organisation
) -> None:
    text = show(logged_in(Role.ADMINISTRATOR, syddanmark))
    assert "Region Syddanmark, oktober 2019 til november 2019" in text
    # Ten at 160 kr., a conference of two begun modules, and the camera; not the whole country's support.
    assert "I alt 2.413,84 kroner i honorarer og udgifter. Det er 241,38 kroner for hver videokonsultation." in text
    since = "(takst fra 1. oktober 2019)"
    assert f"Som almindelige konsultationer til 143,44 kroner {since} ville de have kostet 1.434,40 kroner." in text
    assert f"Som telefonkonsultationer til 28,08 kroner {since} ville de have kostet 280,80 kroner." in text
    assert "Videokonsultationer 10 1.600,00 kr. Videokonferencer 1 313,84 kr." in text
    assert "Webkamera 1 stk. Region Syddanmark" not in text
    assert "Webkamera" in text
    assert "Support" not in text
    # Before anything is asked for, the sums are the period's own.
    assert "Med 10 konsultationer, hvoraf 100 % er på video til 160,00 kroner, er der 10 videokonsultationer." in text
    assert "Video koster det samme som i perioden: 2.413,84 kroner." in text
    assert "Det var ikke ens for alle i perioden." not in text


def test_other_numbers_are_worked_out_and_said_in_words(syddanmark: Organisation) -> None:
    client = logged_in(Role.ADMINISTRATOR, syddanmark)
    for name in PAGES:
        text = show(client, name, antal="1000", andel="25", honorar="150,50")
        assert (
            "Med 1.000 konsultationer, hvoraf 25 % er på video til 150,50 kroner, er der 250 videokonsultationer. "
            "De koster 37.625,00 kroner i honorar. I alt koster det 153.551,00 kroner. "
            "Det er 10.111,00 kroner mere, end hvis alle var almindelige konsultationer." in text
        )
        assert "De øvrige 750 er almindelige konsultationer og koster 107.580,00 kroner." in text
        assert "følger med i samme forhold som i perioden og koster 7.846,00 kroner." in text
        assert "Opstart og andre udgifter er de samme som i perioden: 500,00 kroner." in text
        assert "Hver videokonsultation koster 183,88 kroner, når" in text
        assert "når honoraret højst er 110,05 kroner." in text
        assert "Alle som almindelige konsultationer 143.440,00 kr. Alle som telefonkonsultationer 28.080,00 kr." in text


def test_one_of_many_is_said_as_one(syddanmark: Organisation) -> None:
    client = logged_in(Role.ADMINISTRATOR, syddanmark)
    text = show(client, "monitoring:business_case_sums", antal="4", andel="25")
    assert "Med 4 konsultationer, hvoraf 25 % er på video" in text
    assert "er der 1 videokonsultation. Den koster 160,00 kroner i honorar." in text
    text = show(client, "monitoring:business_case_sums", antal="4", andel="75")
    assert "er der 3 videokonsultationer. De koster 480,00 kroner i honorar." in text
    assert "Den øvrige er en almindelig konsultation og koster 143,44 kroner." in text


def test_cheaper_dearer_and_the_same_are_told_apart(syddanmark: Organisation) -> None:
    Cost.objects.all().delete()
    client = logged_in(Role.MEDCOM)
    Fee.objects.filter(kind="conference").delete()
    for fee, said in (
        ("143.45", "0,10 kroner mere, end hvis"),
        ("143.43", "0,10 kroner mindre, end hvis"),
        ("143.44", "det samme, som hvis alle var almindelige konsultationer"),
    ):
        assert said in show(client, "monitoring:business_case_sums", honorar=fee)


@pytest.mark.parametrize(
    "wrong",
    [{"antal": "-1"}, {"antal": "mange"}, {"andel": "101"}, {"honorar": "1,234"}, {"honorar": "NaN"},
     {"antal": "1" * 40}, {"honorar": "1e9"}],
)  # fmt: skip
def test_what_cannot_be_used_is_said_so_and_the_sums_are_as_it_was(
    syddanmark: Organisation, wrong: dict[str, str]
) -> None:
    client = logged_in(Role.MEDCOM)
    assert "Der er noget, du skal rette" in show(client, **wrong)
    text = show(client, "monitoring:business_case_sums", **wrong)
    assert "Regnestykket viser, hvordan det var." in text
    assert "Med 10 konsultationer, hvoraf 100 %" in text


def test_medcom_sees_the_country_or_a_region_and_who_paid_nothing(
    syddanmark: Organisation, sjaelland: Organisation
) -> None:
    client = logged_in(Role.MEDCOM)
    whole = show(client)
    assert "Hele landet, oktober 2019 til november 2019" in whole
    assert "Videokonsultationer 11 1.600,00 kr." in whole
    assert "1 af videokonsultationerne havde ingen aftale om honorar og kostede ikke noget." in whole
    assert "Support 7,5 timer Hele landet 999,99 kr." in whole
    assert "Med 11 konsultationer, hvoraf 100 % er på video til 160,00 kroner" in whole
    # Why the sums are not the period's own, though nothing was changed.
    assert "Det var ikke ens for alle i perioden." in whole
    alone = show(client, region="Sjælland")
    assert "Videokonsultationer 1 0,00 kr." in alone
    assert "Webkamera" not in alone
    # Without a fee of its own the region begins with the ordinary one.
    assert (
        "Med 1 konsultation, hvoraf 100 % er på video til 143,44 kroner, er der 1 videokonsultation. Den koster"
        in alone
    )


def test_a_period_before_the_first_call_can_be_chosen_where_something_was_paid_for(syddanmark: Organisation) -> None:
    Cost.objects.create(item="Planlægning", unit="timer", amount_ore=1000, day=date(2019, 2, 28))
    text = show(logged_in(Role.MEDCOM), fra="2019-02", til="2019-02")
    assert "I alt 10,00 kroner i honorarer og udgifter." in text


def test_without_a_fee_to_compare_with_it_says_so(syddanmark: Organisation) -> None:
    Fee.objects.filter(kind__in=["ordinary", "telephone"]).delete()
    text = show(logged_in(Role.MEDCOM))
    assert "Der er ingen takst for almindelige konsultationer at sammenligne med." in text
    assert "Til sammenligning" not in text


def test_a_period_without_calls_shows_the_page(syddanmark: Organisation) -> None:
    text = show(logged_in(Role.MEDCOM), fra="2019-07", til="2019-07")
    assert "I alt 0,00 kroner i honorarer og udgifter." in text
    assert "for hver videokonsultation" not in text


@pytest.mark.parametrize("name", PAGES)
def test_practices_doctors_and_strangers_see_nothing(
    syddanmark: Organisation, sjaelland: Organisation, name: str
) -> None:
    address = reverse(name)
    practice = Organisation.objects.get(parent=syddanmark)
    assert Client().get(address, PERIOD).status_code == 302
    for role in (Role.ADMINISTRATOR, Role.DOCTOR, Role.RESEARCHER):
        assert logged_in(role, practice).get(address, PERIOD).status_code == 403
    assert logged_in(Role.DOCTOR, syddanmark).get(address, PERIOD).status_code == 403
    # Another region's numbers are not to be had by its name.
    text = show(logged_in(Role.ADMINISTRATOR, sjaelland), name, region="Syddanmark")
    assert "Med 1 konsultation, hvoraf" in text


def test_a_slider_asks_the_facts_of_the_page_and_not_the_database(syddanmark: Organisation) -> None:
    client = logged_in(Role.MEDCOM)
    show(client)
    with CaptureQueriesContext(connection) as queries:
        text = show(client, "monitoring:business_case_sums", antal="20")
    assert "Med 20 konsultationer" in text
    assert not [query for query in queries if re.search("callrecord c", query["sql"])]
    # The page itself always counts anew.
    call(Organisation.objects.get(parent=syddanmark))
    assert "Med 11 konsultationer" in show(client)
    assert "Med 11 konsultationer" in show(client, "monitoring:business_case_sums")


def test_sliders_stand_beside_fields_that_work_without_them(syddanmark: Organisation) -> None:
    page = logged_in(Role.MEDCOM).get(reverse("monitoring:business_case"), PERIOD).content.decode()
    ranges = re.findall(r'<input class="slider__range" type="range"[^>]*>', page)
    assert len(ranges) == 3
    assert all(" hidden>" in one and "name=" not in one for one in ranges)
    fields: list[Any] = re.findall(r'<input type="number" name="(\w+)" value="([\d.]+)"', page)
    assert fields == [("antal", "10"), ("andel", "100"), ("honorar", "160.00")]
