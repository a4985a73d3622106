"""From a request to what somebody looks at: who may see what, and what was chosen in the address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from monitoring import access, queries
from monitoring.access import Scope
from monitoring.figures import Looked
from monitoring.forms import StatisticsForm
from monitoring.queries.statistics import Choices, Chosen
from monitoring.queries.statistics import choices as choices_of
from monitoring.rules.kind import CallKind
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import OrganisationKind
from vdx.lib import clock
from vdx.lib.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from datetime import date

    from vdx.accounts.models import Organisation

#: In addresses: the organisation whose own page it is.
UNIT = "enhed"


@dataclass(frozen=True)
class Look:
    """What a page, a picture or a file is of. ``organisation``: the one whose page it is, if any."""

    scope: Scope
    form: StatisticsForm
    looked: Looked
    organisation: Organisation | None = None

    def address(self, name: str, *, args: Collection[Any] = (), **other: str) -> str:
        """The address of something of the same choice; ``other`` is chosen instead, empty for nothing."""
        chosen = self.form.address(**other)
        if self.organisation is not None and UNIT not in other:
            chosen[UNIT] = str(self.organisation.pk)
        return f"{reverse(name, args=list(args))}?{urlencode(chosen)}"

    @property
    def file_name(self) -> str:
        """The period, as it stands in names of files."""
        first, last = self.form.period()
        return f"{first:%Y-%m}-{last:%Y-%m}"


def look(request: HttpRequest, *, pk: int | None = None) -> Look:
    """What the address asks for; ``pk``: on an organisation's own page. Raises NotAllowed, and NotFound for others'."""
    user: Any = request.user
    scope = access.statistics_scope(user)
    organisation = _organisation(request, scope, pk)
    # A region's calls are those of its time with each practice, whoever belongs to it today.
    ids = None if scope.regions else scope.organisation_ids
    regions = None
    today = clock.local_date(clock.now())
    if organisation is None:
        choices = choices_of(organisation_ids=scope.organisation_ids, today=today)
    else:
        ids = frozenset(accounts_queries.descendant_ids([organisation.pk]))
        choices = Choices([], [], choices_of(organisation_ids=ids, today=today).pilot)
        if organisation.kind == OrganisationKind.REGION:
            ids, regions = None, {organisation.pk}
    form = StatisticsForm(
        request.GET.dict(), choices=choices, earliest=queries.earliest_month(organisation_ids=ids), today=today
    )
    if form.place is not None:
        ids = frozenset(accounts_queries.descendant_ids([form.place.pk]))
    first, last = form.period()
    chosen = Chosen(
        organisation_ids=ids,
        first=first,
        last=last,
        regions=regions if form.region_place is None else {form.region_place.pk},
        kind=form.kind,
        pilot_only=form.pilot_only,
        within=scope.holds,
    )
    found = Look(scope, form, Looked(chosen, note=_source(form, organisation, today)), organisation)
    found.looked.month_url = lambda month: _month_url(found, month)
    return found


def refuse_what_cannot_be(form: StatisticsForm) -> None:
    """A file is made of what was chosen, or not at all."""
    if not form.is_valid():
        raise InvalidInput(_("Valget kan ikke bruges. Gå tilbage, og vælg igen."))


def period_words(form: StatisticsForm) -> str:
    """The period in words."""
    first, last = (date_format(month, "F Y") for month in form.period())
    return str(first) if first == last else _("%(first)s til %(last)s") % {"first": first, "last": last}


def words(form: StatisticsForm, organisation: Organisation | None) -> list[str]:
    """What was chosen beside the period."""
    place = organisation.name if organisation is not None else (form.place.name if form.place else "")
    kind = {CallKind.CONSULTATION: _("konsultationer"), CallKind.CONFERENCE: _("konferencer"), None: ""}[form.kind]
    pilot = _("praksis i pilotprojektet") if form.pilot_only else ""
    return [str(word) for word in (place, form.region_place.name if form.region_place else "", kind, pilot) if word]


def _organisation(request: HttpRequest, scope: Scope, pk: int | None) -> Organisation | None:
    asked = request.GET.get(UNIT, "")
    if pk is None and asked:
        if not asked.isdecimal() or len(asked) > 18:
            raise NotFound
        pk = int(asked)
    return None if pk is None else access.organisation_in(scope, pk)


def _source(form: StatisticsForm, organisation: Organisation | None, today: date) -> str:
    return _("Kilde: %(source)s, %(date)s.") % {
        "source": ", ".join(["VDX", period_words(form), *words(form, organisation)]),
        "date": date_format(today, "j. F Y"),
    }


def _month_url(found: Look, month: date) -> str:
    """A month leads to its practices; a practice's month to its calls."""
    only = {"fra": f"{month:%Y-%m}", "til": f"{month:%Y-%m}"}
    if found.organisation is not None:
        return found.address("monitoring:calls", args=[found.organisation.pk], **only, enhed="")
    first, last = found.form.period()
    return "" if first == last else found.address("monitoring:statistics", **only)
