"""The statistics as pages, pictures and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from monitoring import services
from monitoring.figures import FIGURES
from monitoring.figures.looked import minutes, number, share
from monitoring.figures.quality import Means
from monitoring.queries import Report
from monitoring.rules.edges import PICTURES, WAITS
from monitoring.rules.export import HEADER, export_rows
from monitoring.rules.statistics import Measure, Tally
from monitoring.services.download import note_figure_download
from monitoring.views.looking import Look, look, period_words, refuse_what_cannot_be, words
from monitoring.wording import measure_label
from vdx.accounts.access import require_roles
from vdx.lib import figures
from vdx.lib.errors import NotFound
from vdx.lib.figures import Figure, short_month

#: Practices on one page.
PAGE = 100


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
    seen = look(request)
    report = seen.looked.report
    context = {
        **_page(seen),
        "by_region": [_by_region(report, measure) for measure in Measure] if len(report.regions) > 1 else [],
        **_practices(request, seen),
        "downloads": [(kind.upper(), seen.address(f"monitoring:statistics_{kind}")) for kind in ("csv", "xlsx")],
    }
    return render(request, "monitoring/statistics.html", context)


@require_GET
@require_roles()
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice and what lies below it, month by month."""
    seen = look(request, pk=pk)
    context = {
        **_page(seen),
        "organisation": seen.organisation,
        "back_url": seen.address("monitoring:statistics", enhed=""),
        "calls_url": seen.address("monitoring:calls", args=[pk], enhed=""),
    }
    return render(request, "monitoring/practice.html", context)


@require_GET
@require_roles()
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """One line a month and practice, as a file for a spreadsheet or a program."""
    return _everything(request, "csv")


@require_GET
@require_roles()
def statistics_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    return _everything(request, "xlsx")


@require_GET
@require_roles()
def statistics_picture(request: HttpRequest, key: str) -> HttpResponseBase:
    """A chart of the page."""
    return figures.picture(request, _figure(look(request), key))


