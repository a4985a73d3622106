"""The statistics as pages and as a file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from monitoring import access, queries, services
from monitoring.access import Scope
from monitoring.forms import PeriodForm
from monitoring.queries import Report
from monitoring.rules.export import HEADER, export_rows
from monitoring.rules.statistics import Measure, Tally
from vdx.accounts import queries as accounts_queries
from vdx.accounts.access import require_roles
from vdx.lib import clock
from vdx.lib.errors import InvalidInput


@dataclass(frozen=True)
class Row:
    """A line of a table: its heading, perhaps with a link, and the numbers."""

    heading: str
    numbers: list[str]
    url: str = ""
    group: str = ""


@dataclass(frozen=True)
class Table:
    """A table with totals below, and beside where the columns are months."""

    key: str
    title: str
    corner: str
    columns: list[str]
    rows: list[Row]
    totals: Row
    note: str = ""


@require_GET
@require_roles()
def statistics(request: HttpRequest) -> HttpResponse:
    """Everything that the person may see, by month, region and practice."""
    user: Any = request.user
    scope = access.statistics_scope(user)
    form, report, period = _report(request, scope)
    context = {
        "form": form,
        "lead": _lead(report),
        "tiles": _tiles(report.numbers.total),
        "by_month": _by_month(report),
        # With one region the table of months has told it all.
        "by_region": [_by_region(report, measure) for measure in Measure] if len(report.regions) > 1 else [],
        "by_practice": _by_practice(report, scope, period),
        "csv_url": f"{reverse('monitoring:statistics_csv')}?{period}",
        "by_cause": _by_cause(queries.causes(organisation_ids=scope.organisation_ids, **_months(report))),
        "causes_url": f"{reverse('monitoring:causes_csv')}?{period}",
        "empty": not report.numbers.by_practice,
    }
    return render(request, "monitoring/statistics.html", context)


@require_GET
@require_roles()
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice and what lies below it, month by month."""
    user: Any = request.user
    scope = access.statistics_scope(user)
    organisation = access.organisation_in(scope, pk)
    below = accounts_queries.descendant_ids([pk])
    form, report, period = _report(request, Scope(frozenset(filter(scope.includes, below))))
    context = {
        "form": form,
        "organisation": organisation,
        "lead": _lead(report),
        # One practice is active or not: the table says so month by month.
        "tiles": _tiles(report.numbers.total)[:-1],
        "by_month": _by_month(report),
        "back_url": f"{reverse('monitoring:statistics')}?{period}",
    }
    return render(request, "monitoring/practice.html", context)


@require_GET
@require_roles()
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """One line a month and practice, as a file for a spreadsheet or a program."""
    user: Any = request.user
    scope = access.statistics_scope(user)
    form, report, _period = _report(request, scope)
    if not form.is_valid():
        raise InvalidInput(_("Perioden kan ikke bruges. Gå tilbage, og vælg en anden."))
    first, last = report.months[0], report.months[-1]
    services.note_download(actor=user, first=first, last=last, practice_count=len(report.practices))
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="vdx-statistik-{first:%Y-%m}-{last:%Y-%m}.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(HEADER)
    names = {pk: (place.code, place.name) for pk, place in report.places.items()}
    writer.writerows(export_rows(report.numbers, names=names))
    return response


@require_GET
@require_roles()
def causes_csv(request: HttpRequest) -> HttpResponse:
    """What calls failed or went poorly by, one line a cause, as a file for a spreadsheet or a program."""
    user: Any = request.user
    scope = access.statistics_scope(user)
    form, report, _period = _report(request, scope)
    if not form.is_valid():
        raise InvalidInput(_("Perioden kan ikke bruges. Gå tilbage, og vælg en anden."))
    first, last = report.months[0], report.months[-1]
    services.note_download(actor=user, first=first, last=last, practice_count=len(report.practices))
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="vdx-aarsager-{first:%Y-%m}-{last:%Y-%m}.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(("cause", "failed", "poor"))
    for count in queries.causes(organisation_ids=scope.organisation_ids, **_months(report)):
        writer.writerow((count.cause.value, count.failed, count.poor))
    return response


def _months(report: Report) -> dict[str, date]:
    return {"first": report.months[0], "last": report.months[-1]}


def _by_cause(counts: list[queries.CauseCount]) -> Table | None:
    """Nothing where no call failed or went poorly."""

    def shown(*numbers: int) -> list[str]:
        return [str(number_format(number, use_l10n=True, force_grouping=True)) for number in (*numbers, sum(numbers))]

    if not counts:
        return None
    return Table(
        key="aarsag",
        title=_("Når det ikke gik godt"),
        corner=_("Sandsynlig årsag"),
        columns=[_("Mislykkedes"), _("Gik dårligt"), _("I alt")],
        rows=[Row(capfirst(str(count.cause.label)), shown(count.failed, count.poor)) for count in counts],
        totals=Row(_("I alt"), shown(sum(c.failed for c in counts), sum(c.poor for c in counts))),
        note=_("Systemet har gættet årsagen ud fra det, som enhederne og serveren så. Prøveopkald er ikke med."),
    )


