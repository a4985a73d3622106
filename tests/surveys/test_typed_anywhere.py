"""Whatever is typed, by whomever and wherever, only the free texts hold what somebody answered in own words.

Names, numbers and a CPR number come in by files of earlier surveys, in addresses and forms of the pages with results,
on the postcard, and in texts that staff write. Afterwards every table, every log line and every file that can be taken
away is searched for them. What guests type on their pages is in ``test_questionnaire_privacy``.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from surveys import queries
from surveys.errors import BadQuestionnaireFile
from surveys.models import FreeText, Postcard, Question, Questionnaire, Response
from surveys.rules.questionnaire import PATIENTS, to_json
from surveys.services import versions
from tests.factories.accounts import member
from tests.factories.monitoring import held_call
from tests.factories.responses import response
from tests.factories.surveys import PostcardFactory
from tests.surveys.results import logged_in, take_away
from tests.surveys.test_admin_questions import sent
from tests.surveys.test_postcard_privacy import dump
from tests.surveys.test_questionnaire_privacy import PLANTED, SAID, browser, holding
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

NAME, CPR = "Grethe Sand", "010150-1234"
# Of a month that is over whenever this runs.
DAY = "2019-11-04"


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def said(log: pytest.LogCaptureFixture) -> list[str]:
    """Every line that any log would hold; what Django's own log of queries says goes to no log of the hub."""
    return [record.getMessage() for record in log.records if not record.name.startswith("django.db")]


def found(places: dict[str, bytes]) -> set[str]:
    return {name for name, content in places.items() for planted in PLANTED if planted.encode() in content}


def run(command: str, *arguments: Any) -> str:
    """Everything that the command says."""
    out = io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=out)
    except CommandError as refused:
        out.write(str(refused))
    return out.getvalue()


def file(folder: Path, name: str, rows: list[dict[str, str]]) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def unzipped(answer: Any) -> dict[str, bytes]:
    assert answer.status_code == 200, answer.content
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def results(client: Client, **chosen: str) -> dict[str, bytes]:
    """Every file of every question's results, and of the response rate."""
    taken: dict[str, bytes] = {}
    for key in ("patients", "postcard_national"):
        source = {"key": key, "number": 1}
        variables = queries.definition_of(queries.published_version(key).pk).variables
        names = [variable.name for variable in variables]
        for name in names:
            for kind in ("csv", "svg") if name in ("sex", "sound") else ("csv",):
                address = reverse("surveys:result_file", kwargs={**source, "kind": kind})
                answer = take_away(client, address, {"sp": name, **chosen})
                taken[f"{key}-{name}.{kind}"] = answer.content
        page = client.get(reverse("surveys:result", kwargs=source), {"sp": names[-1], **chosen})
        taken[f"{key}.html"] = page.content
    for figure in ("tragt", "uger"):
        address = reverse("surveys:response_rate_file", kwargs={"figure": figure, "kind": "csv"})
        taken[f"{figure}.csv"] = take_away(client, address).content
    return taken


