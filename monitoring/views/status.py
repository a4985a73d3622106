"""How the hub is: in a word for everybody, and leg by leg for MedCom's staff."""

from __future__ import annotations

import csv
import logging
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp as policy
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_safe

from monitoring import services
from monitoring.forms import PeriodForm
from monitoring.probe.legs import LEGS
from monitoring.queries import uptime as queries
from monitoring.queries.uptime import DayLine, Fault, ServiceState
from monitoring.rules.uptime import TARGET, Standing, UptimeMonth
from monitoring.wording_uptime import LEG_WORDS, fault_words
from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role
from vdx.lib import charts, clock
from vdx.lib.charts import Lines, Series, Width
from vdx.lib.errors import NotFound
from vdx.lib.figures import short_month

log = logging.getLogger(__name__)

# What many people ask at once, exactly when something is wrong, is looked up once in so many seconds a process.
KEPT_SECONDS = 15
_MONTHS_SHOWN = 12
_DAYS_SHOWN = 30
_LEG_DAYS = 7
# An SVG that is opened by itself is a page of its own. It may bring its own colours, and do nothing at all.
_PICTURE: dict[str, Any] = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": [True]}
_kept: dict[str, tuple[float, ServiceState, list[UptimeMonth]]] = {}


@dataclass(frozen=True)
class Headline:
    """How it is now, in a sentence or two; ``kind`` is a kind of the design system's alerts."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class UptimeTable:
    """Months or days with their counts, the newest first, and what they come to."""

    key: str
    title: str
    corner: str
    rows: list[tuple[str, list[str]]]
    total: list[str]
    note: str = ""


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Whether the hub works now, and how much of each month it did. Nothing about why; no cookie is set or needed."""
    # Alike for all, and without a question to the database that may be what is wrong.
    request.user = AnonymousUser()
    state, months = _looked_up()
    # By the address, not by a cookie: what is kept on the way is kept for all.
    language = "en" if request.GET.get("sprog") == "en" else "da"
    with translation.override(language):
        context = {
            "headline": headline(state),
            "months": [(_month(month.month), share(month.share)) for month in reversed(months) if month.expected],
            "target": share(TARGET),
            "probed_at": _moment(state.probed_at) if state.probed_at else "",
        }
        response = render(request, "monitoring/status.html", context)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


@require_GET
@require_roles(Role.MEDCOM)
def uptime(request: HttpRequest) -> HttpResponse:
    """The history: months against the target, days, legs, and what failed."""
    now = clock.now()
    form = _form(request, now)
    first, last = form.period()
    months = [month for month in queries.uptime_by_month(first, last, now=now) if month.expected]
    faults, is_cut = queries.faults(since=now - timedelta(days=_DAYS_SHOWN))
    context = {
        "form": form,
        "headline": headline(queries.service_state(now=now)),
        "months": _months_table(months),
        "days": _days_table(now),
        "legs": _leg_rows(now) if months else [],
        "leg_days": _LEG_DAYS,
        "faults": [_fault_row(fault) for fault in faults],
        "fault_days": _DAYS_SHOWN,
        "most_faults": _number(queries.MOST_FAULTS) if is_cut else "",
        "months_picture": f"{reverse('monitoring:uptime_picture', args=['maaneder'])}?{_query(form)}",
        "legs_picture": f"{reverse('monitoring:uptime_picture', args=['led'])}?{_query(form)}",
        "csv_url": f"{reverse('monitoring:uptime_csv')}?{_query(form)}",
        "columns": [_("Oppetid"), _("Intervaller"), _("Lykkedes"), _("Fejlede"), pgettext("intervals", "Mangler")],
        "target": share(TARGET),
    }
    return render(request, "monitoring/uptime.html", context)


