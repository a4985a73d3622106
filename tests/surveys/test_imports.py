"""manage.py import_responses and import_postcards: all good rows, or none, and never twice."""

from __future__ import annotations

import io
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from surveys.enums import ResponseSource, ResponseState
from surveys.models import FreeText, Postcard, Response
from vdx.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db

HEADER = "respondent_id,date,complete,sex,birth_year,contact,device,accept_again,helped_by___1,helped_by___3,helped"


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))


def file(folder: Path, *lines: str, name: str = "svar.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def take(command: str, *arguments: Any) -> tuple[str, str]:
    out, errors = io.StringIO(), io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def refused(command: str, *arguments: Any) -> str:
    errors = io.StringIO()
    with pytest.raises(CommandError):
        call_command(command, *map(str, arguments), stdout=io.StringIO(), stderr=errors)
    return errors.getvalue()


GOOD = "17,2019-11-04,1,2,1952,1,3,1,1,0,1"


def test_a_row_becomes_a_final_response(tmp_path: Path) -> None:
    out, _errors = take("import_responses", "patients", file(tmp_path, HEADER, GOOD))

    one = Response.objects.get()
    assert one.answers == {
        "sex": 2,
        "birth_year": 1952,
        "contact": 1,
        "device": 3,
        "accept_again": 1,
        "helped": 1,
        "helped_by": [1],
    }
    assert (one.source, one.state, one.date) == (ResponseSource.IMPORT, ResponseState.COMPLETE, date(2019, 11, 4))
    assert one.row is not None
    assert one.row[:2] == [2, 1952]
    assert one.context == {"month": "2019-11"}
    assert out == "1 indlæst, 0 fandtes i forvejen, 0 rækker udeladt.\n"
    # What somebody was called in the other survey is kept nowhere.
    assert "17" not in (one.import_key or "").split(":")
    assert AuditEntry.objects.get(action="responses.imported").detail == {"rows": 1, "added": 1, "bad": 0}


def test_the_same_file_again_adds_nothing(tmp_path: Path) -> None:
    numbered = file(tmp_path, HEADER, GOOD, "18,,0,1,1940,,,,,,")
    plain = file(tmp_path, "sex,birth_year", "1,1950", "1,1950", name="plain.csv")
    for path in (numbered, plain):
        take("import_responses", "patients", path)

    for path in (numbered, plain):
        out, _errors = take("import_responses", "patients", path)
        assert out.startswith("0 indlæst, 2 fandtes i forvejen")

    assert Response.objects.count() == 4


def test_a_respondent_is_known_in_another_file_too(tmp_path: Path) -> None:
    take("import_responses", "patients", file(tmp_path, HEADER, GOOD))

    take("import_responses", "patients", file(tmp_path, HEADER, GOOD, "19,,1,1,1950,,,,,,", name="mere.csv"))

    assert Response.objects.count() == 2


def test_every_bad_row_is_told_by_its_line_and_nothing_is_taken(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        HEADER,
        GOOD,
        "18,2019-13-01,1,3,1952,1,3,1,0,0,2",
        "19,,2,1,52,1,9,1,,,",
        "17,,1,1,1950,,,,,,",
        "20,,1,1,x,2,3,1,1,0,1",
        "21,,1,,,,,,,,",
        "22,,1,1",
        "23,2027-01-01,1,1,1950,,,,,,",
        "24,,1,1,1950,2,3,1,1,0,1",
    )

    errors = refused("import_responses", "patients", path)

    assert errors.splitlines() == [
        "Linje 3, date: ikke en dato (skriv ÅÅÅÅ-MM-DD)",
        "Linje 3, sex: koden findes ikke",
        "Linje 4, complete: kun 0 eller 1",
        "Linje 4, birth_year: for lille",
        "Linje 4, device: koden findes ikke",
        "Linje 5, respondent_id: står der to gange",
        "Linje 6, birth_year: ikke et tal",
        "Linje 7: ingen svar",
        "Linje 8: ikke så mange felter som i første linje",
        "Linje 9, date: datoen ligger i fremtiden",
        "Linje 10, helped: reglerne spørger ikke om det efter de andre svar",
        "Linje 10, helped_by: reglerne spørger ikke om det efter de andre svar",
    ]
    assert not Response.objects.exists()
    assert not AuditEntry.objects.filter(action="responses.imported").exists()


def test_good_rows_alone_are_taken_when_asked_and_the_others_listed(tmp_path: Path) -> None:
    path = file(tmp_path, HEADER, GOOD, "18,,1,3,1952,1,3,1,0,0,2", "19,,1,1,1950,,,,,,")

    out, _errors = take("import_responses", "patients", path, "--skip-bad")

    assert out.startswith("2 indlæst, 0 fandtes i forvejen, 1 rækker udeladt.")
    assert (tmp_path / "svar.csv.bad.csv").read_text().splitlines() == ["line,column,reason", "3,sex,unknown_code"]


def test_a_column_that_nobody_knows_stops_it_whatever_is_asked(tmp_path: Path) -> None:
    path = file(tmp_path, "sex,helped_by,cpr,sex", "1,1,0101501234,1")

    errors = refused("import_responses", "patients", path, "--skip-bad")

    assert errors.splitlines() == [
        "Linje 1, helped_by: kolonnen kendes ikke",
        "Linje 1, cpr: kolonnen kendes ikke",
        "Linje 1, sex: står der to gange",
    ]
    assert "0101501234" not in errors
    assert not Response.objects.exists()


def test_a_file_without_names_is_refused_without_saying_whose_answers_it_holds(tmp_path: Path) -> None:
    path = file(tmp_path, "Grethe Sand,0101501234,grethe,2", "Grethe Sand,0101501234,grethe,2")

    errors = refused("import_responses", "patients", path, "--skip-bad")

    assert errors.splitlines() == [f"Linje 1, #{place}: kolonnen kendes ikke" for place in (1, 2, 3, 4)]
    with_a_name = file(tmp_path, "sex,Grethe Sand,Grethe Sand", "1,1,1", name="navn.csv")
    assert refused("import_responses", "patients", with_a_name).splitlines() == [
        "Linje 1, #2: kolonnen kendes ikke",
        "Linje 1, #3: kolonnen kendes ikke",
        "Linje 1, #2: står der to gange",
    ]


def test_no_number_is_taken_that_could_be_somebodys_and_no_year_before_video(tmp_path: Path) -> None:
    nines = "9" * 5000
    path = file(tmp_path, "date,sex,birth_year", f",1,{nines}", f",{nines},1950", "0019-11-04,1,1950")

    assert refused("import_responses", "patients", path).splitlines() == [
        "Linje 2, birth_year: for stort",
        "Linje 3, sex: for stort",
        "Linje 4, date: ikke en dato (skriv ÅÅÅÅ-MM-DD)",
    ]


def test_danish_spreadsheets_write_semicolons_and_a_mark_in_front(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes("sex;birth_year;contact;contact_why\r\n1;1950;2;Lyden; \r\n".replace("; ", "").encode("utf-8-sig"))

    take("import_responses", "patients", path)

    assert FreeText.objects.get().text == "Lyden"
    assert Response.objects.get().answers == {"sex": 1, "birth_year": 1950, "contact": 2}


def test_an_unfinished_row_dropped_out_after_its_last_page(tmp_path: Path) -> None:
    take("import_responses", "patients", file(tmp_path, "complete,sex,birth_year", "0,1,1950"))

    one = Response.objects.get()
    assert (one.state, one.reached, one.background_only) == (ResponseState.PARTLY, 1, True)
    assert one.row is not None
    assert set(one.row[2:]) <= {-2, -3}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'sex\n"1'])