def test_what_comes_in_by_files_leaves_in_the_file_of_free_texts_alone(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    good = {"date": DAY, "sex": "2", "birth_year": "1950", "contact": "2", "device": "1"}
    rows = [{"respondent_id": f"{NAME} {CPR} {n}", **good, "contact_why": SAID, "comments": SAID} for n in range(6)]
    bad = [
        {**rows[0], "respondent_id": "grethe@example.test", "sex": NAME},
        {**rows[0], "respondent_id": "0101501234", "birth_year": "0101501234"},
        {**rows[0], "respondent_id": "12345678", "date": CPR},
        {**rows[0], "respondent_id": CPR, "device": "12345678"},
    ]
    cards = [{"respondent_id": f"{CPR} {n}", "date": DAY, "edition": "", "sound": "2"} for n in range(6)]
    bad_cards = [{**cards[0], "respondent_id": NAME, "edition": NAME, "sound": "12345678"}]
    told = [
        run("import_responses", PATIENTS, file(tmp_path, "svar.csv", [*rows, *bad]), "--survey", f"{NAME} {CPR}"),
        run("import_responses", PATIENTS, file(tmp_path, "svar.csv", [*rows, *bad]), "--survey", SAID, "--skip-bad"),
        run("import_postcards", file(tmp_path, "kort.csv", [*cards, *bad_cards]), "--survey", SAID, "--skip-bad"),
    ]
    # No line of names, so that the first row stands in its place; and names that are somebody's.
    (tmp_path / "uden.csv").write_text("\n".join([",".join(PLANTED)] * 2), encoding="utf-8")
    (tmp_path / "navne.csv").write_text(f"sex,{NAME},{CPR}\n1,1,1\n", encoding="utf-8")
    for name in ("uden.csv", "navne.csv"):
        told += [run("import_responses", PATIENTS, tmp_path / name), run("import_postcards", tmp_path / name)]

    assert (Response.objects.count(), Postcard.objects.count()) == (6, 6)
    listed = (tmp_path / "svar.csv.bad.csv").read_text() + (tmp_path / "kort.csv.bad.csv").read_text()
    tables = dump()
    for planted in PLANTED:
        assert holding(tables, planted) == {"surveys_freetext"}
        assert [line for line in [*said(log), *told, listed] if planted in line] == []

    researcher = logged_in(Role.RESEARCHER)
    address = reverse("surveys:export_zip")
    without, with_texts = (
        unzipped(researcher.post(address, {"svar": "patients-1", **more})) for more in ({}, {"fritekst": "on"})
    )
    assert found(without) == set()
    assert found(with_texts) == {"texts.csv"}
    assert with_texts["texts.csv"].decode().count(SAID) == FreeText.objects.count() == 12
    assert found(unzipped(researcher.post(address, {"svar": "postkort"}))) == set()
    assert found(results(researcher)) == set()


def test_what_is_typed_into_addresses_and_forms_stands_nowhere(log: pytest.LogCaptureFixture) -> None:
    meeting, token = held_call(member(), start=clock.now() - timedelta(minutes=20), minutes=5)
    for _ in range(6):
        response({"sex": 2, "birth_year": 1950}, day=date(2019, 11, 1))
        PostcardFactory.create(date=date(2019, 11, 4))
    host, researcher = browser(token), logged_in(Role.RESEARCHER)
    before = AuditEntry.objects.count()
    for text in (SAID, *PLANTED):
        card = dict.fromkeys(("carried_out", "picture", "sound", "longer", "replaced", "comments"), text)
        assert host.post(f"/m/{meeting.short_id}/postkort", card).status_code == 400
        assert host.post(f"/m/{meeting.short_id}/postkort", {**card, "skip": text}).status_code == 302
        filters = dict.fromkeys(("sp", "kryds", "fra", "til", "region", "art", "udfald", "skema", "q"), text)
        for name, kwargs in (
            ("result", {"key": "patients", "number": 1}),
            ("result_picture", {"key": "patients", "number": 1}),
            ("response_rate", {}),
            ("response_rate_picture", {"figure": "tragt"}),
        ):
            researcher.get(reverse(f"surveys:{name}", kwargs=kwargs), filters)
        file = reverse("surveys:result_file", kwargs={"key": "patients", "number": 1, "kind": "csv"})
        assert take_away(researcher, file, filters).status_code == 400
        choice = dict.fromkeys(("svar", "fra", "til", "region", "praksis", "udfald", "sprog"), text)
        assert researcher.get(reverse("surveys:export"), choice).status_code == 400
        assert researcher.post(reverse("surveys:export_zip"), choice).status_code == 400

    tables = dump()
    for planted in PLANTED:
        assert holding(tables, planted) == set()
        assert [line for line in said(log) if planted in line] == []
    assert AuditEntry.objects.count() == before


def test_staff_write_no_cpr_number_into_what_everybody_reads(log: pytest.LogCaptureFixture) -> None:
    medcom = logged_in(Role.MEDCOM)
    version = queries.published_version(PATIENTS)
    draft = versions.start_version(questionnaire_id=version.questionnaire_id, actor=None)
    asked = Question.objects.get(version=draft, name="contact")
    before = dump()
    typed = f"Ring til {CPR}"

    refused = [
        medcom.post(
            reverse("admin:surveys_questionnaire_change", args=[draft.questionnaire_id]),
            {"title_da": typed, "title_en": "How?"},
        ),
        medcom.post(
            reverse("admin:surveys_questionnaireversion_change", args=[draft.pk]),
            {"introduction_da": typed, "introduction_en": "", "thanks_da": "", "thanks_en": typed},
        ),
        medcom.post(
            reverse("admin:surveys_question_add") + f"?version_id={draft.pk}&page=1", sent(draft, text_da=typed)
        ),
        medcom.post(
            reverse("admin:surveys_question_change", args=[asked.pk]), sent(draft, [(1, 1, typed), (2, 2, "Nej")])
        ),
    ]
    as_file = to_json(queries.definition_of(version.pk)) | {"key": "other"}
    as_file["introduction"] = {"da": typed, "en": typed}
    upload = io.BytesIO(json.dumps(as_file).encode())
    upload.name = "skema.json"
    imported = medcom.post(reverse("admin:surveys_version_import"), {"file": upload})

    for page in refused:
        assert page.status_code == 200
        assert "CPR-nummer. Slet det." in page.content.decode()
    assert imported.status_code == 400
    for text in ("introduction_da", "thanks_en"):
        with pytest.raises(BadQuestionnaireFile):
            versions.change_texts(version_id=draft.pk, actor=None, **{text: typed})
    with pytest.raises(BadQuestionnaireFile):
        versions.rename(questionnaire_id=draft.questionnaire_id, title_da=typed, title_en="x", actor=None)
    assert not Questionnaire.objects.filter(key="other").exists()
    tables = dump()
    assert holding(tables, CPR) == set()
    assert tables["surveys_question"] == before["surveys_question"]
    assert [line for line in said(log) if CPR in line] == []


def test_a_name_that_staff_write_is_a_text_for_everybody_and_in_no_trace(log: pytest.LogCaptureFixture) -> None:
    """Nobody can tell a name from other words: it stands where its author put it, and in no log, audit or history."""
    medcom = logged_in(Role.MEDCOM)
    version = queries.published_version(PATIENTS)
    draft = versions.start_version(questionnaire_id=version.questionnaire_id, actor=None)
    medcom.post(
        reverse("admin:surveys_questionnaireversion_change", args=[draft.pk]),
        {"introduction_da": NAME, "introduction_en": NAME, "thanks_da": "", "thanks_en": ""},
    )
    medcom.post(
        reverse("admin:surveys_question_add") + f"?version_id={draft.pk}&page=1",
        sent(draft, [(1, 1, NAME), (2, 2, "Nej")], text_da=NAME),
    )
    medcom.get(reverse("admin:surveys_version_preview", args=[draft.pk]), {"sex": NAME, "birth_year": CPR})

    assert holding(dump(), NAME) == {"surveys_questionnaireversion", "surveys_question", "surveys_choice"}
    assert holding(dump(), CPR) == set()
    assert [line for line in said(log) if NAME in line or CPR in line] == []
