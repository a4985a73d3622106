"""data.sav, row by row.

pyreadstat 1.3.7 writes whole data frames only, and a million rows of sixty numbers are half a gigabyte of one. But what
it asks of a frame is little: the names and kinds of the columns, how many rows there are, and then the rows, once, one
after the other. So it is given a frame that has them on the way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import narwhals.stable.v2 as nw
import pyreadstat
from narwhals import Implementation

from surveys.rules.export.dataset import HELD_TEXT, Dataset, Field
from surveys.rules.privacy import HELD

# SPSS: bytes of a variable's label, and of a value's.
_LABEL = 255
_VALUE = 120


@dataclass(frozen=True)
class _Column:
    """A column without its values: of words, those that occur; their lengths are looked at."""

    name: str
    dtype: Any
    words: Sequence[str] = ()

    def null_count(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)


class _Rows(nw.DataFrame[Any]):
    """A frame whose rows are read once, in order. It says polars, for a row of that is a tuple of plain values."""

    def __init__(self, columns: Sequence[_Column], count: int, rows: Iterator[tuple[int | str, ...]]) -> None:
        self._all, self._count, self._rows = columns, count, rows

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self._all]

    @property
    def implementation(self) -> Implementation:  # type: ignore[override]
        return Implementation.POLARS

    def __native_namespace__(self) -> ModuleType:
        return sys.modules[__name__]

    def __len__(self) -> int:
        return self._count

    def iter_columns(self) -> Iterator[Any]:
        return iter(self._all)

    def iter_rows(self, **kwargs: Any) -> Iterator[Any]:
        return self._rows


def write(
    path: str,
    dataset: Dataset,
    rows: Iterator[tuple[int | str, ...]],
    *,
    count: int,
    words: dict[str, list[str]],
    language: str,
) -> None:
    """Write the rows with the labels of a language. ``words``: what occurs in each column of words.

    Codes of missing answers are user-missing values, so that SPSS leaves them out and still tells them apart.
    """
    fields = dataset.fields
    numbers = [field for field in fields if not field.is_word]
    pyreadstat.write_sav(
        _Rows([_column(field, words) for field in fields], count, rows),
        path,
        file_label=_cut(dataset.title[language], 64),
        column_labels=[_cut(field.label[language], _LABEL) for field in fields],
        row_compress=True,
        variable_value_labels={**_numbers(numbers, language), **_words(fields, words, language)},
        missing_ranges={field.name: [{"lo": -9, "hi": -1}] for field in numbers if min(field.codes, default=0) < 0},
        variable_measure={field.name: _measure(field) for field in fields},
        variable_format={field.name: "F8.0" for field in numbers},
    )


def _column(field: Field, words: dict[str, list[str]]) -> _Column:
    if field.is_word:
        return _Column(field.name, nw.String(), words[field.name])
    return _Column(field.name, nw.Int32())


def _numbers(fields: list[Field], language: str) -> dict[str, dict[int | float, str]]:
    return {
        field.name: {code: _cut(text[language], _VALUE) for code, text in sorted(field.codes.items())}
        for field in fields
        if field.codes
    }


def _words(fields: Sequence[Field], words: dict[str, list[str]], language: str) -> dict[str, dict[Any, str]]:
    labels: dict[str, dict[Any, str]] = {}
    for field in fields:
        known = {word: text for word, text in {**(field.words or {}), HELD: HELD_TEXT}.items() if field.is_word}
        met = {word: _cut(known[word][language], _VALUE) for word in words.get(field.name, []) if word in known}
        if met:
            labels[field.name] = met
    return labels


def _measure(field: Field) -> str:
    return "scale" if field.kind in {"year", "number"} else "nominal"


def _cut(text: str, size: int) -> str:
    """No longer than so many bytes of UTF-8, and no letter cut in two."""
    return text.encode()[:size].decode(errors="ignore")
