"""How many calls were held, how long they took, and of what sort they were."""

from __future__ import annotations

from django.utils.translation import gettext as _

from monitoring.figures.looked import Looked, joined, minutes, month_name, number, share
from monitoring.rules.evaluation import percent
from monitoring.rules.regions import short_name
from monitoring.rules.statistics import Measure, Tally
from monitoring.wording import measure_label
from vdx.lib.charts import Bar, Bars, Group, Lines, Series
from vdx.lib.figures import Figure, Row, Table, short_month

_HEADER = [measure.value for measure in Measure]


def by_month(looked: Looked) -> Figure:
    """Consultations and conferences, month by month."""
    report = looked.report
    total = report.numbers.total
    tallies = [(month, report.numbers.by_month.get(month, Tally())) for month in report.months]
    title = _("Måned for måned")
    lead = _("%(consultations)s konsultationer og %(conferences)s konferencer, i alt %(minutes)s minutter.") % {
        "consultations": number(total.consultations),
        "conferences": number(total.conferences),
        "minutes": number(total.seconds // 60),
    }
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Måned"),
            columns=[measure_label(measure) for measure in Measure],
            rows=[Row(month_name(month), _measures(tally), looked.month_url(month)) for month, tally in tallies],
            last=[Row(_("I alt"), _measures(total))],
        ),
        chart=Lines(
            labels=[short_month(month) for month in report.months],
            series=[
                Series(_("Konsultationer"), [tally.consultations for _month, tally in tallies]),
                Series(_("Konferencer"), [tally.conferences for _month, tally in tallies]),
            ],
            title=title,
            note=joined(lead, looked.note),
        ),
        lines=[
            ["month", *_HEADER, "consultation_seconds", "conference_seconds"],
            *(
                [f"{month:%Y-%m}", *_values(tally), tally.consultation_seconds, tally.conference_seconds]
                for month, tally in tallies
            ),
        ],
        note=_("I alt tæller hver praksis kun én gang, også når den var med i flere måneder."),
        empty=not total.calls,
    )


def lengths(looked: Looked) -> Figure:
    """How long they took on average."""
    report = looked.report
    total = report.numbers.total
    tallies = [(month, report.numbers.by_month.get(month, Tally())) for month in report.months]
    title = _("Hvor længe samtalerne varer")
    lead = _("En samtale varede i gennemsnit %(minutes)s minutter. %(share)s varede over fem minutter.") % {
        "minutes": minutes(total.seconds, total.calls),
        "share": share(total.long_calls, total.calls),
    }

    def cells(tally: Tally) -> list[str]:
        return [
            minutes(tally.consultation_seconds, tally.consultations),
            minutes(tally.conference_seconds, tally.conferences),
            number(tally.long_calls),
        ]

    def average(seconds: int, calls: int) -> float | None:
        return seconds / calls / 60 if calls else None

    return Figure(
        title=title,
        lead=lead if total.calls else "",
        table=Table(
            corner=_("Måned"),
            columns=[_("Minutter pr. konsultation"), _("Minutter pr. konference"), _("Over fem minutter")],
            rows=[Row(month_name(month), cells(tally)) for month, tally in tallies],
            last=[Row(_("I alt"), cells(total))],
        ),
        chart=Lines(
            labels=[short_month(month) for month in report.months],
            series=[
                Series(
                    _("Minutter pr. konsultation"),
                    [average(tally.consultation_seconds, tally.consultations) for _month, tally in tallies],
                ),
                Series(
                    _("Minutter pr. konference"),
                    [average(tally.conference_seconds, tally.conferences) for _month, tally in tallies],
                ),
            ],
            title=title,
            note=joined(lead, looked.note),
        ),
        lines=[
            (
                "month",
                "consultations",
                "consultation_seconds",
                "conferences",
                "conference_seconds",
                "over_five_minutes",
            ),
            *(
                (
                    f"{month:%Y-%m}",
                    tally.consultations,
                    tally.consultation_seconds,
                    tally.conferences,
                    tally.conference_seconds,
                    tally.long_calls,
                )
                for month, tally in tallies
            ),
        ],
        empty=not total.calls,
    )


