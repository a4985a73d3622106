"""import.do: reads data.csv into Stata with labels, and tells missing answers apart as .a, .b, .c and .d."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from surveys.rules.export.dataset import Dataset, Field

# Stata: characters of a name, of a variable's label, and of a value's.
_NAME, _LABEL, _VALUE = 32, 80, 200
_LETTERS = {-1: ".a", -2: ".b", -3: ".c", -4: ".d"}


def script(dataset: Dataset, language: str, privacy: Mapping[str, str]) -> str:
    """The whole do-file. Columns are read by their place and then named, for a name may be longer than Stata takes.

    ``privacy``: what was done so that nobody is singled out, heading to text; it becomes notes of the data.
    """
    notes = [f"notes: {_plain(f'{name}: {text}')}" for name, text in privacy.items()]
    return "\n".join([*_lines(dataset, language), *notes]) + "\n"


def _lines(dataset: Dataset, language: str) -> Iterator[str]:
    yield "* Reads data.csv with its labels: cd to this folder, then do import.do"
    yield "version 14"
    yield "clear"
    strings = " ".join(str(place) for place, field in enumerate(dataset.fields, 1) if field.is_word)
    columns = f" stringcols({strings})" if strings else ""
    yield f'import delimited using "data.csv", delimiters(",") varnames(nonames) rowrange(2) encoding("UTF-8"){columns}'
    for place, field in enumerate(dataset.fields, 1):
        yield f"rename v{place} {_name(field, place)}"
        yield f"label variable {_name(field, place)} {_quoted(field.label[language], _LABEL)}"
        if field.is_word or not field.codes:
            continue
        for code, text in sorted(field.codes.items()):
            value = _LETTERS.get(code, str(code))
            yield f"label define l{place} {value} {_quoted(text[language], _VALUE)}, add"
        gone = " \\ ".join(f"{code}={_LETTERS[code]}" for code in sorted(field.codes, reverse=True) if code in _LETTERS)
        if gone:
            yield f"mvdecode {_name(field, place)}, mv({gone})"
        yield f"label values {_name(field, place)} l{place}"


def _name(field: Field, place: int) -> str:
    if len(field.name) <= _NAME:
        return field.name
    # As long as may be, and still its own.
    return f"{field.name[: _NAME - len(str(place)) - 1]}_{place}"


def _quoted(text: str, size: int) -> str:
    """A text in compound quotes, without what Stata would expand."""
    return f'`"{_plain(text)[:size]}"\''


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "'").replace("$", " ").replace("\"'", "”").split())
