"""What video cost in a period, and what would change with another volume, share and fee."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from monitoring import access, money, queries
from monitoring.money_forms import MoneyForm, WishForm
from monitoring.queries.fees import business_facts, costs, earliest_money
from monitoring.rules.business_case import Facts, Sums, Wish, as_it_was, work_out
from monitoring.rules.period import plus
from monitoring.rules.regions import REGIONS, region_name
from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role
from vdx.lib import clock

# A slider asks many times for the same period.
_KEPT_SECONDS = 300


@dataclass(frozen=True)
class Case:
    """What somebody works with: the period's facts, and the wish for it."""

    period: MoneyForm
    first: date
    last: date
    facts: Facts
    form: WishForm


@require_GET
@require_roles(Role.MEDCOM, Role.ADMINISTRATOR)
def business_case(request: HttpRequest) -> HttpResponse:
    """The period's cost, the sliders and what comes of them."""
    case = _case(request, fresh=True)
    region = case.period.chosen_region
    context = {
        **_sums(case),
        "period_form": case.period,
        "form": case.form,
        "sliders": [(case.form[name], case.form.most[name]) for name in ("antal", "andel", "honorar")],
        "chosen": case.period.address(),
        "region": region,
        "period": _period(case.first, case.last),
        "rows": _rows(case.facts),
        "rows_total": money.kroner(case.facts.total_ore),
        "was": _was(case.facts),
        "expenses": [
            (
                line.item,
                line.quantity.normalize(),
                line.unit,
                line.region or _("Hele landet"),
                money.kroner(line.amount_ore),
            )
            for line in costs(first=case.first, last=case.last)
            if region in {"", line.region}
        ],
        "sums_url": f"{reverse('monitoring:business_case_sums')}?{urlencode(case.period.address())}",
        "data": {"failed": _("Tallene kunne ikke hentes. Se efter, om du er på nettet, og prøv igen.")},
    }
    return render(request, "monitoring/business_case.html", context)


@require_GET
@require_roles(Role.MEDCOM, Role.ADMINISTRATOR)
def business_case_sums(request: HttpRequest) -> HttpResponse:
    """What comes of the sliders alone, for the page's script."""
    return render(request, "monitoring/_business_sums.html", _sums(_case(request, fresh=False)))


def _case(request: HttpRequest, *, fresh: bool) -> Case:
    user: Any = request.user
    regions = access.business_regions(user)
    period = MoneyForm(
        request.GET.dict(),
        regions=REGIONS if regions is None else [region_name(region.code, region.name) for region in regions],
        whole=regions is None,
        earliest=earliest_money(queries.earliest_month(organisation_ids=None)),
        today=clock.local_date(clock.now()),
    )
    first, ends = period.period()
    last = plus(ends, 1) - date.resolution
    facts = _facts(first, last, period.pilot_only, period.chosen_region, fresh=fresh)
    return Case(period, first, last, facts, WishForm(request.GET.dict(), start=as_it_was(facts)))


def _facts(first: date, last: date, pilot: bool, region: str, *, fresh: bool) -> Facts:
    """The period's facts; those of a few minutes ago where they need not be fresh. Nothing about a person is in it."""
    key = f"business-case:{len(fields(Facts))}:{first}:{last}:{int(pilot)}:{region}"
    kept = None if fresh else cache.get(key)
    if kept is not None:
        return Facts(*kept)
    facts = business_facts(first=first, last=last, pilot=pilot, region=region)
    cache.set(key, astuple(facts), _KEPT_SECONDS)
    return facts


def _sums(case: Case) -> dict[str, Any]:
    """What the fragment shows: numbers in words, and a table."""
    facts, wish = case.facts, case.form.wish()
    sums = work_out(facts, wish)
    return {
        "facts": facts,
        "wish_error": next((errors[0] for errors in case.form.errors.values()), ""),
        "sums": sums,
        "said": _said(facts, wish, sums),
        "compared": _compared(sums),
    }


def _said(facts: Facts, wish: Wish, sums: Sums) -> dict[str, Any]:
    def amount(ore: int | None) -> str:
        return "" if ore is None else money.said(ore)

    more = sums.more_ore
    return {
        "number": wish.volume,
        "volume": money.count(wish.volume),
        "share": wish.share,
        "fee": money.said(wish.fee),
        "video": money.count(sums.video),
        "others": money.count(sums.others),
        "video_ore": amount(sums.video_ore),
        "others_ore": amount(sums.others_ore),
        "alongside_ore": amount(sums.alongside_ore),
        "fixed_ore": amount(sums.fixed_ore),
        "total_ore": amount(sums.total_ore),
        "difference": "" if more is None else money.said(abs(more)),
        "each": amount(sums.each_ore),
        "even_fee": amount(sums.even_fee),
        "was_total": money.said(facts.total_ore),
        "change": money.said(abs(sums.video_total_ore - facts.total_ore)),
        "changed": sums.video_total_ore - facts.total_ore,
    }


def _compared(sums: Sums) -> list[tuple[str, str]]:
    """The same consultations in one way and another; empty where there is nothing to compare with."""
    ways = (
        (_("Som i regnestykket"), sums.total_ore),
        (_("Alle som almindelige konsultationer"), sums.all_ordinary_ore),
        (_("Alle som telefonkonsultationer"), sums.all_telephone_ore),
    )
    known = [(way, money.kroner(ore)) for way, ore in ways if ore is not None]
    return known if len(known) > 1 else []


def _was(facts: Facts) -> dict[str, str]:
    """The period's consultations, each, and as what they are compared with; empty where that is not known."""

    def amount(ore: int | None) -> str:
        return money.said(ore) if ore is not None and facts.consultations else ""

    def day(since: date | None) -> str:
        return "" if since is None else date_format(since, "j. F Y")

    return {
        "each": amount(facts.each_ore),
        "ordinary": amount(facts.ordinary),
        "ordinary_since": day(facts.ordinary_since),
        "ordinary_total": amount(facts.as_ordinary_ore),
        "telephone": amount(facts.telephone),
        "telephone_since": day(facts.telephone_since),
        "telephone_total": amount(facts.as_telephone_ore),
    }


def _rows(facts: Facts) -> list[tuple[str, str, str]]:
    """What the period cost: what for, how many, and the amount."""
    return [
        (_("Videokonsultationer"), money.count(facts.consultations), money.kroner(facts.consultations_ore)),
        (_("Videokonferencer"), money.count(facts.conferences), money.kroner(facts.conferences_ore)),
        (_("Ikke gennemførte"), money.count(facts.not_carried_out), money.kroner(facts.not_carried_out_ore)),
        (_("Opstart af praksis"), money.count(facts.practices_signed_up), money.kroner(facts.signing_up_ore)),
        (_("Andre udgifter"), "", money.kroner(facts.expenses_ore)),
    ]


def _period(first: date, last: date) -> str:
    begins, ends = date_format(first, "F Y"), date_format(last, "F Y")
    return begins if begins == ends else _("%(first)s til %(last)s") % {"first": begins, "last": ends}
