"""A question's numbers as people meet them: a sentence, a table, a chart, and lines of a file.

All of them are made of the same tally, so that page, picture and file can never tell different numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveys.enums import InvitationKind, InvitationState
from surveys.queries.response_rate import ResponseRate
from surveys.rules.funnel import Funnel, Step
from surveys.rules.privacy import K
from surveys.rules.questionnaire import Variable
from surveys.rules.results import Cross, Option, Scale, Tally, scale
from surveys.wording import count_and_share, in_language, number, question_text, share
from vdx.lib import charts
from vdx.lib.charts import Bar, Bars, Chart, Group, Lines, Series
from vdx.lib.spreadsheet import harmless

Line = tuple[str | int, ...]


@dataclass(frozen=True)
class Row:
    """A line of a table: its heading, and the numbers."""

    heading: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table. ``last`` are the lines below it: those who are not in it, or all together."""

    corner: str
    columns: Sequence[str]
    rows: Sequence[Row]
    last: Sequence[Row] = ()


@dataclass(frozen=True)
class Figure:
    """A chart with the table that says the same, and the sentence above them. Empty: nobody has answered."""

    title: str
    lead: str
    table: Table
    chart: Chart
    lines: Sequence[Line]
    empty: bool


def one(variable: Variable, tally: Tally, *, note: str = "") -> Figure:
    """A question by itself."""
    shown = scale(variable, tally.codes)
    tally_shown = tally.on(shown)
    title, lead = question_text(variable), _answered(tally)
    options = [
        (option, tally_shown.codes.get(option.code, 0), tally_shown.per_cent(option.code)) for option in shown.options
    ]
    last = [
        (_("Svarede"), tally.answered, True),
        (_("Sprang spørgsmålet over"), tally.skipped, True),
        (_("Blev ikke spurgt på grund af deres andre svar"), tally.not_asked, False),
        (_("Nåede ikke til spørgsmålet"), tally.dropped_out, False),
    ]
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Svar"),
            columns=[_("Antal"), _("Procent af dem, der svarede")],
            rows=[Row(in_language(option.text), [number(count), share(part)]) for option, count, part in options],
            last=[Row(heading, [number(count), ""]) for heading, count, always in last if count or always],
        ),
        chart=charts.bars(
            [Bar(in_language(option.text), part, count_and_share(count, part)) for option, count, part in options],
            title=title,
            note=_joined(lead, note),
        ),
        lines=list(_tally_lines(variable, tally, options)),
        empty=not tally.answered,
    )


def together(first: Variable, second: Variable, cross: Cross, *, note: str = "") -> Figure:
    """Two questions: for each answer to the first how the second was answered."""
    down, across = scale(first, cross.rows), scale(second, cross.columns)
    cross = cross.on(down, across)
    title = pair_title(question_text(first), question_text(second))
    lead = _("%(number)s svarede på begge spørgsmål.") % {"number": number(cross.both)}
    if cross.held:
        lead = _joined(
            lead,
            _("Skjult betyder, at færre end %(few)d svarede sådan, eller at tallet ville røbe et andet.") % {"few": K},
        )

    def cell(row: Option, column: Option) -> str:
        if (row.code, column.code) in cross.held:
            return _("skjult")
        return count_and_share(cross.cells.get((row.code, column.code), 0), cross.per_cent(row.code, column.code))

    everybody = [cross.columns.get(option.code, 0) for option in across.options]
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=question_text(first),
            columns=[*(in_language(option.text) for option in across.options), _("Svarede")],
            rows=[
                Row(
                    in_language(row.text),
                    [*(cell(row, column) for column in across.options), number(cross.rows.get(row.code, 0))],
                )
                for row in down.options
            ],
            last=[Row(_("Alle"), [*_whole(everybody, cross.both), number(cross.both)])],
        ),
        chart=Bars(
            [
                Group(
                    [
                        Bar(in_language(column.text), cross.per_cent(row.code, column.code), cell(row, column))
                        for column in across.options
                    ],
                    heading=in_language(row.text),
                )
                for row in down.options
            ],
            title=title,
            note=_joined(lead, note),
        ),
        lines=list(_cross_lines(first, second, cross, down, across)),
        empty=not cross.both,
    )


def pair_title(first: str, second: str) -> str:
    """Two questions in one heading."""
    return _("%(first)s – sammen med: %(second)s") % {"first": first, "second": second}


def funnel(rate: ResponseRate, *, note: str = "") -> Figure:
    """How many were asked, and how far they came."""
    whole = rate.whole
    lead = _rate(whole)
    steps = [(_step(step), whole.at_least(step), _of_asked(whole, step)) for step in rate.steps]
    every = rate.steps == tuple(Step)
    ways = [(_way(kind), funnel) for kind, funnel in rate.kinds.items()]
    return Figure(
        title=_("Fra spurgt til svar"),
        lead=lead,
        table=Table(
            corner=_("Hvor langt de kom"),
            columns=[_("Alle"), *(way for way, _funnel in ways)],
            rows=[
                Row(_step(step), [_of_asked(whole, step), *(_of_asked(funnel, step) for _way, funnel in ways)])
                for step in rate.steps
            ],
            last=[
                Row(
                    heading, [number(part.states.get(state, 0)) for part in (whole, *(funnel for _way, funnel in ways))]
                )
                for heading, state in (
                    (_("Sagde nej tak") if every else _("Sprang over"), InvitationState.DECLINED),
                    (
                        _("Åbnede det ikke inden for en uge") if every else _("Svarede ikke inden for en uge"),
                        InvitationState.EXPIRED,
                    ),
                )
            ],
        ),
        chart=charts.funnel(steps, title=_("Fra spurgt til svar"), note=_joined(lead, note)),
        lines=[
            ("step", "n", "per_cent_of_asked"),
            *((step.value, whole.at_least(step), _blank(whole.share(step))) for step in rate.steps),
        ],
        empty=not whole.asked,
    )


