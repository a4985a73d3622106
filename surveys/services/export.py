"""Making the ZIP that a researcher takes away, and writing down who took what.

The rows are read once into a file without a name, which goes when the process does: so all files of the ZIP hold the
same lines, the check of privacy sees what is written, and neither a slow browser nor one that goes away keeps the
database waiting. Memory holds the classes of the check, never the lines.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import resources
from io import TextIOWrapper
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from surveys.queries import export as queries
from surveys.queries.export import Chosen
from surveys.rules import privacy
from surveys.rules.export import codebook, stata
from surveys.rules.export.dataset import BANDS, Dataset
from surveys.rules.export.lines import CHUNK, Lines
from surveys.rules.export.postcards import postcard
from surveys.rules.export.spool import Spool
from surveys.rules.privacy import SHIFT, Classes, Plan
from vdx.accounts import services as accounts_services
from vdx.lib.clock import local_date
from vdx.lib.database import one_look
from vdx.lib.errors import Conflict
from vdx.lib.spreadsheet import harmless
from vdx.lib.stream import ZipStream

if TYPE_CHECKING:
    from surveys.models import QuestionnaireVersion
    from vdx.accounts.models import User

# Of the manifest: goes up when files or columns change their meaning.
FORMAT = 1
_SCRIPTS = resources.files("surveys.rules.export") / "scripts"


class TooNarrow(Conflict):
    """What was chosen points at a practice or a person by itself."""

    code = "export_too_narrow"
    message = _(
        "Udvalget er så lille, at det kan pege på en praksis eller en person. Vælg en længere periode eller et større "
        "område."
    )


@dataclass
class Export:
    """Everything that goes into the ZIP but its bytes. ``pieces`` may be read once."""

    name: str
    dataset: Dataset
    plan: Plan
    stored: Spool
    classes: Classes
    texts: IO[str] | None
    text_counts: dict[str, int]
    about: dict[str, Any]
    language: str

    def pieces(self, packed: ZipStream | None = None) -> Iterator[bytes]:
        """The bytes of the ZIP; the files without a name go when they have been sent, or nobody wants them."""
        try:
            yield from self._pieces(packed or ZipStream())
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the files."""
        self.stored.close()
        if self.texts is not None:
            self.texts.close()

    def _pieces(self, packed: ZipStream) -> Iterator[bytes]:
        lines = Lines(self.dataset, self.classes, self.plan)
        files: list[tuple[str, Callable[[], Iterable[bytes]]]] = [
            ("data.csv", lambda: _encoded(lines.codes(self.stored))),
            ("labels.csv", lambda: _encoded(lines.labels(self.stored, self.language))),
            ("codebook.csv", lambda: _encoded([codebook.as_csv(self.dataset, self._counts(lines))])),
            (
                "codebook.html",
                lambda: _encoded([codebook.as_html(self.dataset, self._counts(lines), self._said())]),
            ),
            ("data.sav", lambda: self._sav(lines)),
            ("import.R", partial(_script, "import.R.txt")),
            ("import.do", lambda: _encoded([stata.script(self.dataset, self.language, self._said())])),
            ("import.py", partial(_script, "import.py.txt")),
        ]
        if self.texts is not None:
            files.append(("texts.csv", self._texts))
        files.append(("manifest.json", lambda: [self._manifest(packed)]))
        return packed.pack(files)

    def _counts(self, lines: Lines) -> dict[str, Counter[str]]:
        texts = {field.name: Counter({"": self.text_counts.get(field.name, 0)}) for field in self.dataset.texts}
        return {**lines.counts, **texts}

    def _said(self) -> dict[str, str]:
        """What stands above the codebook."""
        notes = _notes(self.plan)
        done = [f"{name}: {how}" for name, how in notes["columns"].items()]
        held = [f"{name}: {lines}" for name, lines in notes["rows_held_back"].items()]
        return {
            "Rækker / Rows": str(self.stored.lines),
            "Anonymitet / Anonymity": f"k = {self.plan.k}",
            "I grupper eller udeladt / In bands or left out": "; ".join(done) or "–",
            "Rækker, hvor svaret ikke er oplyst / Rows held back": "; ".join(held) or "–",
        }

    def _sav(self, lines: Lines) -> Iterator[bytes]:
        """By way of a file, for SPSS' format is written with its file's number at hand."""
        # Here, for it takes pyreadstat and numpy along, which a hub that nobody takes answers from never needs.
        from surveys.rules.export import sav  # noqa: PLC0415

        told = [*self.plan.contexts, *(context for context, _person in self.plan.special.values())]
        words = {
            field.name: sorted({context[place] for context in told}) or [""]
            for place, field in enumerate(self.dataset.facts)
        }
        with _unnamed() as file:
            sav.write(
                f"/dev/fd/{file.fileno()}",
                self.dataset,
                lines.values(self.stored),
                count=self.stored.lines,
                words=words,
                language=self.language,
            )
            file.seek(0)
            while piece := file.read(1 << 16):
                yield piece

    def _texts(self) -> Iterator[bytes]:
        assert self.texts is not None  # noqa: S101  # asked for by _pieces alone
        self.texts.seek(0)
        # With the mark by which spreadsheets know UTF-8: people read it.
        yield "\ufeffvariable,text\n".encode()
        while piece := self.texts.read(1 << 16):
            yield piece.encode()

    def _manifest(self, packed: ZipStream) -> bytes:
        """What is in the ZIP and how it came about; the only file that has no sum, for it holds the others'."""
        files = {name: {"sha256": packed.sums[name], "bytes": packed.sizes[name]} for name in packed.sums}
        manifest = {**self.about, "privacy": _notes(self.plan), "files": files}
        return json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"