@require_GET
@require_roles()
def statistics_file(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """A figure to take away."""
    user: Any = request.user
    seen = look(request)
    figure = _figure(seen, key)
    response = figures.attachment(request, figure, name=f"vdx-{key}-{seen.file_name}", kind=kind)
    note_figure_download(actor=user, what=key, kind=kind, chosen=seen.form.address())
    return response


def _everything(request: HttpRequest, kind: str) -> HttpResponse:
    user: Any = request.user
    seen = look(request)
    refuse_what_cannot_be(seen.form)
    scope, tallies = seen.looked.scope, seen.looked.practices_by_month
    count = len({(region, practice) for region, practice, _month in tallies})
    services.note_download(actor=user, first=scope.months[0], last=scope.months[-1], practice_count=count)
    names = {pk: (place.code, place.name) for pk, place in scope.places.items()}
    lines = [HEADER, *export_rows(tallies, names=names)]
    return figures.file_of(lines, name=f"vdx-statistik-{seen.file_name}", kind=kind, title=_("Statistik"))


def _figure(seen: Look, key: str) -> Figure:
    refuse_what_cannot_be(seen.form)
    if key not in FIGURES:
        raise NotFound
    return FIGURES[key](seen.looked)


def _page(seen: Look) -> dict[str, Any]:
    """What both pages show."""
    report = seen.looked.report
    parts = []
    for key, make in FIGURES.items():
        if key == "regioner" and len(report.regions) < 2:
            # With one region the months have told it all.
            continue
        figure = make(seen.looked)
        if figure.empty:
            continue
        picture = seen.address("monitoring:statistics_picture", args=[key])
        parts.append(
            {
                "key": key,
                "figure": figure,
                "picture": picture,
                "narrow": f"{picture}&bredde=smal",
                "downloads": [
                    (kind.upper(), seen.address("monitoring:statistics_file", args=[key, kind]))
                    for kind in figures.FORMATS
                ],
            }
        )
    form = seen.form
    return {
        "form": form,
        "lead": _("Videosamtaler: %(period)s.") % {"period": period_words(form)},
        "words": words(form, None),
        "presets": _presets(seen),
        "tiles": _tiles(seen),
        "parts": parts,
        "empty": not (report.numbers.total.calls or seen.looked.words),
    }


def _presets(seen: Look) -> list[dict[str, Any]]:
    names = {
        "this_month": _("Denne måned"),
        "last_month": _("Sidste måned"),
        "last_12": _("De sidste 12 måneder"),
        "this_year": _("I år"),
        "pilot": _("Pilotprojektet"),
    }
    name, args = ("monitoring:statistics", []) if seen.organisation is None else (
        "monitoring:practice", [seen.organisation.pk]
    )  # fmt: skip
    return [
        {
            "text": names[key],
            "url": seen.address(name, args=args, fra=f"{first:%Y-%m}", til=f"{last:%Y-%m}", enhed=""),
            "current": (first, last) == seen.form.period(),
        }
        for key, (first, last) in seen.form.ready_made.items()
    ]


def _tiles(seen: Look) -> list[dict[str, str]]:
    total = seen.looked.report.numbers.total

    def tile(label: str, value: str, text: str = "") -> dict[str, str]:
        return {"label": label, "number": value, "text": text}

    def average(seconds: int, calls: int) -> str:
        return _("%(number)s minutter i gennemsnit") % {"number": minutes(seconds, calls)} if calls else ""

    found = [
        tile(
            _("Konsultationer"),
            number(total.consultations),
            average(total.consultation_seconds, total.consultations),
        ),
        tile(_("Konferencer"), number(total.conferences), average(total.conference_seconds, total.conferences)),
        tile(_("Minutter"), number(total.seconds // 60), _("i alle samtalerne")),
        tile(
            _("Straks-møder"),
            number(total.instant_meetings),
            _("%(share)s af samtalerne") % {"share": share(total.instant_meetings, total.calls)} if total.calls else "",
        ),
        tile(
            _("Enheder i app"),
            number(total.app_calls),
            _("%(number)s for hver 100 konsultationer")
            % {"number": number(100 * total.app_calls / total.consultations)}
            if total.consultations
            else "",
        ),
    ]
    if seen.organisation is None and seen.form.place is None:
        # One practice is active or not: the table says so month by month.
        found.append(tile(_("Aktive praksis"), number(total.active_practices), _("mindst én samtale i perioden")))
    return found + _measured(seen)


def _measured(seen: Look) -> list[dict[str, str]]:
    """Of what the hub measured: nothing where nothing was."""
    found = []
    held = seen.looked.counts("outcome")
    if held.total():
        well = held["carried_out"] + held["sound_only"]
        found.append({"label": _("Gennemført"), "number": share(well, held.total()), "text": _("af møder med udfald")})
    for about, edge, edges, label, text in (
        ("wait", 300, WAITS, _("Ventede under fem minutter"), _("af deltagerne")),
        ("picture", 5, PICTURES, _("Billede inden fem sekunder"), _("af dem, der åbnede et link")),
    ):
        counts = seen.looked.counts(about)
        if counts.total():
            within = sum(counts[str(step)] for step in edges if step <= edge)
            found.append({"label": label, "number": share(within, counts.total()), "text": text})
    score = Means(seen.looked.quality).score
    if score is not None:
        found.append({"label": _("Beregnet lydkvalitet"), "number": number(score, 1), "text": _("MOS, 1 til 4,4")})
    return found


def _by_region(report: Report, measure: Measure) -> Table:
    def line(heading: str, tallies: list[Tally], total: Tally) -> Row:
        return Row(heading, [number(tally.value(measure)) for tally in (*tallies, total)])

    return Table(
        key=measure.value.replace("_", "-"),
        title=measure_label(measure),
        corner=_("Region"),
        columns=[*(short_month(month) for month in report.months), _("I alt")],
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


def _practices(request: HttpRequest, seen: Look) -> dict[str, Any]:
    """The practices of one page, and the ways to the others."""
    report = seen.looked.report
    measures = [measure for measure in Measure if measure is not Measure.ACTIVE]
    pages = max(1, -(-len(report.practices) // PAGE))
    asked = request.GET.get("side", "")
    page = min(max(int(asked) if asked.isdecimal() and len(asked) < 6 else 1, 1), pages)

    def numbers(tally: Tally) -> list[str]:
        return [number(tally.value(measure)) for measure in measures]

    table = Table(
        key="praksis",
        title=_("Praksis for praksis"),
        corner=_("Praksis"),
        columns=[measure_label(measure) for measure in measures],
        rows=[
            Row(
                heading=report.places[pk].name,
                numbers=numbers(report.numbers.by_practice[region, pk]),
                # A unit's doctor sees the unit's calls under the practice's name, but not the practice's own.
                url=_practice_url(seen, pk) if seen.scope.includes(pk) or region in seen.scope.regions else "",
                group=_region_name(report, region),
            )
            for region, pk in report.practices[(page - 1) * PAGE : page * PAGE]
        ],
        totals=Row(_("I alt"), numbers(report.numbers.total)),
    )
    return {
        "by_practice": table,
        "page": page,
        "pages": pages,
        "before_url": seen.address("monitoring:statistics", side=str(page - 1)) + "#tabel-praksis" if page > 1 else "",
        "after_url": (
            seen.address("monitoring:statistics", side=str(page + 1)) + "#tabel-praksis" if page < pages else ""
        ),
    }


def _practice_url(seen: Look, pk: int) -> str:
    return seen.address("monitoring:practice", args=[pk], region="", praksis="")


def _region_name(report: Report, region: int | None) -> str:
    return _("Uden region") if region is None else report.places[region].name


def _note(measure: Measure) -> str:
    if measure in {Measure.CONSULTATION_MINUTES, Measure.CONFERENCE_MINUTES}:
        return _("Tiden er lagt sammen i sekunder og først derefter skåret ned til hele minutter.")
    if measure is Measure.ACTIVE:
        return _("I alt tæller hver praksis kun én gang, også når den var med i flere måneder.")
    return ""
