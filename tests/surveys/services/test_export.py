"""The export as researchers read it: every file of the ZIP, by the programs that they use."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from django.db import connection

from surveys.models import Question, Response
from surveys.queries.dataset import responses_dataset
from surveys.queries.export import Chosen
from surveys.services import export as services
from tests.factories.accounts import MembershipFactory
from tests.factories.responses import patients, response
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib.database import one_look

pytestmark = pytest.mark.django_db

# November is over.
NOW = datetime(2026, 12, 23, 9, tzinfo=UTC)
FILES = [
    "data.csv",
    "labels.csv",
    "codebook.csv",
    "codebook.html",
    "data.sav",
    "import.R",
    "import.do",
    "import.py",
    "manifest.json",
]


def researcher() -> Any:
    return MembershipFactory.create(role=Role.RESEARCHER).user


def needs_r() -> None:
    """Whoever tests for others must see that R is missing: nothing else would say that it reads the export."""
    if shutil.which("Rscript") is None:
        pytest.fail("Rscript is not there (Debian: r-base-core): that R reads the export is NOT tested")


def take(folder: Path, chosen: Chosen | None = None, **options: Any) -> Path:
    version = patients()
    export = services.export_responses(
        actor=researcher(),
        version=version,
        dataset=responses_dataset(version),
        chosen=chosen or Chosen(),
        with_texts=options.get("with_texts", False),
        language=options.get("language", "da"),
        now=NOW,
    )
    return unpack(b"".join(export.pieces()), folder)


def unpack(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def answered() -> list[Response]:
    """Responses with every reason for a missing answer, some choices, and background alone."""
    context = {"region": "unknown", "month": "2026-11", "outcome": "carried_out", "device_kind": "browser"}
    full = {
        "sex": 1,
        "birth_year": 1950,
        "contact": 1,
        "times_used": 2,
        "device": 3,
        "easy_to_use": 5,
        "helped": 1,
        "helped_by": [1, 3],
        "picture": 2,
        "picture_prevented": 2,
        "sound": 1,
        "accept_again": 1,
        "advantages": [1, 6, 5],
        "drawbacks": [6],
    }
    return [
        *[response(full, context=context) for _ in range(7)],
        *[
            response({"sex": 2, "birth_year": 1961, "contact": 2, "device": 2, "accept_again": 3}, context=context)
            for _ in range(6)
        ],
        *[response({"sex": 2, "birth_year": 1961}, context=context, reached=1) for _ in range(5)],
    ]


def told_by_the_manifest(folder: Path) -> dict[str, Any]:
    """What was done so that nobody is singled out."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())["privacy"]
    return found


def counted(name: str) -> Counter[int]:
    """How often each code of a variable stands in the responses' answers."""
    found: Counter[int] = Counter()
    for one in Response.objects.all():
        answer = one.answers.get(name)
        if answer is not None:
            found.update(answer if isinstance(answer, list) else [answer])
    return found


def test_the_zip_holds_every_file_and_the_manifest_its_sums(tmp_path: Path) -> None:
    answered()

    folder = take(tmp_path)

    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert sorted(manifest["files"]) == sorted(set(FILES) - {"manifest.json"})
    for name, about in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (about["sha256"], about["bytes"])
    assert manifest["rows"] == 18
    assert manifest["filter"] == {"from": None, "to": "2026-11-30"}
    assert manifest["questionnaire"] == "patients"


def test_pandas_reads_the_same_frequencies_as_were_answered(tmp_path: Path) -> None:
    answered()

    data = pd.read_csv(take(tmp_path) / "data.csv")

    assert len(data) == 18
    assert list(data["respondent"]) == list(range(1, 19))
    for name in ("sex", "contact", "device", "easy_to_use", "picture", "accept_again", "birth_year"):
        shown = Counter(int(value) for value in data[name] if value >= 0)
        assert shown == counted(name), name
    for code in (1, 2, 3, 4):
        assert (data[f"helped_by___{code}"] == 1).sum() == counted("helped_by")[code]
    assert Counter(data["background_only"]) == {0: 13, 1: 5}
    assert Counter(data["complete"]) == {1: 13, 0: 5}


def test_missing_answers_say_why(tmp_path: Path) -> None:
    answered()

    data = pd.read_csv(take(tmp_path) / "data.csv")

    # Seven were asked how often and answered; six were not, for they had no contact; five never came so far.
    assert Counter(data["times_used"]) == {2: 7, -2: 6, -3: 5}
    assert Counter(data["would_recommend"]) == {-1: 7, -2: 6, -3: 5}


def test_columns_are_those_of_the_version_whatever_was_answered(tmp_path: Path) -> None:
    empty = pd.read_csv(take(tmp_path / "empty") / "data.csv")
    answered()

    assert list(pd.read_csv(take(tmp_path / "full") / "data.csv").columns) == list(empty.columns)
    assert len(empty) == 0
    assert all(name.isascii() for name in empty.columns)


