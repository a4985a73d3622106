"""Safety and uptime: whether the service was there, and whether the calls could be carried out."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from monitoring.rules.uptime import TARGET
from vdx.reports.chapters import shown
from vdx.reports.chapters.summary import first_answer
from vdx.reports.data import Data
from vdx.reports.document import Block, Caveat, Chapter, Paragraph, Points, Section, Table
from vdx.reports.pictures import months
from vdx.reports.words import FEW, cautious, number, share


def chapter(data: Data) -> Chapter:
    """Uptime, capacity, and what doctors and patients said of picture and sound."""
    peaks = data.tables["figure5_peak_simultaneous"]
    title = _("Figur 5. Flest opkald på samme tid")
    blocks: list[Block] = [
        Section(_("Oppetid")),
        *_uptime(data),
        Section(_("Samtidige opkald")),
        Paragraph(
            _("Flest opkald på samme tid i perioden: {calls}.").format(calls=number(data.total("peak_simultaneous")))
        ),
        shown.month_chart(peaks, "figure5_peak_simultaneous", title, _("Opkald")),
        shown.two_columns(
            peaks, "figure5_peak_simultaneous", title, [_("Måned"), _("Opkald på samme tid")], months=True
        ),
        *_quality(data),
    ]
    return Chapter(_("Sikkerhed og oppetid"), blocks)


def _uptime(data: Data) -> list[Block]:
    totals, rows = data.totals, data.tables["figure6_uptime"]
    expected, succeeded = data.total("probes"), data.total("probes_succeeded")
    title = _("Figur 6. Oppetid")
    table = Table(
        "figure6_uptime",
        title,
        [_("Måned"), _("Oppetid"), _("Målinger")],
        [[shown.month_of(month), share(percent), number(probes)] for month, percent, probes in rows[1:]],
    )
    if not expected:
        return [Paragraph(_("Der er ingen målinger af oppetiden i perioden.")), table]
    met = 1000 * succeeded >= round(10 * TARGET) * expected
    target = number_format(TARGET, decimal_pos=1, use_l10n=True)
    lines = [
        cautious(
            _("Målinger, hvor hele tjenesten blev brugt: {succeeded} af {expected} lykkedes ({share}).").format(
                succeeded=number(succeeded), expected=number(expected), share=share(totals["uptime_percent"])
            ),
            expected,
        ),
        _("Mislykkede målinger: {failed}. Manglende målinger, nedetid af ukendt årsag: {missing}.").format(
            failed=number(totals["probes_failed"]), missing=number(totals["probes_missing"])
        ),
        (_("Målet på {target} % er nået.") if met else _("Målet på {target} % er ikke nået.")).format(target=target),
    ]
    said: list[Block] = [Points(lines)]
    if any(0 < int(row[2]) < FEW for row in rows[1:]):
        said.append(Caveat(_("Måneder med under {few} målinger skal tages med forbehold.").format(few=FEW)))
    labels = [shown.month_of(row[0]) for row in rows[1:]]
    found = [None if row[1] == "" else int(row[1]) for row in rows[1:]]
    lines_of: dict[str, list[int | None] | list[float]] = {
        _("Oppetid"): found,
        _("Mål: {target} %").format(target=target): [TARGET] * len(labels),
    }
    # What matters lies near the top: the scale begins below the worst month, and in tens.
    least = min([90, *(percent // 10 * 10 for percent in found if percent is not None)])
    return [
        *said,
        months("figure6_uptime", title, labels, lines_of, unit=" %", most=100, least=least),
        table,
    ]


def _quality(data: Data) -> list[Block]:
    asked = [
        (data.postcards, "carried_out", _("Lægerne: {question} {answer}: {share}.")),
        (data.postcards, "picture", _("Lægerne: {question} {answer}: {share}.")),
        (data.postcards, "sound", _("Lægerne: {question} {answer}: {share}.")),
        (data.patients, "picture", _("Patienterne: {question} {answer}: {share}.")),
        (data.patients, "sound", _("Patienterne: {question} {answer}: {share}.")),
        (data.patients, "other_problems", _("Patienterne: {question} {answer}: {share}.")),
    ]
    lines = [line for line in (first_answer(*each) for each in asked) if line]
    return [Section(_("Lyd, billede og gennemførte samtaler")), Points(lines)] if lines else []