def test_a_file_that_is_none_is_said_to_be(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)

    refused("import_responses", "patients", path)
    refused("import_responses", "patients", tmp_path / "missing.csv")
    refused("import_responses", "nobody", path)

    assert not Response.objects.exists()


def test_postcards_come_in_the_same_way(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "date,edition,carried_out,picture,sound,longer,replaced",
        "2019-11-04,,1,1,2,2,1",
        ",syddanmark,1,1,1,1,",
    )

    take("import_postcards", path)
    out, _errors = take("import_postcards", path)

    assert out.startswith("0 indlæst, 2 fandtes i forvejen")
    assert list(Postcard.objects.order_by("edition").values_list("edition", "date", "sound", "replaced")) == [
        ("national", date(2019, 11, 4), 2, 1),
        ("syddanmark", None, 1, None),
    ]
    assert Postcard.objects.get(edition="syddanmark").region_code == "region-syddanmark"


def test_two_surveys_that_count_from_one_both_come_in_and_each_only_once(tmp_path: Path) -> None:
    path = file(tmp_path, "respondent_id,sex", "1,1")
    cards = file(tmp_path, "respondent_id,sound", "1,1", name="kort.csv")

    for name in ("nord", "nord", "syd"):
        take("import_responses", "patients", path, "--survey", name)
        take("import_postcards", cards, "--survey", name)

    assert (Response.objects.count(), Postcard.objects.count()) == (2, 2)


def test_a_postcard_that_cannot_be_is_told_by_its_line(tmp_path: Path) -> None:
    path = file(tmp_path, "edition,carried_out,replaced", "norge,1,1", "syddanmark,1,1", "national,3,1", "national,,")

    assert refused("import_postcards", path).splitlines() == [
        "Linje 2, edition: udgaven kendes ikke",
        "Linje 3, replaced: reglerne spørger ikke om det efter de andre svar",
        "Linje 4, carried_out: koden findes ikke",
        "Linje 5: ingen svar",
    ]
    assert not Postcard.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_file_at_once_add_it_once(tmp_path: Path) -> None:
    path = file(tmp_path, "respondent_id,sex", *(f"{number},1" for number in range(300)))
    ready = threading.Barrier(2)
    told: list[str] = []

    def run() -> None:
        ready.wait()
        try:
            told.append(take("import_responses", "patients", path)[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Response.objects.count() == 300
    assert told == [
        "300 indlæst, 0 fandtes i forvejen, 0 rækker udeladt.\n",
        "0 indlæst, 300 fandtes i forvejen, 0 rækker udeladt.\n",
    ]


def test_the_order_of_the_file_is_not_that_of_the_table(tmp_path: Path) -> None:
    years = list(range(1920, 1980))
    rows = [f"{year},2019-11-04,1,2,{year},1,3,1,1,0,1" for year in years]

    take("import_responses", "patients", file(tmp_path, HEADER, *rows))

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT study_id FROM surveys_response ORDER BY {'ctid' if connection.vendor == 'postgresql' else 'rowid'}"
        )
        keys = [UUID(str(key)) for (key,) in cursor.fetchall()]
    born = dict(Response.objects.values_list("study_id", "answers__birth_year"))
    lain = [born[key] for key in keys]
    assert sorted(lain) == years
    # By chance once in 60! times.
    assert lain != years
