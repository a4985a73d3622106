"""How meetings ended, and what those that did not go well failed by."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from booking.enums import Outcome
from monitoring.figures.looked import Looked, count_and_share, joined, number
from monitoring.queries.statistics import causes_of
from vdx.lib.charts import Bar, Bars, Group, bars
from vdx.lib.figures import Figure, Row, Table


def outcomes(looked: Looked) -> Figure:
    """How the meetings of the period ended."""
    counts = looked.counts("outcome")
    whole = counts.total()
    found = [(outcome, counts[outcome.value]) for outcome in Outcome if counts[outcome.value]]
    title = _("Hvordan møderne endte")
    held = counts[Outcome.CARRIED_OUT.value] + counts[Outcome.SOUND_ONLY.value]
    lead = _("%(held)s af de møder, der har et udfald, blev gennemført.") % {"held": count_and_share(held, whole)}
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Udfald"),
            columns=[_("Antal og andel")],
            rows=[Row(str(outcome.label), [count_and_share(count, whole)]) for outcome, count in found],
            last=[Row(_("I alt"), [number(whole)])],
        ),
        chart=bars(
            [Bar(str(outcome.label), count, count_and_share(count, whole)) for outcome, count in found],
            title=title,
            note=joined(lead, looked.note),
            most=whole or 1,
        ),
        lines=[("outcome", "n"), *((outcome.value, count) for outcome, count in found)],
        note=_("Et møde, som ingen kom til, hører til den måned, det var booket til."),
        empty=not whole,
    )


def causes(looked: Looked) -> Figure:
    """The likeliest causes of what failed or went poorly, the commonest first."""
    counts = causes_of(looked.words)
    failed, poor = sum(count.failed for count in counts), sum(count.poor for count in counts)
    title = _("Når det ikke gik godt")
    lead = _("%(failed)s mislykkedes, og %(poor)s gik dårligt.") % {"failed": number(failed), "poor": number(poor)}
    most = max([max(count.failed, count.poor) for count in counts], default=0)
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Sandsynlig årsag"),
            columns=[_("Mislykkedes"), _("Gik dårligt"), _("I alt")],
            rows=[
                Row(
                    capfirst(str(count.cause.label)),
                    [number(count.failed), number(count.poor), number(count.failed + count.poor)],
                )
                for count in counts
            ],
            last=[Row(_("I alt"), [number(failed), number(poor), number(failed + poor)])],
        ),
        chart=Bars(
            [
                Group(
                    [
                        Bar(_("Mislykkedes"), count.failed, number(count.failed)),
                        Bar(_("Gik dårligt"), count.poor, number(count.poor)),
                    ],
                    heading=capfirst(str(count.cause.label)),
                )
                for count in counts
            ],
            title=title,
            note=joined(lead, looked.note),
            most=most or 1,
        ),
        lines=[("cause", "failed", "poor"), *((count.cause.value, count.failed, count.poor) for count in counts)],
        note=_("Systemet har gættet årsagen ud fra det, som enhederne og serveren så. Prøveopkald er ikke med."),
        empty=not counts,
    )