def test_spss_reads_values_labels_and_reasons(tmp_path: Path) -> None:
    answered()
    folder = take(tmp_path)

    plain = pd.read_csv(folder / "data.csv", keep_default_na=False)
    data, meta = pyreadstat.read_sav(folder / "data.sav", user_missing=True)

    assert list(data.columns) == list(plain.columns)
    for name in plain.columns:
        assert list(data[name]) == list(plain[name]), name
    assert meta.variable_value_labels["sex"][1] == "Mand"
    assert meta.variable_value_labels["sex"][-1] == "Ikke besvaret"
    assert meta.column_names_to_labels["sex"] == "Hvad er dit køn?" or meta.column_names_to_labels["sex"]
    without, _meta = pyreadstat.read_sav(folder / "data.sav")
    assert without["times_used"].count() == 7


def test_the_labels_say_the_same_in_words(tmp_path: Path) -> None:
    answered()
    folder = take(tmp_path, language="en")

    # Spreadsheets know by the mark how to read it; programs that read the codes need none.
    assert (folder / "labels.csv").read_bytes().startswith(b"\xef\xbb\xbfrespondent,")
    assert (folder / "data.csv").read_bytes().startswith(b"respondent,")
    codes = pd.read_csv(folder / "data.csv")
    labels = pd.read_csv(folder / "labels.csv")

    assert Counter(labels["sex"]) == {"Man": 7, "Woman": 11}
    assert Counter(labels["times_used"])["Not asked"] == 6
    assert Counter(labels["advantages___1"])["Yes"] == (codes["advantages___1"] == 1).sum() == 7
    assert list(labels["birth_year"].astype(str)) == list(codes["birth_year"].astype(str))


def test_the_codebook_counts_every_answer(tmp_path: Path) -> None:
    answered()
    folder = take(tmp_path)

    with (folder / "codebook.csv").open(newline="") as file:
        lines = {(line["variable"], line["code"]): line for line in csv.DictReader(file)}

    assert int(lines["sex", "1"]["n"]) == 7
    assert int(lines["times_used", "-2"]["n"]) == 6
    assert int(lines["birth_year", "1961"]["n"]) == 11
    assert int(lines["helped_by___3", "1"]["n"]) == 7
    assert lines["times_used", "1"]["rule_da"]
    assert "<table>" in (folder / "codebook.html").read_text()