@require_GET
@require_roles(Role.MEDCOM)
def uptime_picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A chart of the history. Raises NotFound for other names."""
    now = clock.now()
    form = _form(request, now)
    width = Width.NARROW if request.GET.get("bredde") == "smal" else Width.WIDE
    if name == "maaneder":
        months = [month for month in queries.uptime_by_month(*form.period(), now=now) if month.expected]
        chart = _months_chart(months)
    elif name == "led":
        chart = _legs_chart(now)
    else:
        raise NotFound
    response = HttpResponse(charts.svg(chart, width=width), content_type="image/svg+xml")
    return policy(_PICTURE)(lambda _request: response)(request)


@require_GET
@require_roles(Role.MEDCOM)
def uptime_csv(request: HttpRequest) -> HttpResponse:
    """One line a day, as a file for a spreadsheet or a program."""
    now = clock.now()
    user: Any = request.user
    form = _form(request, now)
    first, last = form.period()
    lines = queries.uptime_by_day(first, _last_day(last), now=now)
    services.note_uptime_download(actor=user, first=first, last=last)
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="vdx-oppetid-{first:%Y-%m}-{last:%Y-%m}.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(("day", "expected", "succeeded", "failed", "missing", *(f"{leg}_ms" for leg in LEGS)))
    for line in lines:
        typical = [line.typical.get(leg, "") for leg in LEGS]
        writer.writerow((line.day, line.expected, line.succeeded, line.failed, line.missing, *typical))
    return response


def headline(state: ServiceState) -> Headline:
    """The state in words."""
    since = _moment(state.since) if state.since else ""
    if state.standing is Standing.WORKS:
        return Headline("success", _("Videokonsultationer virker"), _("Hubben har netop prøvet det hele igennem."))
    if state.standing is Standing.DISTURBED:
        text = _("Det har været sådan siden %(when)s.") % {"when": since} if since else ""
        return Headline("error", _("Der er forstyrrelser lige nu"), text)
    if state.standing is Standing.UNKNOWN:
        return Headline(
            "warning", _("Vi ved det ikke lige nu"), _("Der er ikke målt siden %(when)s.") % {"when": since}
        )
    return Headline("info", _("Der er ikke målt endnu"), _("Se her igen om et par minutter."))


def share(value: float | None) -> str:
    """Per cent with two decimals, cut and not rounded: 99.499 must not be shown as the target. A dash of nothing."""
    if value is None:
        return "–"
    return _("%(share)s %%") % {"share": number_format(int(value * 100 + 1e-9) / 100, 2)}


def _looked_up() -> tuple[ServiceState, list[UptimeMonth]]:
    found = _kept.get("all")
    if found is not None and time.monotonic() - found[0] < KEPT_SECONDS:
        return found[1], found[2]
    now = clock.now()
    today = clock.local_date(now)
    try:
        state = queries.service_state(now=now)
        months = queries.uptime_by_month(_months_back(today, _MONTHS_SHOWN - 1), today, now=now)
    except (DatabaseError, InterfaceError) as error:
        # A connection that has gone is the second, until somebody tries to connect anew.
        log.warning("the status page does without the database: %s", type(error).__name__)
        state, months = queries.service_state_without_database(now=now), found[2] if found else []
    _kept["all"] = (time.monotonic(), state, months)
    return state, months


def _months_back(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _moment(moment: datetime) -> str:
    return date_format(clock.local(moment), "j. F Y H:i")


def _month(month: date) -> str:
    return date_format(month, "F Y")


def _number(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))


def _form(request: HttpRequest, now: datetime) -> PeriodForm:
    return PeriodForm(request.GET.dict(), earliest=queries.first_probe_day(), today=clock.local_date(now))


def _query(form: PeriodForm) -> str:
    first, last = form.period()
    return urlencode({"fra": f"{first:%Y-%m}", "til": f"{last:%Y-%m}"})


def _cells(*numbers: int) -> list[str]:
    """Expected, succeeded, failed and missing, with the share before them."""
    expected, succeeded = numbers[:2]
    return [share(100 * succeeded / expected if expected else None), *map(_number, numbers)]


def _table(lines: list[tuple[str, tuple[int, ...]]], **words: str) -> UptimeTable:
    total = [sum(column) for column in zip(*(numbers for _heading, numbers in lines), strict=True)]
    return UptimeTable(
        rows=[(heading, _cells(*numbers)) for heading, numbers in reversed(lines)],
        total=_cells(*(total or [0, 0, 0, 0])),
        **words,
    )


def _months_table(months: list[UptimeMonth]) -> UptimeTable:
    return _table(
        [(_month(m.month), (m.expected, m.succeeded, m.failed, m.missing)) for m in months],
        key="maaneder",
        title=_("Måned for måned"),
        corner=_("Måned"),
        note=_("Mangler: der blev ikke målt, så ingen ved, om hubben virkede. Det tæller som nedetid."),
    )


def _days_table(now: datetime) -> UptimeTable:
    return _table(
        [
            (date_format(line.day, "j. N Y"), (line.expected, line.succeeded, line.failed, line.missing))
            for line in _recent_days(now)
        ],
        key="dage",
        title=_("De seneste %(days)d dage") % {"days": _DAYS_SHOWN},
        corner=_("Dag"),
    )


def _recent_days(now: datetime) -> list[DayLine]:
    today = clock.local_date(now)
    return queries.uptime_by_day(today - timedelta(days=_DAYS_SHOWN - 1), today, now=now)


def _leg_rows(now: datetime) -> list[tuple[str, str, str, str, str]]:
    def shown(milliseconds: int | None) -> str:
        return "–" if milliseconds is None else _("%(number)s ms") % {"number": _number(milliseconds)}

    return [
        (str(LEG_WORDS[line.leg]), _number(line.failed), shown(line.newest), shown(line.typical), shown(line.slow))
        for line in queries.legs(since=now - timedelta(days=_LEG_DAYS))
    ]


def _span(fault: Fault) -> str:
    """From when to when, as short as a narrow table needs it."""
    first, last = clock.local(fault.first), clock.local(fault.last)
    begin, end = date_format(first, "j. N Y H:i"), date_format(last, "H:i")
    if fault.runs == 1:
        return begin
    return f"{begin}–{end}" if first.date() == last.date() else f"{begin} – {date_format(last, 'j. N Y H:i')}"


def _fault_row(fault: Fault) -> tuple[str, str, str, str]:
    return (
        _span(fault),
        _number(fault.runs),
        str(LEG_WORDS[fault.leg]),
        fault_words(fault.reason, fault.missing),
    )


def _months_chart(months: list[UptimeMonth]) -> Lines:
    shares = [month.share for month in months]
    # Drawn from 0 a good month and a bad one would look alike.
    least = min(99.0, *(floor(found) for found in shares if found is not None), 100.0)
    return Lines(
        labels=[short_month(month.month) for month in months],
        series=[
            Series(_("Oppetid"), shares),
            Series(_("Mål: %(target)s") % {"target": share(TARGET)}, [TARGET] * len(months)),
        ],
        most=100,
        least=least,
        unit=" %",
    )


def _legs_chart(now: datetime) -> Lines:
    lines = _recent_days(now)
    return Lines(
        labels=[date_format(line.day, "j.n.") for line in lines],
        series=[
            Series(str(LEG_WORDS[leg]), [line.typical.get(leg) for line in lines])
            for leg in ("booking", "socket", "media", "delivery")
        ],
        unit=" ms",
    )
