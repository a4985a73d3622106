"""How many calls the hub holds at the same time: now, day by day, month by month, and when it will be full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from monitoring import queries, services
from monitoring.queries import MonthLoad
from monitoring.rules.capacity import Forecast, Outlook
from monitoring.rules.period import month_of, plus
from rooms import queries as rooms_queries
from rooms.queries import Load
from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role
from vdx.lib import clock, figures
from vdx.lib.charts import Lines, Series
from vdx.lib.errors import NotFound
from vdx.lib.figures import Figure, Row, Table, short_month

# Days that the page shows, the first where nobody has chosen.
PERIODS = (30, 90, 365)
MONTHS = 13
# With fewer calls than a quarter of the capacity its line would leave nothing to see of the days.
_WORTH_A_LINE = 4


@dataclass(frozen=True)
class Shown:
    """A figure as the page shows it, with its addresses."""

    key: str
    figure: Figure
    picture: str
    narrow: str
    downloads: list[tuple[str, str]]


@require_GET
@require_roles(Role.MEDCOM)
def capacity(request: HttpRequest) -> HttpResponse:
    """The page."""
    now = clock.now()
    days = _days(request)
    load = rooms_queries.load(now)
    context = {
        "now": _now(load),
        "load": load,
        "now_url": reverse("monitoring:capacity_now"),
        "periods": [(number, f"?dage={number}", number == days) for number in PERIODS],
        "shown": [_shown(key, figure, days) for key, figure in _figures(days, load).items()],
        "forecast": _forecast(queries.capacity_forecast(now=now), load),
    }
    return render(request, "monitoring/capacity.html", context)


@require_GET
@require_roles(Role.MEDCOM)
def capacity_now(request: HttpRequest) -> HttpResponseBase:
    """The live number and what it means, for the page that stands open."""
    response = JsonResponse(_now(rooms_queries.load(clock.now())))
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@require_roles(Role.MEDCOM)
def capacity_picture(request: HttpRequest, key: str) -> HttpResponseBase:
    """A chart of the page."""
    return figures.picture(request, _figure(request, key))


@require_GET
@require_roles(Role.MEDCOM)
def capacity_file(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """A figure to take away."""
    user: Any = request.user
    figure = _figure(request, key)
    response = figures.attachment(request, figure, name=f"vdx-kapacitet-{key}", kind=kind)
    services.note_capacity_download(actor=user, figure=key, kind=kind)
    return response


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("dage", "")
    return next((number for number in PERIODS if str(number) == asked), PERIODS[0])


def _figure(request: HttpRequest, key: str) -> Figure:
    days, now = _days(request), clock.now()
    # Only what it shows is read: each picture is a request of its own.
    if key == "dage":
        return _by_day(_peaks(days, now), rooms_queries.load(now))
    if key in _MONTHLY:
        return _MONTHLY[key](_months(now))
    raise NotFound


def _figures(days: int, load: Load) -> Mapping[str, Figure]:
    now = clock.now()
    months = _months(now)
    return {"dage": _by_day(_peaks(days, now), load), **{key: figure(months) for key, figure in _MONTHLY.items()}}


def _peaks(days: int, now: datetime) -> Mapping[date, int]:
    today = clock.local_date(now)
    return queries.day_peaks(first=today - timedelta(days=days - 1), last=today, now=now)


def _months(now: datetime) -> list[MonthLoad]:
    today = clock.local_date(now)
    return queries.month_loads(first=plus(month_of(today), 1 - MONTHS), last=today, now=now)


def _shown(key: str, figure: Figure, days: int) -> Shown:
    picture = f"{reverse('monitoring:capacity_picture', args=[key])}?dage={days}"
    return Shown(
        key=key,
        figure=figure,
        picture=picture,
        narrow=f"{picture}&bredde=smal",
        downloads=[
            (kind.upper(), f"{reverse('monitoring:capacity_file', args=[key, kind])}?dage={days}")
            for kind in figures.FORMATS
        ],
    )


def _now(load: Load) -> dict[str, Any]:
    return {"calls": _number(load.calls), "places": _places(load), "level": str(load.level), "says": _says(load)}


def _places(load: Load) -> str:
    kept = load.places - load.calls
    if kept <= 0:
        return ""
    words = ngettext(
        "%(number)s plads mere holdes til en samtale, hvis forbindelse lige er væk.",
        "%(number)s pladser mere holdes til samtaler, hvis forbindelse lige er væk.",
        kept,
    )
    return words % {"number": _number(kept)}


def _says(load: Load) -> str:
    if load.level == "full":
        return _("VDX er fuldt. Nye samtaler kan ikke begynde, før nogle er slut.")
    if load.level == "grace":
        left = load.limit - load.places
        words = ngettext(
            "VDX er over sin kapacitet. Der er plads til %(number)s samtale mere.",
            "VDX er over sin kapacitet. Der er plads til %(number)s samtaler mere.",
            left,
        )
        return words % {"number": _number(left)}
    return _("Der er plads.")


def _forecast(found: Forecast, load: Load) -> str:
    values = {
        "capacity": _number(load.capacity),
        "limit": _number(load.limit),
        "days": _number(found.days),
        "growth": number_format(round(found.a_week, 1), 1),
        "date": _long_date(found.capacity_on),
        "last": _long_date(found.limit_on),
    }
    basis = ngettext("Det bygger på %(days)s hverdag.", "Det bygger på %(days)s hverdage.", found.days)
    return f"{_outlook(found)} {basis}" % values


def _outlook(found: Forecast) -> str:
    if found.outlook is Outlook.TOO_FEW:
        return _(
            "Der er for få hverdage med samtaler til at sige, hvornår kapaciteten på %(capacity)s er nået. Der skal "
            "være mindst 20."
        )
    if found.outlook is Outlook.REACHED:
        return _("En travl hverdag når allerede kapaciteten på %(capacity)s.")
    if found.outlook is Outlook.NO_GROWTH:
        return _("Tallet vokser ikke: kapaciteten på %(capacity)s bliver ikke nået, som det ser ud nu.")
    growth = _("Tallet vokser med %(growth)s om ugen.")
    if found.outlook is Outlook.FAR:
        far = _("Kapaciteten på %(capacity)s bliver ikke nået inden for fem år.")
        return f"{growth} {far}"
    when = _("En travl hverdag når kapaciteten på %(capacity)s omkring %(date)s.")
    if found.limit_on is not None:
        when = _(
            "En travl hverdag når kapaciteten på %(capacity)s omkring %(date)s og grænsen på %(limit)s omkring "
            "%(last)s."
        )
    return f"{growth} {when}"


def _by_day(peaks: Mapping[date, int], load: Load) -> Figure:
    most = max(peaks.values(), default=0)
    series = [Series(_("Flest samtaler på én gang"), list(peaks.values()))]
    if most * _WORTH_A_LINE >= load.capacity:
        series += [Series(_("Kapacitet"), [load.capacity] * len(peaks)), Series(_("Grænse"), [load.limit] * len(peaks))]
    busiest = max(peaks, key=lambda day: peaks[day])
    lead = _("Der var ingen samtaler i perioden.")
    if most:
        lead = _("Flest på én gang var %(calls)s, den %(date)s. Kapaciteten er %(capacity)s.") % {
            "calls": _number(most),
            "date": _long_date(busiest),
            "capacity": _number(load.capacity),
        }
    return Figure(
        title=_("Flest samtaler på én gang, dag for dag"),
        lead=lead,
        table=Table(
            corner=_("Dag"),
            columns=[_("Flest samtaler på én gang")],
            # The newest first: a long table is read from its top.
            rows=[Row(_long_date(day), [_number(peaks[day])]) for day in sorted(peaks, reverse=True)],
        ),
        chart=Lines(
            labels=[date_format(day, "j/n") for day in peaks],
            series=series,
            title=_("Flest samtaler på én gang, dag for dag"),
            note=_("VDX. Uden testorganisationer og prøveopkald."),
        ),
        lines=[("day", "calls"), *((day.isoformat(), calls) for day, calls in peaks.items())],
        empty=not most,
    )


def _by_month(months: list[MonthLoad]) -> Figure:
    title, column = _("Flest samtaler på én gang, måned for måned"), _("Flest samtaler på én gang")
    return _monthly(months, [month.peak for month in months], title=title, column=column, name="calls")


def _long_calls(months: list[MonthLoad]) -> Figure:
    title, column = _("Samtaler over fem minutter"), _("Samtaler over fem minutter")
    return _monthly(months, [month.long_calls for month in months], title=title, column=column, name="calls")


_MONTHLY = {"maaneder": _by_month, "lange": _long_calls}


def _monthly(months: list[MonthLoad], values: list[int], *, title: str, column: str, name: str) -> Figure:
    return Figure(
        title=title,
        lead="",
        table=Table(
            corner=_("Måned"),
            columns=[column],
            rows=[
                Row(date_format(month.month, "F Y"), [_number(value)])
                for month, value in reversed(list(zip(months, values, strict=True)))
            ],
        ),
        chart=Lines(
            labels=[short_month(month.month) for month in months],
            series=[Series(column, values)],
            title=title,
            note=_("VDX. Uden testorganisationer og prøveopkald."),
        ),
        lines=[
            ("month", name),
            *((f"{month.month:%Y-%m}", value) for month, value in zip(months, values, strict=True)),
        ],
        empty=not any(values),
    )


def _number(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))


def _long_date(day: date | None) -> str:
    return "" if day is None else date_format(day, "j. F Y")