def by_week(rate: ResponseRate, weeks: Sequence[date], *, note: str = "") -> Figure:
    """The response rate of each week; the denominator is those who were asked in it."""
    parts = [(week, rate.weeks.get(week, Funnel({}))) for week in weeks]
    title = _("Svarprocent uge for uge")
    lead = _("Procent af dem, der blev spurgt i ugen.")
    turned_back = (InvitationState.DECLINED, InvitationState.EXPIRED)
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Uge, der begynder"),
            columns=[*(_step(step) for step in rate.steps), _("Svarprocent")],
            rows=[
                Row(
                    date_format(week, "j. b Y"),
                    [*(number(part.at_least(step)) for step in rate.steps), share(part.rate)],
                )
                for week, part in reversed(parts)
            ],
            last=[
                Row(_("I alt"), [*(number(rate.whole.at_least(step)) for step in rate.steps), share(rate.whole.rate)]),
            ],
        ),
        chart=Lines(
            labels=[date_format(week, "j. b") for week, _part in parts],
            series=[Series(_("Svarprocent"), [part.rate for _week, part in parts])],
            title=title,
            note=_joined(lead, note),
            most=100,
            unit=" %",
        ),
        lines=[
            ("week", *(step.value for step in rate.steps), *(state.value for state in turned_back), "response_rate"),
            *(
                (
                    f"{week:%Y-%m-%d}",
                    *(part.at_least(step) for step in rate.steps),
                    *(part.states.get(state, 0) for state in turned_back),
                    _blank(part.rate),
                )
                for week, part in parts
            ),
        ],
        empty=not rate.whole.asked,
    )


def _answered(tally: Tally) -> str:
    if tally.answered_per_cent is None:
        return _("Ingen har mødt spørgsmålet.")
    return _("%(answered)s svarede af %(asked)s, der blev spurgt (%(share)s).") % {
        "answered": number(tally.answered),
        "asked": number(tally.asked),
        "share": share(tally.answered_per_cent),
    }


def _rate(funnel: Funnel) -> str:
    if funnel.rate is None:
        return _("Ingen er spurgt endnu.")
    return _("%(answered)s svarede af %(asked)s, der blev spurgt: en svarprocent på %(rate)d.") % {
        "answered": number(funnel.answered),
        "asked": number(funnel.asked),
        "rate": funnel.rate,
    }


def _step(step: Step) -> str:
    return {
        Step.OFFERED: _("Blev spurgt"),
        Step.OPENED: _("Åbnede spørgeskemaet"),
        Step.BEGUN: _("Begyndte at svare"),
        Step.ANSWERED: _("Svarede, helt eller delvist"),
        Step.COMPLETE: _("Svarede på det hele"),
    }[step]


def _way(kind: InvitationKind) -> str:
    return str(kind.label)


def _of_asked(funnel: Funnel, step: Step) -> str:
    count = funnel.at_least(step)
    return number(count) if step is Step.OFFERED else count_and_share(count, funnel.share(step))


def _whole(counts: Sequence[int], both: int) -> list[str]:
    whole = Tally(codes=dict(enumerate(counts)), answered=both)
    return [count_and_share(count, whole.per_cent(place)) for place, count in enumerate(counts)]


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _blank(value: int | None) -> str | int:
    return "" if value is None else value


def _tally_lines(variable: Variable, tally: Tally, options: Sequence[tuple[Option, int, int | None]]) -> Iterator[Line]:
    yield ("variable", "code", "label", "n", "per_cent", "answered", "asked", "skipped", "not_asked", "dropped_out")
    rest = (tally.answered, tally.asked, tally.skipped, tally.not_asked, tally.dropped_out)
    for option, count, part in options:
        yield (variable.name, option.code, harmless(in_language(option.text)), count, _blank(part), *rest)
    if not options:
        yield (variable.name, "", "", "", "", *rest)


def _cross_lines(first: Variable, second: Variable, cross: Cross, down: Scale, across: Scale) -> Iterator[Line]:
    yield (
        *("row_variable", "row_code", "row_label", "column_variable", "column_code", "column_label"),
        *("n", "per_cent_of_row", "row_answered", "both_answered", "held_back"),
    )
    for row in down.options:
        for column in across.options:
            yield (
                *(first.name, row.code, harmless(in_language(row.text))),
                *(second.name, column.code, harmless(in_language(column.text))),
                _blank(cross.count(row.code, column.code)),
                _blank(cross.per_cent(row.code, column.code)),
                cross.rows.get(row.code, 0),
                cross.both,
                int((row.code, column.code) in cross.held),
            )