def export_responses(
    *,
    actor: User,
    version: QuestionnaireVersion,
    dataset: Dataset,
    chosen: Chosen,
    with_texts: bool,
    language: str,
    now: datetime,
) -> Export:
    """Read the final responses to a version for a ZIP, and write down who took them. Raises TooNarrow."""
    asked, target = chosen, f"{dataset.key}/{dataset.number}"
    with one_look():
        chosen = queries.settled(version, asked, local_date(now))
        few = queries.leaves_few(version, chosen)
        known = queries.known_practices(version, chosen)
        stored, classes = _store_responses(queries.response_lines(version, chosen), dataset)
        text_counts = queries.free_text_counts(version, chosen)
        texts = _store_texts(queries.free_texts(version, chosen)) if with_texts else None
    about = _about(dataset, chosen, stored.lines, now) | {"language": language, "free_text": with_texts}
    if few or _too_narrow(stored.lines, dataset, known, asked):
        stored.close()
        if texts is not None:
            texts.close()
        _note(actor, "responses.export_refused", target, about)
        raise TooNarrow
    plan = _plan(classes, dataset, known)
    name = f"vdx-{dataset.key}-{dataset.number}-{now:%Y%m%d-%H%M}"
    _note(actor, "responses.exported", target, about)
    return Export(name, dataset, plan, stored, classes, texts, text_counts, about, language)


def export_postcards(*, actor: User, dataset: Dataset, chosen: Chosen, language: str, now: datetime) -> Export:
    """Read the postcards for a ZIP, and write down who took them. Raises TooNarrow."""
    asked = chosen
    with one_look():
        chosen = queries.settled(None, asked, local_date(now))
        few = queries.leaves_few(None, chosen)
        stored, classes = _store_postcards(queries.postcard_rows(chosen), dataset)
    about = _about(dataset, chosen, stored.lines, now) | {"language": language, "free_text": False}
    if few or _too_narrow(stored.lines, dataset, [], asked):
        stored.close()
        _note(actor, "postcards.export_refused", "postcards", about)
        raise TooNarrow
    plan = _plan(classes, dataset, [])
    _note(actor, "postcards.exported", "postcards", about)
    return Export(f"vdx-postcards-{now:%Y%m%d-%H%M}", dataset, plan, stored, classes, None, {}, about, language)


def _too_narrow(lines: int, dataset: Dataset, known: list[privacy.Known], chosen: Chosen) -> bool:
    """Whether what was chosen, which is known of every line whatever the columns tell, points at somebody."""
    answers = Counter[int]()
    for each in known:
        answers[each.practice] += each.answers
    # Of a place, and of how a call ended, there are answers from practices alone: imported ones tell neither.
    places = bool(chosen.facts) and dataset.key != "postcards"
    few = (answers or places) and not privacy.enough_practices(lines, answers.values())
    return chosen.narrows and bool(lines < privacy.K or few)


