"""Economy: what practices were paid, what else it cost, and at which rates."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from monitoring.money import in_kroner
from vdx.reports import words
from vdx.reports.data import Data
from vdx.reports.document import Block, Chapter, Paragraph, Points, Section, Table
from vdx.reports.words import number


def chapter(data: Data) -> Chapter:
    """Honoraria, costs and rates."""
    totals = data.totals
    blocks: list[Block] = [
        Section(_("Honorarer")),
        Points(
            [
                _("Honorarer i perioden: {amount} kr.").format(amount=in_kroner(int(totals["fees_ore"]))),
                _("Andre udgifter i perioden: {amount} kr.").format(amount=in_kroner(int(totals["costs_ore"]))),
            ]
        ),
        Paragraph(
            _(
                "Honorarerne er regnet ud fra opkaldene og de takster, der gælder for praksis i regionen på dagen. "
                "Hvor der ikke er nogen aftale, er beløbet 0. Ved opstart er antallet de praksis, der får "
                "opstartshonorar."
            )
        ),
        Paragraph(
            _(
                "Et opkald, der ikke lykkedes, er her talt som ikke gennemført. Blandt videokonsultationer og "
                "videokonferencer i de andre tabeller er det talt med, hvis mindst to enheder var med samtidig."
            )
        ),
        Table(
            "fees",
            _("Honorarer efter region"),
            [_("Region"), _("Ydelse"), _("Antal"), _("Kroner")],
            [
                [words.region(str(region)), words.paid(str(kind)), number(calls), in_kroner(int(amount))]
                for region, kind, calls, amount in data.tables["fees"][1:]
            ],
            texts=2,
        ),
        Section(_("Andre udgifter")),
    ]
    if data.costs:
        blocks.append(
            Table(
                "table7_costs",
                _("Tabel 7. Udgifter"),
                [_("Region"), _("Hvad"), _("Antal"), _("Enhed"), _("Kroner")],
                [
                    [
                        words.region(line.region),
                        line.item,
                        str(number_format(line.quantity.normalize(), use_l10n=True)),
                        line.unit,
                        in_kroner(line.amount_ore),
                    ]
                    for line in data.costs
                ],
                texts=2,
            )
        )
    else:
        blocks.append(Paragraph(_("Der er ikke skrevet nogen udgifter ind for perioden.")))
    blocks.append(Section(_("Takster")))
    if data.rates:
        blocks.append(
            Table(
                "table8_rates",
                _("Tabel 8. Takster"),
                [_("Region"), _("Praksis"), _("Ydelse"), _("Regel"), _("Kroner"), _("Gælder fra")],
                [
                    [
                        words.region(rate.region),
                        words.practice_kind(rate.practice_kind),
                        words.paid(rate.kind),
                        words.rule(rate),
                        in_kroner(rate.amount),
                        words.day(rate.valid_from),
                    ]
                    for rate in data.rates
                ],
                texts=4,
            )
        )
    else:
        blocks.append(Paragraph(_("Der gælder ingen takster i perioden.")))
    return Chapter(_("Økonomi"), blocks)