def shares(looked: Looked) -> Figure:
    """How many were straks meetings, came by the app, or went poorly."""
    report = looked.report
    total = report.numbers.total
    tallies = [(month, report.numbers.by_month.get(month, Tally())) for month in report.months]
    title = _("Straks-møder, app og dårlige samtaler")
    lead = _(
        "%(instant)s af samtalerne var straks-møder, og %(poor)s gik dårligt. "
        "%(app)s enheder kom ind gennem en app, eller %(per)s for hver 100 konsultationer."
    ) % {
        "instant": share(total.instant_meetings, total.calls),
        "poor": share(total.poor_calls, total.calls),
        "app": number(total.app_calls),
        "per": number(percent(total.app_calls, total.consultations) or 0),
    }

    def cells(tally: Tally) -> list[str]:
        return [
            number(tally.instant_meetings),
            share(tally.instant_meetings, tally.calls),
            number(tally.app_calls),
            share(tally.app_calls, tally.consultations),
            number(tally.poor_calls),
            share(tally.poor_calls, tally.calls),
        ]

    columns = [
        *(_("Straks-møder"), _("Straks-møder af samtalerne")),
        *(_("Enheder i app"), _("Enheder i app for hver konsultation")),
        *(_("Dårlige samtaler"), _("Dårlige af samtalerne")),
    ]
    return Figure(
        title=title,
        lead=lead if total.calls else "",
        table=Table(
            corner=_("Måned"),
            columns=columns,
            rows=[Row(month_name(month), cells(tally)) for month, tally in tallies],
            last=[Row(_("I alt"), cells(total))],
        ),
        chart=Lines(
            labels=[short_month(month) for month in report.months],
            series=[
                Series(columns[1], [percent(tally.instant_meetings, tally.calls) for _month, tally in tallies]),
                Series(columns[3], [percent(tally.app_calls, tally.consultations) for _month, tally in tallies]),
                Series(columns[5], [percent(tally.poor_calls, tally.calls) for _month, tally in tallies]),
            ],
            title=title,
            note=joined(lead, looked.note),
            unit=" %",
        ),
        lines=[
            ("month", "calls", "consultations", "instant_meetings", "app_devices", "poor_calls"),
            *(
                (
                    f"{month:%Y-%m}",
                    tally.calls,
                    tally.consultations,
                    tally.instant_meetings,
                    tally.app_calls,
                    tally.poor_calls,
                )
                for month, tally in tallies
            ),
        ],
        note=_("En enhed i app tæller også, når ingen andre kom til det bookede møde."),
        empty=not (total.calls or total.app_calls),
    )


def by_region(looked: Looked) -> Figure:
    """What each region came to in the whole period."""
    report = looked.report
    total = report.numbers.total
    tallies = [(region, report.numbers.by_region.get(region, Tally())) for region in report.regions]
    title = _("Region for region")
    lead = _("Samtaler i hele perioden. En praksis tæller i den region, den hørte til den dag.")

    def name(region: int | None) -> str:
        return _("Uden region") if region is None else report.places[region].name

    most = max([max(tally.consultations, tally.conferences) for _region, tally in tallies], default=0)
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Region"),
            columns=[measure_label(measure) for measure in Measure],
            rows=[Row(name(region), _measures(tally)) for region, tally in tallies],
            last=[Row(_("I alt"), _measures(total))],
        ),
        chart=Bars(
            [
                Group(
                    [
                        Bar(_("Konsultationer"), tally.consultations, number(tally.consultations)),
                        Bar(_("Konferencer"), tally.conferences, number(tally.conferences)),
                    ],
                    heading=short_name(name(region)),
                )
                for region, tally in tallies
            ],
            title=title,
            note=joined(lead, looked.note),
            most=most or 1,
        ),
        lines=[
            ["region_code", "region_name", *_HEADER],
            *(
                [
                    "" if region is None else report.places[region].code,
                    "" if region is None else report.places[region].name,
                    *_values(tally),
                ]
                for region, tally in tallies
            ),
        ],
        empty=not total.calls,
    )


def _values(tally: Tally) -> list[str | int]:
    return [tally.value(measure) for measure in Measure]


def _measures(tally: Tally) -> list[str]:
    return [number(tally.value(measure)) for measure in Measure]
