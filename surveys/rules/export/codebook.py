"""codebook.csv and codebook.html: what each column holds, and how often each answer was given.

How often is exact for every answer, of sex and year of birth too: a single column points at nobody.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from surveys.rules.export.dataset import KEPT_BACK, NOTHING, Dataset, Field
from surveys.rules.privacy import HELD
from vdx.lib.spreadsheet import harmless

HEADER = (
    "variable",
    "question_da",
    "question_en",
    "kind",
    "code",
    "label_da",
    "label_en",
    "rule_da",
    "rule_en",
    "n",
)
Counts = Mapping[str, Counter[str]]


def lines(dataset: Dataset, counts: Counts) -> Iterator[tuple[str | int, ...]]:
    """One line a code of each column; where any number may stand, one line for all of them, with an empty code."""
    for field in (*dataset.fields, *dataset.texts):
        about = (field.name, field.label["da"], field.label["en"], field.kind)
        rule = (field.rule["da"], field.rule["en"])
        for code, text, n in _codes(field, counts[field.name]):
            yield (*about, code, text["da"], text["en"], *rule, n)


def as_csv(dataset: Dataset, counts: Counts) -> str:
    """codebook.csv."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for line in lines(dataset, counts):
        # A code is a number of ours, or a word; only what people wrote can be a formula.
        writer.writerow([value if place == HEADER.index("code") else _safe(value) for place, value in enumerate(line)])
    return out.getvalue()


def as_html(dataset: Dataset, counts: Counts, notes: Mapping[str, str]) -> str:
    """codebook.html: the same to be read by people, with ``notes`` above it (heading to text). A page by itself."""
    said = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in notes.items())
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in HEADER)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in line) + "</tr>\n"
        for line in lines(dataset, counts)
    )
    title = escape(f"{dataset.title['da']} / {dataset.title['en']}, version {dataset.number}")
    return (
        '<!DOCTYPE html>\n<html lang="da"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>body{{font-family:sans-serif;margin:1rem}}"
        "table{border-collapse:collapse}td,th{border:1px solid #bfbfbf;padding:.3rem;text-align:left;"
        "vertical-align:top}div{overflow-x:auto}</style></head><body>"
        f'<h1>{title}</h1><dl>{said}</dl><div tabindex="0" role="region" aria-label="Codebook">'
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div></body></html>\n"
    )


def _codes(field: Field, counts: Counter[str]) -> Iterator[tuple[str, Mapping[str, str], int]]:
    if field.words is not None:
        known = [word for word in field.words if word != HELD]
        for word in [*known, *sorted(set(counts) - set(known))]:
            yield word, field.words.get(word, {"da": word, "en": word}), counts[word]
        return
    # A person's answers are counted as they were given; that some were not told stands in data.csv only.
    codes = {code: text for code, text in field.codes.items() if code != KEPT_BACK or counts[str(KEPT_BACK)]}
    if field.kind == "year":
        for year in sorted(int(value) for value in counts if int(value) not in codes):
            yield str(year), {"da": str(year), "en": str(year)}, counts[str(year)]
    elif field.kind in {"number", "short_text", "long_text"}:
        yield "", NOTHING, sum(n for value, n in counts.items() if value not in set(map(str, codes)))
    for code, text in codes.items():
        yield str(code), text, counts[str(code)]


def _safe(value: str | int) -> str | int:
    return harmless(value) if isinstance(value, str) else value
