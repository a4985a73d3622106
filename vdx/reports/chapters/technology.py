"""Health problem and technology: what it is about, and how much it was used."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vdx.reports.chapters import shown
from vdx.reports.chapters.summary import few_calls
from vdx.reports.data import Data
from vdx.reports.document import Block, Caveat, Chapter, Paragraph, Points, Section
from vdx.reports.words import FEW, average_minutes, cautious, number, part_of


def chapter(data: Data) -> Chapter:
    """What video consultations are, and the calls of the period."""
    tables = data.tables
    blocks: list[Block] = [
        Section(_("Hvad det handler om")),
        Paragraph(
            _(
                "Patienten taler med sin læge på video i stedet for at møde op. Hvert møde får sit eget rum, og "
                "patienten åbner et link i en browser uden at installere noget og uden at logge på. Lægen lukker "
                "ind og kan se alle, der er med."
            )
        ),
        Section(_("Opkald")),
        *_said(data),
        shown.regions_chart(
            tables["table3_consultations"], "table3_consultations", _("Videokonsultationer måned for måned")
        ),
        *shown.by_month(tables["table3_consultations"], "table3_consultations", _("Tabel 3. Videokonsultationer")),
        *shown.by_month(tables["table4_conferences"], "table4_conferences", _("Tabel 4. Videokonferencer")),
        *shown.by_month(tables["table5_app_calls"], "table5_app_calls", _("Tabel 5. Opkald gennem Min Læge")),
        Section(_("Varighed")),
        *_lasted(data),
        shown.month_chart(
            tables["figure4_long_calls"], "figure4_long_calls", _("Figur 4. Opkald på over 5 minutter"), _("Opkald")
        ),
        shown.two_columns(
            tables["figure4_long_calls"],
            "figure4_long_calls",
            _("Figur 4. Opkald på over 5 minutter"),
            [_("Måned"), _("Opkald")],
            months=True,
        ),
        *shown.minutes(tables["minutes"], "consultation", _("Minutter i videokonsultationer")),
        *shown.minutes(tables["minutes"], "conference", _("Minutter i videokonferencer")),
    ]
    return Chapter(_("Helbredsproblem og teknologi"), blocks)


def _said(data: Data) -> list[Block]:
    totals, calls = data.totals, data.total("calls")
    if not calls:
        return [Paragraph(_("Der blev ikke holdt nogen opkald i perioden."))]
    lines = [
        _("Videokonsultationer: {count}. Videokonferencer: {others}. I alt {calls} opkald.").format(
            count=number(totals["consultations"]), others=number(totals["conferences"]), calls=number(calls)
        ),
        _("Straks-møder: {share} af opkaldene.").format(
            share=part_of(data.total("instant_meetings"), calls, totals["instant_meetings_percent"])
        ),
    ]
    consultations = data.total("consultations")
    if consultations:
        through_app = ngettext(
            "Opkald gennem Min Læge: {part}, mod {whole} videokonsultation ({percent} %).",
            "Opkald gennem Min Læge: {part}, mod {whole} videokonsultationer ({percent} %).",
            consultations,
        ).format(part=number(totals["app_calls"]), whole=number(consultations), percent=totals["app_calls_percent"])
        lines.append(cautious(through_app, consultations))
    said: list[Block] = [Points(lines)]
    if calls < FEW:
        said.append(
            Caveat(_("Der er under {few} opkald i perioden. Tag andele og gennemsnit med forbehold.").format(few=FEW))
        )
    return said


def _lasted(data: Data) -> list[Block]:
    totals = data.totals
    lines = []
    for kind, sentence in (
        ("consultation", _("Videokonsultationer: i alt {minutes} minutter, i gennemsnit {average}.")),
        ("conference", _("Videokonferencer: i alt {minutes} minutter, i gennemsnit {average}.")),
    ):
        calls = data.total(f"{kind}s")
        if calls:
            average = average_minutes(data.total(f"{kind}_seconds"), calls)
            lines.append(sentence.format(minutes=number(totals[f"{kind}_minutes"]), average=average))
    if not lines:
        return []
    lines.append(
        cautious(
            _("Opkald på over 5 minutter: {share}.").format(
                share=part_of(data.total("long_calls"), data.total("calls"), totals["long_calls_percent"])
            ),
            data.total("calls"),
        )
    )
    said: list[Block] = [Points(lines)]
    for kind in ("consultation", "conference"):
        said += [Caveat(caveat) for caveat in few_calls(kind, data.total(f"{kind}s"))]
    return said
