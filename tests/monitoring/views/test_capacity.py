"""The capacity page: for MedCom's staff alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from monitoring import services
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.monitoring.test_evaluation import held
from tests.rooms.services.test_lines import call, waits
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, Membership
from vdx.lib import clock

pytestmark = pytest.mark.django_db

PAGE = "/portal/statistik/kapacitet/"
PARTS = ["", "nu", "dage/figur.svg", "dage.csv", "maaneder.csv", "lange.csv"]


@pytest.fixture(autouse=True)
def small(settings: LazySettings) -> None:
    """A hub for two calls and one more, in which staff owe no second factor."""
    settings.VDX_CAPACITY, settings.VDX_CAPACITY_GRACE = 2, 50


@pytest.fixture
def medcom(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("vdx.accounts.access.owes_second_factor", lambda user: False)
    client.force_login(MembershipFactory(role=Role.MEDCOM).user)
    return client


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DOCTOR, Role.RESEARCHER, None])
def test_strangers_see_nothing(client: Client, monkeypatch: pytest.MonkeyPatch, part: str, role: Role | None) -> None:
    monkeypatch.setattr("vdx.accounts.access.owes_second_factor", lambda user: False)
    if role is not None:
        client.force_login(MembershipFactory(role=role).user)
    assert client.get(PAGE + part).status_code == (302 if role is None else 403)


def test_the_number_now_and_what_it_means(medcom: Client) -> None:
    now = clock.now()
    assert medcom.get(PAGE + "nu").json() == {"calls": "0", "places": "", "level": "within", "says": "Der er plads."}
    waits(now)
    for _ in range(3):
        call(now)
    found = medcom.get(PAGE + "nu")
    assert found.json()["calls"] == "3"
    assert (found.json()["level"], "Nye samtaler kan ikke begynde" in found.json()["says"]) == ("full", True)
    assert found["Cache-Control"] == "no-store"


def test_the_page_shows_limit_days_and_months_and_says_how_it_counts(medcom: Client) -> None:
    begin = clock.now() - timedelta(days=2)
    practice = OrganisationFactory()
    for _ in range(2):
        held(practice, begin, (begin, begin + timedelta(minutes=6)), seconds_together=360)
    page = medcom.get(PAGE)
    shown = text(page)
    assert "Flest på én gang var 2" in shown
    assert "Der skal være mindst 20" in shown
    assert "også testorganisationers og prøveopkald: de tager plads" in shown
    assert page.content.decode().count("<table") == 3
    assert 'aria-current="page"' in page.content.decode()


def test_files_and_pictures(medcom: Client) -> None:
    begin = clock.now() - timedelta(days=2)
    held(OrganisationFactory(), begin, (begin, begin + timedelta(minutes=6)), seconds_together=360)
    day, month = clock.local_date(begin), clock.local_date(begin).replace(day=1)
    lines = medcom.get(PAGE + "dage.csv?dage=90").content.decode().splitlines()
    assert (lines[0], len(lines)) == ("day,calls", 91)
    assert f"{day},1" in lines
    for key in ("maaneder", "lange"):
        lines = medcom.get(f"{PAGE}{key}.csv").content.decode().splitlines()
        assert (lines[0], len(lines)) == ("month,calls", 14)
        assert f"{month:%Y-%m},1" in lines
    picture = medcom.get(PAGE + "dage/figur.svg?bredde=smal")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml")
    assert medcom.get(PAGE + "dage.pdf").status_code == 404
    assert medcom.get(PAGE + "andet.csv").status_code == 404
    taken = AuditEntry.objects.filter(action="capacity.downloaded").order_by("pk")
    assert [entry.detail["figure"] for entry in taken] == ["dage", "maaneder", "lange"]


def test_a_period_that_nobody_offers_is_the_usual_one(medcom: Client) -> None:
    assert len(medcom.get(PAGE + "dage.csv?dage=99999").content.decode().splitlines()) == 31


def test_medcom_sees_above_each_page_that_the_hub_is_above_its_capacity(medcom: Client) -> None:
    now = clock.now()
    for _ in range(3):
        call(now)
    assert "capacity-alarm" not in medcom.get("/portal/statistik/").content.decode()
    services.watch_capacity(now=now)
    assert "VDX er fuldt: nye samtaler bliver afvist. Se kapaciteten" in text(medcom.get("/portal/statistik/"))
    other = Client()
    other.force_login(MembershipFactory(role=Role.ADMINISTRATOR).user)
    assert "capacity-alarm" not in other.get("/portal/statistik/").content.decode()


def test_the_way_there_is_shown_to_medcom(medcom: Client) -> None:
    assert PAGE in medcom.get("/portal/statistik/").content.decode()
    Membership.objects.update(role=Role.ADMINISTRATOR)
    assert PAGE not in medcom.get("/portal/statistik/").content.decode()
