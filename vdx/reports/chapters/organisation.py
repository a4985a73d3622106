"""Organisation and doctors: the practices, and the doctors' postcard."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vdx.reports import surveys, words
from vdx.reports.chapters import questions, shown
from vdx.reports.chapters.summary import few_answered
from vdx.reports.data import Data
from vdx.reports.document import Block, Caveat, Chapter, Paragraph, Points, Section, Table
from vdx.reports.pictures import compared
from vdx.reports.words import FEW, number


def chapter(data: Data) -> Chapter:
    """Who took part, how much each used it, and what the doctors said."""
    return Chapter(_("Organisation og læger"), [*_practices(data), *_instant(data), *_postcards(data)])


def _practices(data: Data) -> list[Block]:
    totals, tables = data.totals, data.tables
    lines = [
        _("Tilmeldte praksis ved periodens slutning: {count}.").format(count=number(totals["practices_signed_up"])),
        _("Praksis med mindst ét opkald i perioden: {count}.").format(count=number(totals["practices_active"])),
    ]
    if totals["practices_active"]:
        lines.append(
            _("Opkald i gennemsnit for hver af dem: {count}.").format(count=number(totals["calls_per_active_practice"]))
        )
    blocks: list[Block] = [Section(pgettext("plural", "Praksis")), Points(lines)]
    if 0 < data.total("practices_signed_up") < FEW:
        blocks.append(Caveat(_("Der er under {few} praksis. Tag andele og gennemsnit med forbehold.").format(few=FEW)))
    by_region = tables["table6_by_region"]
    header = [
        _("Region"),
        _("Aktive almene"),
        _("Aktive speciallæger"),
        _("Konsultationer"),
        _("Konferencer"),
        _("I alt"),
        _("Gennemsnit for hver aktiv"),
    ]
    rows = [[words.region(str(row[0])), *map(number, row[1:])] for row in by_region[1:]]
    title = _("Tabel 6. Brug i regionerne")
    return [
        *blocks,
        shown.regions_chart(tables["table1_signed_up"], "table1_signed_up", _("Tilmeldte praksis måned for måned")),
        *shown.by_month(
            tables["table1_signed_up"], "table1_signed_up", _("Tabel 1. Tilmeldte praksis ved månedens slutning")
        ),
        *shown.by_month(tables["table2_active_practices"], "table2_active_practices", _("Tabel 2. Aktive praksis")),
        compared(
            "table6_by_region",
            _("Opkald i regionerne"),
            [(words.region(str(row[0])), int(row[5])) for row in by_region[1:-1]],
        ),
        Table("table6_by_region", title, header, rows, total=True),
        *_caveat([int(row[1]) + int(row[2]) for row in by_region[1:-1]]),
    ]


def _caveat(active: list[int]) -> list[Block]:
    if not any(0 < count < FEW for count in active):
        return []
    return [
        Caveat(_("Gennemsnit for regioner med under {few} aktive praksis skal tages med forbehold.").format(few=FEW))
    ]


def _instant(data: Data) -> list[Block]:
    rows = data.tables["figure7_instant_meetings"]
    title = _("Figur 7. Straks-møder")
    line = _("Straks-møder i alt: {count}. Et straks-møde begynder højst 2 minutter efter, at det er oprettet.").format(
        count=number(data.total("instant_meetings"))
    )
    return [
        Section(_("Straks-møder")),
        Paragraph(line),
        compared("figure7_instant_meetings", title, [(words.region(str(row[0])), int(row[1])) for row in rows[1:]]),
        shown.two_columns(rows, "figure7_instant_meetings", title, [_("Region"), _("Straks-møder")], months=False),
    ]


def _postcards(data: Data) -> list[Block]:
    answers = data.postcards
    shares = {str(row[0]): row for row in data.tables["response_rates"]}
    blocks: list[Block] = [
        Section(_("Lægernes postkort")),
        Points(
            [
                _("Postkort: {count}.").format(count=number(answers.counted)),
                *questions.rate(
                    _("Postkort set i forhold til alle talte opkald: {share}."),
                    answers.counted,
                    data.total("calls"),
                    shares["postcards_of_counted_calls"][3],
                ),
                *questions.kept(answers),
            ]
        ),
        Paragraph(
            _(
                "Postkortene er anonyme og kan ikke føres tilbage til en praksis. De to udgaver, den nationale og "
                "Region Syddanmarks, er talt sammen. Syddanmarks udgave spørger med andre ord om tiden og spørger "
                "ikke, hvad samtalen trådte i stedet for."
            )
        ),
    ]
    if answers.counted:
        blocks.append(Paragraph(questions.whose()))
    few = few_answered(answers.counted)
    if few:
        blocks.append(Caveat(few))
    if not answers.counted:
        return [*blocks, Paragraph(_("Der kom ingen postkort i perioden."))]
    for asked in answers.questions:
        blocks += questions.question(surveys.POSTCARDS, asked, chart=True)
    for crossed in answers.crossed:
        blocks += questions.together(surveys.POSTCARDS, crossed)
    return blocks