def test_import_py_reads_it_with_labels(tmp_path: Path) -> None:
    answered()
    folder = take(tmp_path)

    code = (
        "import runpy\n"
        "found = runpy.run_path('import.py')\n"
        "data, missing = found['data'], found['missing']\n"
        "print(data['sex'].value_counts().to_dict())\n"
        "print({int(k): int(n) for k, n in data['birth_year'].value_counts().items()})\n"
        "why = missing['times_used'].value_counts().items()\n"
        "print(data['times_used'].isna().sum(), {int(k): int(n) for k, n in why})\n"
        "print(found['labels']['sex'])\n"
        "print(data['month'].unique().tolist())\n"
        "print(found['privacy']['columns'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)

    # The month alone points at a practice, so it is left out; and that is said where the data is read.
    assert done.stdout.splitlines()[-1] == str(told_by_the_manifest(folder)["columns"]) != "{}"
    assert done.stdout.splitlines()[:3] == [
        "{'Kvinde': 11, 'Mand': 7}",
        "{1961: 11, 1950: 7}",
        "11 {-2: 6, -3: 5}",
    ]
    assert done.stderr == ""


def test_import_r_reads_it_with_labels(tmp_path: Path) -> None:
    needs_r()
    answered()
    folder = take(tmp_path)

    code = 'source("import.R"); print(table(data$sex)); cat(sum(is.na(data$times_used)), sum(codes$times_used == -2))'
    done = subprocess.run(["Rscript", "-e", code], cwd=folder, capture_output=True, text=True, check=True)

    assert "Kvinde" in done.stdout
    said = done.stdout[done.stdout.index(' "privacy": {') : done.stdout.index("18 rows")]
    assert json.loads(f"{{{said.strip().removesuffix(',')}}}") == {"privacy": told_by_the_manifest(folder)}
    assert done.stdout.splitlines()[-1] == "11 6"


def test_stata_gets_a_name_and_a_label_for_each_column(tmp_path: Path) -> None:
    folder = take(tmp_path)

    script = (folder / "import.do").read_text()

    columns = (folder / "data.csv").read_text().splitlines()[0].split(",")
    assert script.count("\nrename v") == len(columns)
    assert "label define" in script
    assert "mvdecode" in script
    assert "\nnotes: Anonymitet / Anonymity: k = 5\n" in script


def test_free_text_is_there_only_when_asked_for_and_leads_to_nobody(tmp_path: Path) -> None:
    for number in range(6):
        response({"sex": 1, "contact": 2}, texts={"contact_why": f"Lyden faldt ud {number}"})
    response({"sex": 1, "contact": 2}, texts={"contact_why": "=HYPERLINK(1)"})

    without = take(tmp_path / "without")
    folder = take(tmp_path / "with", with_texts=True)

    assert not (without / "texts.csv").exists()
    assert (folder / "texts.csv").read_bytes().startswith(b"\xef\xbb\xbfvariable,")
    with (folder / "texts.csv").open(newline="", encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["variable", "text"]
    assert ["contact_why", "'=HYPERLINK(1)"] in lines
    assert len(lines) == 8
    for path in [*without.iterdir(), *(path for path in folder.iterdir() if path.name != "texts.csv")]:
        assert b"faldt ud" not in path.read_bytes(), path.name


def test_every_export_is_written_down_with_its_filter(tmp_path: Path) -> None:
    for _ in range(6):
        response({"sex": 1}, day=date(2026, 11, 2))
    for _ in range(5):
        response({"sex": 1}, day=date(2026, 1, 2))
    response({"sex": 1}, day=None)

    folder = take(tmp_path, Chosen(first=date(2026, 11, 1)), with_texts=True)

    entry = AuditEntry.objects.get(action="responses.exported")
    assert entry.target_id == "patients/1"
    assert entry.actor is not None
    # Rows without a date belong to every period.
    assert entry.detail == {
        "filter": {"from": "2026-11-01", "to": "2026-11-30"},
        "rows": 7,
        "language": "da",
        "free_text": True,
    }
    assert len(pd.read_csv(folder / "data.csv")) == 7


def test_a_choice_that_points_at_a_few_is_refused_and_leaves_no_trace(tmp_path: Path) -> None:
    for _ in range(4):
        response({"sex": 1}, day=date(2026, 11, 2))

    with pytest.raises(services.TooNarrow):
        take(tmp_path, Chosen(first=date(2026, 11, 1)))

    assert not AuditEntry.objects.filter(action="responses.exported").exists()


def test_answers_wait_until_their_month_is_over_and_has_enough_of_them(tmp_path: Path) -> None:
    for month, count in ((9, 6), (10, 4), (11, 3), (12, 30)):
        for _ in range(count):
            response({"sex": 1}, day=date(2026, month, 1))

    def lines(name: str, chosen: Chosen | None = None) -> int:
        return len(pd.read_csv(take(tmp_path / name, chosen) / "data.csv"))

    assert lines("everything") == 13
    # October has too few of its own, so the export that ends with it is the one that ends with September.
    assert lines("october", Chosen(last=date(2026, 10, 31))) == lines("september", Chosen(last=date(2026, 9, 30))) == 6
    with pytest.raises(services.TooNarrow):
        lines("november", Chosen(first=date(2026, 11, 1)))
    assert AuditEntry.objects.get(action="responses.export_refused").target_id == "patients/1"


def test_a_choice_that_leaves_out_a_few_is_refused(tmp_path: Path) -> None:
    for outcome, count in (("carried_out", 9), ("technical_failure", 2)):
        for _ in range(count):
            response({"sex": 1}, context={"outcome": outcome})

    with pytest.raises(services.TooNarrow):
        take(tmp_path, Chosen(outcome="carried_out"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL's transactions")
def test_all_files_of_an_export_see_the_same_answers() -> None:
    with one_look(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)


def test_a_region_with_one_practice_is_refused(tmp_path: Path) -> None:
    for _ in range(20):
        response({"sex": 1}, context={"region": "region-nord"})

    with pytest.raises(services.TooNarrow):
        take(tmp_path, Chosen(region="region-nord"))


def test_a_few_with_an_answer_that_others_may_know_are_not_told_apart(tmp_path: Path) -> None:
    Question.objects.filter(version=patients(), name="device").update(known_to_others=True)
    context = {"region": "unknown", "month": "2026-11", "outcome": "carried_out", "device_kind": "browser"}
    for device, count in ((1, 60), (4, 3)):
        for _ in range(count):
            response({"sex": 1, "birth_year": 1950, "contact": 2, "device": device}, context=context)

    folder = take(tmp_path)

    data = pd.read_csv(folder / "data.csv")
    assert 4 not in set(data["device"])
    assert -4 in set(data["device"])
    with (folder / "codebook.csv").open(newline="") as file:
        said = {(line["variable"], line["code"]): line["n"] for line in csv.DictReader(file)}
    # The answer by itself is exact.
    assert (said["device", "1"], said["device", "4"]) == ("60", "3")


def test_open_responses_are_in_no_export(tmp_path: Path) -> None:
    answered()
    Response.objects.filter(background_only=True).update(state="open")

    assert len(pd.read_csv(take(tmp_path) / "data.csv")) == 13
