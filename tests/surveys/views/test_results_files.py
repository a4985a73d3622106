"""The results as pictures and files, what cannot be chosen, and what a page costs."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.responses import response
from tests.surveys.results import NORTH, PATIENTS, page, take_away
from vdx.accounts.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

CSV = reverse("surveys:result_file", kwargs={**PATIENTS, "kind": "csv"})


@pytest.mark.parametrize(
    "chosen", [{"sp": "nothing"}, {"fra": "1999-01"}, {"region": "region-x"}, {"fra": "2026-11", "til": "2026-10"}]
)
def test_a_choice_that_cannot_be_used_is_told_and_makes_no_file(medcom: Client, chosen: dict[str, str]) -> None:
    response({"contact": 1, "sound": 1}, day=date(2026, 10, 1))

    shown = page(medcom, **chosen)
    assert shown.status_code == 200
    assert "form-error" in shown.content.decode()
    # Where the fault stands can be seen at once.
    assert '<details class="results-whose" open>' in shown.content.decode()
    assert medcom.get(reverse("surveys:result_picture", kwargs=PATIENTS), chosen).status_code == 400
    assert take_away(medcom, CSV, chosen).status_code == 400
    assert not AuditEntry.objects.filter(action="results.downloaded").exists()


def test_pictures_may_do_nothing_when_they_are_opened_by_themselves(medcom: Client) -> None:
    response({"contact": 1, "sound": 1})

    sizes = []
    for chosen in ({"sp": "sound"}, {"sp": "sound", "bredde": "smal"}):
        answer = medcom.get(reverse("surveys:result_picture", kwargs=PATIENTS), chosen)
        assert answer.headers["Content-Type"] == "image/svg+xml"
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert sorted(policy) == ["default-src 'none'", "sandbox", "style-src 'unsafe-inline'"]
        assert answer.headers["Cache-Control"] == "no-store"
        sizes.append(re.search(rb'viewBox="0 0 (\d+)', answer.content)[1])  # type: ignore[index]
    assert sizes == [b"760", b"340"]
    assert "unsafe-inline" not in page(medcom).headers["Content-Security-Policy"]
    assert not AuditEntry.objects.filter(action="results.downloaded").exists()


@pytest.mark.parametrize(
    ("kind", "content_type", "begins"),
    [
        ("csv", "text/csv; charset=utf-8", b"variable,"),
        ("svg", "image/svg+xml", b"<?xml"),
        ("png", "image/png", b"\x89PNG"),
    ],
)
def test_files_to_take_away_are_written_down(medcom: Client, kind: str, content_type: str, begins: bytes) -> None:
    for _ in range(5):
        response({"contact": 1, "sound": 1}, context={"region": NORTH})

    address = reverse("surveys:result_file", kwargs={**PATIENTS, "kind": kind})
    answer = take_away(medcom, address, {"sp": "sound", "region": NORTH})

    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="vdx-patients-1-sound.{kind}"'
    assert answer.content.startswith(begins)
    entry = AuditEntry.objects.get(action="results.downloaded")
    assert (entry.target_type, entry.target_id) == ("results", "patients-1")
    assert entry.detail == {"format": kind, "sp": "sound", "region": NORTH}


@pytest.mark.parametrize("chosen", [{"sp": "sound"}, {"sp": "sound", "kryds": "advantages"}, {"sp": "comments"}])
def test_thirty_answers_ask_the_database_no_more_than_one(medcom: Client, chosen: dict[str, str]) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask(address)
        return len(queries)

    def ask(address: str) -> None:
        answer = take_away(medcom, address, chosen) if address == CSV else medcom.get(address, chosen)
        assert answer.status_code == 200

    every = [
        reverse("surveys:results"),
        reverse("surveys:result", kwargs=PATIENTS),
        reverse("surveys:result_picture", kwargs=PATIENTS),
        CSV,
    ]
    response({"contact": 1, "sound": 1, "advantages": [1]})
    for address in every:
        ask(address)
    one = [asked(address) for address in every]
    for number in range(29):
        response({"contact": 1, "sound": 1 + number % 3, "advantages": [1, 6]}, texts={"comments": "x"})

    assert [asked(address) for address in every] == one
    assert max(one) <= 25