def _plan(classes: Classes, dataset: Dataset, known: list[privacy.Known]) -> Plan:
    return privacy.plan(classes, contexts=dataset.fact_attributes, persons=dataset.person_attributes, known=known)


def _store_responses(chunks: Iterator[list[str]], dataset: Dataset) -> tuple[Spool, Classes]:
    """Put the rows away without the person, and number contexts and persons as they come.

    A line of a chunk is the context (JSON), a tab, the row (numbers with commas), a tab, and the flags.
    """
    stored = Spool(_unnamed())
    classes = Classes()
    facts = [field.name for field in dataset.facts]
    contexts: dict[str, int] = {}
    persons: dict[str, int] = {}
    known: dict[tuple[str, ...], int] = {}
    # The person's numbers are the first of a row in every questionnaire that asks for them first.
    first = len(dataset.places)
    leads = dataset.places == tuple(range(first))
    for chunk in chunks:
        out, keys = [], []
        for line in chunk:
            context, row, flags = line.split("\t")
            place = contexts.get(context)
            if place is None:
                place = contexts[context] = known.setdefault(_facts(context, facts), len(known))
            *head, rest = row.split(",", first) if leads else _person_first(row, dataset.places)
            number = persons.setdefault(",".join(head), len(persons))
            keys.append(place << SHIFT | number)
            out.append(f"{place},{number},{flags},{rest}")
        classes.counts.update(keys)
        stored.add(out)
    classes.contexts = list(known)
    classes.persons = [tuple(person.split(",")) if person else () for person in persons]
    return stored, classes


def _person_first(row: str, places: tuple[int, ...]) -> list[str]:
    """The person's numbers, each by itself, and all others together."""
    cells = row.split(",")
    others = [cell for place, cell in enumerate(cells) if place not in places]
    return [*(cells[place] for place in places), ",".join(others)]


def _facts(context: str, names: list[str]) -> tuple[str, ...]:
    told = json.loads(context)
    return tuple(str(told.get(name) or "") for name in names)


def _store_postcards(rows: Iterator[tuple[Any, ...]], dataset: Dataset) -> tuple[Spool, Classes]:
    names = [field.name for field in dataset.answers]
    stored = Spool(_unnamed())
    classes = Classes()
    known: dict[tuple[str, ...], int] = {}
    while chunk := list(islice(rows, CHUNK)):
        out = []
        for row in chunk:
            context, numbers = postcard(row, names)
            place = known.setdefault(context, len(known))
            classes.add(place, 0)
            out.append(f"{place},0,,{','.join(map(str, numbers))}")
        stored.add(out)
    classes.contexts, classes.persons = list(known), [()]
    return stored, classes


def _store_texts(texts: Iterator[tuple[str, str]]) -> IO[str]:
    file = TextIOWrapper(_unnamed(), encoding="utf-8", newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows((variable, harmless(text)) for variable, text in texts)
    return file


def _unnamed() -> Any:
    """A file without a name in the hub's own folder, where nobody else may look; gone with the process."""
    settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return TemporaryFile(dir=settings.VAR_DIR, prefix="export-")


def _encoded(texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        yield text.encode()


def _script(name: str) -> list[bytes]:
    return [(_SCRIPTS / name).read_bytes()]


def _about(dataset: Dataset, chosen: Chosen, lines: int, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "questionnaire": dataset.key,
        "version": dataset.number,
        "filter": {
            "from": chosen.first.isoformat() if chosen.first else None,
            "to": chosen.last.isoformat() if chosen.last else None,
            **chosen.facts,
        },
        "rows": lines,
        "made_at": now.isoformat(timespec="seconds"),
        "software": f"VDX {settings.VDX_VERSION}",
    }


def _notes(plan: Plan) -> dict[str, Any]:
    """What was done so that nobody is singled out."""
    done: dict[str, Any] = {}
    for name, level in plan.levels.items():
        bands = BANDS.get(name, ())
        done[name] = bands[level - 1] if level <= len(bands) else "left out"
    return {"k": plan.k, "columns": done, "rows_held_back": plan.held_lines}


def _note(actor: User, action: str, target: str, about: dict[str, Any]) -> None:
    kept = ("filter", "rows", "language", "free_text")
    accounts_services.audit(
        action=action,
        target_type="export",
        target_id=target,
        actor=actor,
        detail={name: about[name] for name in kept},
    )
