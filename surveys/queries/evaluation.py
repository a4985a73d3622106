"""What was answered in a period, for the evaluation report: each question over all versions that asked it.

The postcard's two editions ask the same questions and are counted together. What is written in own words is left out.
Of the patients' answers a part that fewer than five gave is not told, as on the page of results. A postcard says how a
call went and nothing of a person, a practice or (merged as the editions are here) a region: it is told as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from surveys.enums import FINAL_RESPONSES, TEXT_KINDS
from surveys.models import Postcard, Questionnaire, Response
from surveys.queries import results
from surveys.queries.response_rate import Whose, response_rate
from surveys.queries.results import Filters, Source
from surveys.rules.funnel import Funnel
from surveys.rules.privacy import K
from surveys.rules.questionnaire import PATIENTS, Text, Variable
from surveys.rules.results import Cross, Tally

# Carried out, by what may have been in the way: the crossings of the pilot's report.
CROSSED = [("sound", "carried_out"), ("picture", "carried_out"), ("longer", "carried_out")]

Place = tuple[Source, Variable]


@dataclass(frozen=True)
class Asked:
    """A question with the ready answers of every version, in the newest one's words, and how it was answered.

    ``name`` is its variable's; of an older version that asked it in another kind, with the version's number.
    ``wordings``: how else it was asked. ``withheld``: so few answered of a part of the answers that it is not shown.
    """

    name: str
    variable: Variable
    tally: Tally
    wordings: tuple[Text, ...] = ()
    withheld: bool = False


@dataclass(frozen=True)
class Crossed:
    """Two questions together."""

    first: Variable
    second: Variable
    cross: Cross


@dataclass(frozen=True)
class Answers:
    """A survey's answers of a period.

    ``counted`` answered more than the background, ``background_only`` did not. ``undated`` of them say no date: such
    rows, taken in from earlier surveys, belong to every period. ``invited`` is None where nobody was.
    """

    counted: int
    background_only: int
    undated: int
    questions: tuple[Asked, ...]
    crossed: tuple[Crossed, ...] = ()
    invited: Funnel | None = None


def patients_answers(*, first: date, last: date) -> Answers:
    """The patients' answers of the days from one to another, both included, and who was asked in its weeks.

    A week belongs to the period in which its Monday lies. The number of queries follows the questionnaire alone.
    """
    filters = Filters(first=first, last=last)
    newest_first = [source for source in results.result_sources(None) if source.key == PATIENTS]
    undated = Response.objects.filter(
        version__questionnaire__key=PATIENTS, state__in=FINAL_RESPONSES, background_only=False, date__isnull=True
    )
    questionnaire = Questionnaire.objects.filter(key=PATIENTS).first()
    rate = questionnaire and response_rate(questionnaire, Whose(None, None), first=first, last=last)
    return replace(
        _answers(newest_first, filters, {}, personal=True),
        undated=undated.count(),
        invited=rate.whole if rate and rate.whole.asked else None,
    )


def postcards_answers(*, first: date, last: date) -> Answers:
    """The doctors' postcards of the days from one to another, both included: both editions, and their crossings."""
    filters = Filters(first=first, last=last)
    # The national edition's words stand first.
    editions = sorted((s for s in results.result_sources(None) if s.edition is not None), key=lambda source: source.key)
    crossings: dict[tuple[str, str], list[tuple[Source, Variable, Variable]]] = {}
    for one, other in CROSSED:
        for source in editions:
            down, across = source.definition.variable(one), source.definition.variable(other)
            if down is not None and across is not None:
                crossings.setdefault((one, other), []).append((source, down, across))
    undated = Postcard.objects.filter(date__isnull=True).count()
    return replace(_answers(editions, filters, crossings, personal=False), undated=undated)


def _answers(
    sources: Sequence[Source],
    filters: Filters,
    crossings: dict[tuple[str, str], list[tuple[Source, Variable, Variable]]],
    *,
    personal: bool,
) -> Answers:
    sizes = [results.size(source, filters) for source in sources]
    counted = sum(size.counted for size in sizes)
    everything = sum(results.sizes(sources, None).values())

    def few(answered: int) -> bool:
        # All answers are told as they are; a part of them may be a few people, as on the page of results.
        return personal and counted < everything and 0 < min(answered or counted, counted) < K

    asked = []
    # What nobody answered in the period is shown as it is asked now, and in no older words.
    used = [
        source for place, (source, size) in enumerate(zip(sources, sizes, strict=True)) if size.counted or not place
    ]
    for name, places in _questions(used).items():
        tally = _sum(results.tally_of(source, variable, filters) for source, variable in places)
        variable = _whole([variable for _, variable in places])
        wordings = tuple(
            dict.fromkeys(
                (each.text("da"), each.text("en")) for _, each in places if each.text("da") != variable.text("da")
            )
        )
        texts = tuple({"da": danish, "en": english} for danish, english in wordings)
        asked.append(Asked(name, variable, tally, texts, few(tally.answered)))
    crossed = []
    for places_of_pair in crossings.values():
        cross = _sum_crosses(results.cross_of(*place, filters) for place in places_of_pair)
        _, down, across = places_of_pair[0]
        crossed.append(Crossed(down, across, cross))
    return Answers(
        counted=counted,
        background_only=sum(size.background_only for size in sizes),
        undated=0,
        questions=tuple(asked),
        crossed=tuple(crossed),
    )


def _questions(sources: Iterable[Source]) -> dict[str, list[Place]]:
    """Where each question was asked, the newest first; in its order of asking, then what older versions alone ask."""
    found: dict[str, list[Place]] = {}
    for source in sources:
        for variable in source.definition.variables:
            if variable.kind in TEXT_KINDS:
                continue
            name = variable.name
            if name in found and found[name][0][1].kind != variable.kind:
                name = f"{name}_v{source.number}"
            found.setdefault(name, []).append((source, variable))
    return found


def _whole(variables: Sequence[Variable]) -> Variable:
    """The first of them, with the ready answers of all."""
    newest = variables[0]
    choices = {choice.code: choice for variable in reversed(variables) for choice in variable.choices}
    known = [choice.code for choice in newest.choices]
    ordered = [*known, *(code for code in choices if code not in known)]
    return replace(newest, question=replace(newest.question, choices=tuple(choices[code] for code in ordered)))


def _sum(tallies: Iterable[Tally]) -> Tally:
    codes: Counter[int] = Counter()
    answered = skipped = not_asked = dropped_out = 0
    for tally in tallies:
        codes.update(tally.codes)
        answered += tally.answered
        skipped += tally.skipped
        not_asked += tally.not_asked
        dropped_out += tally.dropped_out
    return Tally(dict(codes), answered, skipped, not_asked, dropped_out)


def _sum_crosses(crosses: Iterable[Cross]) -> Cross:
    cells: Counter[tuple[int, int]] = Counter()
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    both = 0
    for cross in crosses:
        cells.update(cross.cells)
        rows.update(cross.rows)
        columns.update(cross.columns)
        both += cross.both
    return Cross(dict(cells), dict(rows), dict(columns), both)
