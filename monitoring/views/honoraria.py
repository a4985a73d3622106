"""What practices are paid for a period's calls, as a page and as a file."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from monitoring import access, money, queries
from monitoring.access import Scope
from monitoring.enums import FeeKind
from monitoring.money_forms import MoneyForm
from monitoring.queries.counting import NO_REGION
from monitoring.queries.fees import earliest_money
from monitoring.queries.fees import honoraria as honoraria_of
from monitoring.queries.organisations import Place, organisations
from monitoring.rules.fees import CONFERENCE, CONSULTATION, NOT_CARRIED_OUT, PAID, SIGNING_UP, Paid, Rate
from monitoring.rules.period import plus
from monitoring.rules.regions import REGIONS, order
from monitoring.services.fees import note_honoraria_download
from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role
from vdx.lib import clock
from vdx.lib.errors import InvalidInput
from vdx.lib.spreadsheet import harmless

_HEADER = (
    "region",
    "practice_code",
    "practice_name",
    "practice_kind",
    "kind",
    "calls",
    "calls_without_agreement",
    "amount_ore",
)


@dataclass(frozen=True)
class Line:
    """A practice, a region or all of them: number and amount of each kind, and the amounts together."""

    heading: str
    cells: list[str]
    url: str = ""


@dataclass(frozen=True)
class Group:
    """A region's practices, and their sums."""

    heading: str
    lines: list[Line]
    totals: Line


@dataclass(frozen=True)
class Looked:
    """What somebody looks at: the days, both included, and what is paid in them."""

    form: MoneyForm
    first: date
    last: date
    paid: list[Paid]
    places: dict[int, Place]


@require_GET
@require_roles(Role.MEDCOM, Role.ADMINISTRATOR)
def honoraria(request: HttpRequest) -> HttpResponse:
    """Practice for practice, with sums, and in words where nothing is agreed on."""
    looked = _look(request)
    paid = looked.paid
    groups = _groups(paid, looked.places)
    practices = len({some.practice for some in paid})
    context = {
        "form": looked.form,
        "lead": _lead(looked, practices),
        "groups": groups,
        "totals": _line(_("I alt"), paid),
        "kinds": [FeeKind(kind).label for kind in (CONSULTATION, CONFERENCE, NOT_CARRIED_OUT)],
        "without_agreement": _without_agreement(paid),
        "rates": _rates({some.region for some in paid}, looked.first, looked.last),
        "csv_url": f"{reverse('monitoring:honoraria_csv')}?{urlencode(looked.form.address())}",
    }
    return render(request, "monitoring/honoraria.html", context)


@require_GET
@require_roles(Role.MEDCOM, Role.ADMINISTRATOR)
def honoraria_csv(request: HttpRequest) -> HttpResponse:
    """One line a practice, region and kind, in whole øre."""
    looked = _look(request)
    if not looked.form.is_valid():
        raise InvalidInput(_("Perioden kan ikke bruges. Gå tilbage, og vælg en anden."))
    user: Any = request.user
    first, last = looked.first, looked.last
    practices = len({some.practice for some in looked.paid})
    note_honoraria_download(actor=user, first=first, last=last, practice_count=practices)
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="vdx-honorarer-{first:%Y-%m}-{last:%Y-%m}.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(_HEADER)
    for some in _in_order(looked.paid, looked.places):
        place = looked.places[some.practice]
        writer.writerow(
            (
                harmless("" if some.region == NO_REGION else some.region),
                harmless(place.code),
                harmless(place.name),
                place.kind,
                some.kind,
                some.calls,
                some.without_agreement,
                some.amount,
            )
        )
    return response


def _look(request: HttpRequest) -> Looked:
    user: Any = request.user
    scope: Scope = access.honoraria_scope(user)
    form = MoneyForm(
        request.GET.dict(),
        # Whoever sees only their own has nothing to choose from.
        regions=REGIONS if scope.organisation_ids is None else (),
        whole=True,
        # A practice that has moved away since may have been the first.
        earliest=earliest_money(
            queries.earliest_month(organisation_ids=None if scope.regions else scope.organisation_ids)
        ),
        today=clock.local_date(clock.now()),
    )
    begins, ends = form.period()
    last = plus(ends, 1) - date.resolution
    paid = honoraria_of(
        first=begins,
        last=last,
        pilot=form.pilot_only,
        within=scope.holds,
        region=form.chosen_region,
    )
    return Looked(form, begins, last, paid, organisations()[0])


