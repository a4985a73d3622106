"""What R, pandas and SPSS count in the export is what the results page shows, answer by answer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from surveys.enums import QuestionKind
from surveys.queries.results import Filters, result_sources, tally_of
from surveys.rules.results import countable
from tests.factories.responses import response
from tests.surveys.services.test_export import answered, needs_r, take

pytestmark = pytest.mark.django_db

# Column of the export to code to how often it was answered; of several answers a column each, of which 1 counts.
Frequencies = dict[str, dict[int, int]]

R = """
source("import.R")
counted <- codes[codes$background_only == 0, ]
for (name in setdiff(names(counted), words)) {
  given <- table(counted[[name]][counted[[name]] >= 0])
  for (code in names(given)) cat("n", name, code, given[[code]], "\\n")
}
"""


def of_the_results_page() -> Frequencies:
    source = next(source for source in result_sources(None) if source.key == "patients")
    found: Frequencies = {}
    for variable in countable(source.definition):
        tally = tally_of(source, variable, Filters())
        if variable.kind == QuestionKind.SEVERAL:
            for choice in variable.choices:
                given = tally.codes.get(choice.code, 0)
                each = {1: given, 0: tally.answered - given}
                found[f"{variable.name}___{choice.code}"] = {code: n for code, n in each.items() if n}
        else:
            found[variable.name] = dict(tally.codes)
    return found


def of_frame(data: pd.DataFrame) -> Frequencies:
    counted = data[data["background_only"] == 0]
    numbers = [name for name in counted.columns if pd.api.types.is_numeric_dtype(counted[name])]
    return {
        name: {int(code): int(n) for code, n in counted[name][counted[name] >= 0].value_counts().items()}
        for name in numbers
    }


def by_pandas(folder: Path) -> Frequencies:
    return of_frame(pd.read_csv(folder / "data.csv"))


def by_spss(folder: Path) -> Frequencies:
    data, _meta = pyreadstat.read_sav(folder / "data.sav", user_missing=True)
    return of_frame(data)


def by_r(folder: Path) -> Frequencies:
    needs_r()
    done = subprocess.run(["Rscript", "-e", R], cwd=folder, capture_output=True, text=True, check=True)
    found: Frequencies = {}
    for line in done.stdout.splitlines():
        if line.startswith("n "):
            _mark, name, code, n = line.split()
            found.setdefault(name, {})[int(code)] = int(n)
    return found


@pytest.mark.parametrize("read", [by_pandas, by_spss, by_r])
def test_the_frequencies_are_those_of_the_results_page(tmp_path: Path, read: Callable[[Path], Frequencies]) -> None:
    answered()
    for number in range(30):
        response(
            {
                "sex": 1,
                "birth_year": 1950,
                "contact": 1,
                "device": 1 + number % 5,
                "helped": 1,
                "helped_by": [1 + number % 3, 4],
                "sound": 1 + number % 3,
                "good_contact": 1 + number % 6,
                "advantages": [7] if number % 4 else [1, 2, 5],
                "accept_again": 1 + number % 3,
            },
            context={"region": "unknown", "month": "2026-11", "outcome": "carried_out", "device_kind": "browser"},
        )

    found = read(take(tmp_path))

    shown = of_the_results_page()
    assert {name: found.get(name, {}) for name in shown} == shown
    # Not by both being empty.
    assert sum(sum(codes.values()) for codes in shown.values()) > 500
