"""From a practice's month to its calls, and to one of them: nobody can be told by what is shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from monitoring import access
from monitoring.figures.looked import number
from monitoring.queries import calls as queries
from monitoring.queries.calls import CallLine, DeviceLine
from monitoring.rules.kind import CallKind
from monitoring.rules.mos import VERSION
from monitoring.views.looking import look, period_words, words
from monitoring.wording import evidence_sentence
from rooms.enums import SeatRole
from vdx.accounts.access import require_roles
from vdx.lib.clock import local


@require_GET
@require_roles()
def calls(request: HttpRequest, pk: int) -> HttpResponse:
    """The calls of a practice and what lies below it, the newest first."""
    seen = look(request, pk=pk)
    asked = request.GET.get("side", "")
    found = queries.calls(
        seen.looked.scope,
        kind=seen.form.kind,
        page=int(asked) if asked.isdecimal() and len(asked) < 6 else 1,
    )

    def side(page: int) -> str:
        return seen.address("monitoring:calls", args=[pk], side=str(page), enhed="") if 1 <= page <= found.pages else ""

    context = {
        "form": seen.form,
        "organisation": seen.organisation,
        "lead": _("Samtaler: %(period)s.") % {"period": period_words(seen.form)},
        "words": words(seen.form, None),
        "lines": [_shown(line) for line in found.lines],
        "count": found.count,
        "page": found.page,
        "pages": found.pages,
        "before_url": side(found.page - 1),
        "after_url": side(found.page + 1),
        "back_url": seen.address("monitoring:practice", args=[pk], enhed=""),
    }
    return render(request, "monitoring/calls.html", context)


@require_GET
@require_roles()
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: its devices, when they were there together, how it went, and why the hub thinks so."""
    user: Any = request.user
    found = access.call_in(access.statistics_scope(user), pk)
    detail = queries.call_detail(found)
    month = f"{local(detail.line.moment):%Y-%m}"
    context = {
        "organisation": found.organisation,
        "call": _shown(detail.line),
        "is_poor": detail.is_poor,
        "confidence": detail.confidence,
        "evidence": [evidence_sentence(word) for word in detail.evidence],
        "stretches": detail.stretches,
        "devices": [_device(device) for device in detail.devices],
        "version": VERSION,
        "back_url": f"{reverse('monitoring:calls', args=[found.organisation_id])}?fra={month}&til={month}",
    }
    return render(request, "monitoring/call.html", context)


def _shown(line: CallLine) -> dict[str, Any]:
    kinds = {
        CallKind.CONSULTATION: _("Konsultation"),
        CallKind.CONFERENCE: _("Konference"),
        None: _("Ikke holdt"),
    }
    return {
        "url": reverse("monitoring:call", args=[line.pk]),
        "moment": line.moment,
        "came": line.came,
        "kind": kinds[line.kind],
        "devices": line.devices,
        "minutes": number(line.seconds // 60),
        "outcome": line.outcome.label if line.outcome else "",
        "cause": capfirst(str(line.cause.label)) if line.cause else "",
    }


def _device(device: DeviceLine) -> dict[str, Any]:
    def shown(value: float | None, decimals: int, unit: str) -> str:
        return "" if value is None else f"{number(value, decimals)} {unit}".strip()

    who = {SeatRole.HOST: _("Læge"), SeatRole.GUEST: _("Deltager"), None: _("Ukendt")}[device.role]
    facts = [
        (_("Enhed"), str(device.kind.label)),
        (_("Browser"), ", ".join(filter(None, [device.browser, device.system]))),
        (_("Var med i"), _("%(number)s minutter") % {"number": number(device.seconds // 60)}),
        (_("Kom tilbage"), _("%(number)d gange") % {"number": device.times - 1} if device.times > 1 else ""),
        (
            _("Ventede i venteværelset"),
            _("%(number)s minutter") % {"number": number(device.waited // 60)} if device.waited is not None else "",
        ),
        (_("Fra link til billede"), shown(device.to_picture, 1, _("sekunder"))),
        (_("Beregnet MOS"), shown(device.mos, 1, "")),
        (_("Pakker tabt"), shown(None if device.loss is None else 100 * device.loss, 1, "%")),
        (_("Svartid frem og tilbage"), shown(device.rtt_ms, 0, "ms")),
        (_("Udsving (jitter)"), shown(device.jitter_ms, 0, "ms")),
        (_("Frosne billeder"), shown(device.freezes, 0, "")),
        (_("Vej"), device.way),
    ]
    return {"who": who, "facts": [(name, text) for name, text in facts if text]}