def _in_order(paid: list[Paid], places: dict[int, Place]) -> list[Paid]:
    def key(some: Paid) -> tuple[object, ...]:
        place = places[some.practice]
        known = some.region == NO_REGION, order(some.region)
        return *known, place.name.casefold(), place.code, PAID.index(some.kind)

    return sorted(paid, key=key)


def _groups(paid: list[Paid], places: dict[int, Place]) -> list[Group]:
    regions: dict[str, dict[int, list[Paid]]] = defaultdict(lambda: defaultdict(list))
    for some in _in_order(paid, places):
        regions[some.region][some.practice].append(some)
    return [
        Group(
            heading=_region(region),
            lines=[_line(places[pk].name, kinds) for pk, kinds in practices.items()],
            totals=_line(
                _("I alt i %(region)s") % {"region": _region(region)},
                [some for kinds in practices.values() for some in kinds],
            ),
        )
        for region, practices in regions.items()
    ]


def _line(heading: str, paid: list[Paid]) -> Line:
    cells = []
    for kind in (CONSULTATION, CONFERENCE, NOT_CARRIED_OUT):
        fitting = [some for some in paid if some.kind == kind]
        calls, without = sum(some.calls for some in fitting), sum(some.without_agreement for some in fitting)
        amount = money.in_kroner(sum(some.amount for some in fitting))
        cells += [money.count(calls), _("ingen aftale") if calls and calls == without else amount]
    cells.append(money.in_kroner(sum(some.amount for some in paid if some.kind == SIGNING_UP)))
    cells.append(money.in_kroner(sum(some.amount for some in paid)))
    return Line(heading, cells)


def _lead(looked: Looked, practices: int) -> str:
    first, last = date_format(looked.first, "F Y"), date_format(looked.last, "F Y")
    period = first if first == last else _("%(first)s til %(last)s") % {"first": first, "last": last}
    if not looked.paid:
        return _("Der er ingen samtaler at betale for i perioden %(period)s.") % {"period": period}
    words = ngettext(
        "I perioden %(period)s er der %(amount)s i honorar til %(number)s praksis.",
        "I perioden %(period)s er der %(amount)s i honorar til %(number)s praksis.",
        practices,
    )
    amount = money.said(sum(some.amount for some in looked.paid))
    return words % {"period": period, "amount": amount, "number": money.count(practices)}


def _without_agreement(paid: list[Paid]) -> list[str]:
    """A sentence for each region in which some calls are paid by nobody."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for some in paid:
        if some.without_agreement:
            found[some.region][some.kind] += some.without_agreement
    sentences = []
    for region in sorted(found, key=lambda name: (name == NO_REGION, order(name))):
        kinds = [_calls_of(kind, found[region][kind]) for kind in PAID if kind in found[region]]
        sentences.append(
            _("%(region)s: %(calls)s.") % {"region": _region(region), "calls": get_text_list(kinds, _("og"))}
        )
    return sentences


def _calls_of(kind: str, number: int) -> str:
    words = {
        CONSULTATION: ngettext("%(number)s videokonsultation", "%(number)s videokonsultationer", number),
        CONFERENCE: ngettext("%(number)s videokonference", "%(number)s videokonferencer", number),
        NOT_CARRIED_OUT: ngettext("%(number)s ikke gennemført", "%(number)s ikke gennemførte", number),
    }[kind]
    return words % {"number": money.count(number)}


def _rates(regions: set[str], first: date, last: date) -> list[tuple[str, str, str, str]]:
    """The fees in force in the period: region, what for, how much, and from when until when."""
    shown = []
    for rate in queries.rates():
        in_force = rate.valid_from <= last and (rate.valid_until is None or rate.valid_until >= first)
        if rate.kind in PAID and in_force and (not rate.region or rate.region in regions):
            shown.append(
                (
                    _region(rate.region) if rate.region else _("Hele landet"),
                    str(FeeKind(rate.kind).label),
                    money.rate_words(rate),
                    _span(rate),
                )
            )
    return shown


def _span(rate: Rate) -> str:
    since = date_format(rate.valid_from, "j. F Y")
    if rate.valid_until is None:
        return _("fra %(since)s") % {"since": since}
    return _("%(since)s til %(until)s") % {"since": since, "until": date_format(rate.valid_until, "j. F Y")}


def _region(name: str) -> str:
    return _("Uden region") if name == NO_REGION else _("Region %(name)s") % {"name": name}