def _report(request: HttpRequest, scope: Scope) -> tuple[PeriodForm, Report, str]:
    today = clock.local_date(clock.now())
    earliest = queries.earliest_month(organisation_ids=scope.organisation_ids)
    form = PeriodForm(request.GET.dict(), earliest=earliest, today=today)
    first, last = form.period()
    report = queries.statistics(organisation_ids=scope.organisation_ids, first=first, last=last)
    return form, report, urlencode({"fra": f"{first:%Y-%m}", "til": f"{last:%Y-%m}"})


def _label(measure: Measure) -> str:
    return {
        Measure.CONSULTATIONS: _("Konsultationer"),
        Measure.CONSULTATION_MINUTES: _("Minutter i konsultationer"),
        Measure.CONFERENCES: _("Konferencer"),
        Measure.CONFERENCE_MINUTES: _("Minutter i konferencer"),
        Measure.INSTANT: _("Straks-møder"),
        Measure.ACTIVE: _("Aktive praksis"),
    }[measure]


def _note(measure: Measure) -> str:
    if measure in {Measure.CONSULTATION_MINUTES, Measure.CONFERENCE_MINUTES}:
        return _("Tiden er lagt sammen i sekunder og først derefter skåret ned til hele minutter.")
    if measure is Measure.ACTIVE:
        return _("I alt tæller hver praksis kun én gang, også når den var med i flere måneder.")
    return ""


def _shown(tally: Tally, measure: Measure) -> str:
    return str(number_format(tally.value(measure), use_l10n=True, force_grouping=True))


def _numbers(tally: Tally) -> list[str]:
    return [_shown(tally, measure) for measure in Measure]


def _tiles(total: Tally) -> list[dict[str, str]]:
    def tile(measure: Measure, minutes: Measure | None = None) -> dict[str, str]:
        text = "" if minutes is None else _("%(number)s minutter") % {"number": _shown(total, minutes)}
        return {"label": _label(measure), "number": _shown(total, measure), "text": text}

    return [
        tile(Measure.CONSULTATIONS, Measure.CONSULTATION_MINUTES),
        tile(Measure.CONFERENCES, Measure.CONFERENCE_MINUTES),
        tile(Measure.INSTANT),
        tile(Measure.ACTIVE),
    ]


def _lead(report: Report) -> str:
    first, last = (date_format(month, "F Y") for month in (report.months[0], report.months[-1]))
    if first == last:
        return _("Videosamtaler i %(month)s.") % {"month": first}
    return _("Videosamtaler fra %(first)s til %(last)s.") % {"first": first, "last": last}


def _by_month(report: Report) -> Table:
    return Table(
        key="maaned",
        title=_("Måned for måned"),
        corner=_("Måned"),
        columns=[_label(measure) for measure in Measure],
        rows=[
            Row(date_format(month, "F Y"), _numbers(report.numbers.by_month.get(month, Tally())))
            for month in report.months
        ],
        totals=Row(_("I alt"), _numbers(report.numbers.total)),
    )


def _by_region(report: Report, measure: Measure) -> Table:
    def line(heading: str, tallies: list[Tally], total: Tally) -> Row:
        return Row(heading, [_shown(tally, measure) for tally in (*tallies, total)])

    return Table(
        key=measure.value.replace("_", "-"),
        title=_label(measure),
        corner=_("Region"),
        columns=[*(_short_month(month) for month in report.months), _("I alt")],
        rows=[
            line(
                _region_name(report, region),
                [report.tally(region=region, month=month) for month in report.months],
                report.numbers.by_region.get(region, Tally()),
            )
            for region in report.regions
        ],
        totals=line(
            _("I alt"),
            [report.numbers.by_month.get(month, Tally()) for month in report.months],
            report.numbers.total,
        ),
        note=_note(measure),
    )


def _by_practice(report: Report, scope: Scope, period: str) -> Table:
    measures = [measure for measure in Measure if measure is not Measure.ACTIVE]

    def numbers(tally: Tally) -> list[str]:
        return [_shown(tally, measure) for measure in measures]

    return Table(
        key="praksis",
        title=_("Praksis for praksis"),
        corner=_("Praksis"),
        columns=[_label(measure) for measure in measures],
        rows=[
            Row(
                heading=report.places[pk].name,
                numbers=numbers(report.numbers.by_practice[region, pk]),
                # A unit's doctor sees the unit's calls under the practice's name, but not the practice's own.
                url=f"{reverse('monitoring:practice', args=[pk])}?{period}" if scope.includes(pk) else "",
                group=_region_name(report, region),
            )
            for region, pk in report.practices
        ],
        totals=Row(_("I alt"), numbers(report.numbers.total)),
    )


def _region_name(report: Report, region: int | None) -> str:
    return _("Uden region") if region is None else report.places[region].name


def _short_month(month: date) -> str:
    return date_format(month, "b y")
