"""How many were asked, and how many answered: MedCom's and research's, a region's, and a practice's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from surveys import figures, results_access
from surveys.figures import Figure
from surveys.models import Questionnaire
from surveys.queries import response_rate as queries
from surveys.queries.results import region_names
from surveys.results_access import ResultsScope
from surveys.results_forms import ResponseRateForm
from surveys.rules.funnel import USUAL_WEEKS, weeks_between
from surveys.services.download import note_results_download
from surveys.views import files
from surveys.wording import in_language
from vdx.accounts.access import require_roles
from vdx.lib import clock
from vdx.lib.errors import NotFound

# In addresses: the funnel of the whole period, and the weeks.
_FIGURES = ("tragt", "uger")


@dataclass(frozen=True)
class Looked:
    """What somebody looks at, and the two figures of it."""

    scope: ResultsScope
    questionnaire: Questionnaire
    title: str
    form: ResponseRateForm
    figures: dict[str, Figure]


@require_GET
@require_roles()
def response_rate(request: HttpRequest) -> HttpResponse:
    """The funnel of the period, and the response rate of each week."""
    looked = _look(request)
    chosen = looked.form.chosen()
    context = {
        "title": looked.title,
        "form": looked.form,
        "sees_answers": looked.scope.sees_answers,
        "own": not looked.scope.sees_answers,
        "is_postcard": queries.edition_of(looked.questionnaire) is not None,
        "parts": [
            {
                "key": key,
                "figure": figure,
                "picture": _address("surveys:response_rate_picture", chosen, figure=key),
                "narrow": _address("surveys:response_rate_picture", {**chosen, "bredde": "smal"}, figure=key),
                "downloads": [
                    (kind.upper(), _address("surveys:response_rate_file", chosen, figure=key, kind=kind))
                    for kind in files.FORMATS
                ],
            }
            for key, figure in looked.figures.items()
        ],
        "empty": all(figure.empty for figure in looked.figures.values()),
    }
    return render(request, "surveys/response_rate.html", context)


@require_GET
@require_roles()
def response_rate_picture(request: HttpRequest, figure: str) -> HttpResponseBase:
    """A chart of the page."""
    looked = _look(request)
    files.refused(looked.form.is_valid())
    return files.picture(request, _figure(looked, figure))


@require_POST
@require_roles()
def response_rate_file(request: HttpRequest, figure: str, kind: str) -> HttpResponseBase:
    """A figure to take away. What is chosen stands in the address, as that of the page; it is written down."""
    user: Any = request.user
    looked = _look(request)
    files.refused(looked.form.is_valid())
    name = f"vdx-svarprocent-{looked.questionnaire.key}-{figure}"
    response = files.attachment(request, _figure(looked, figure), name=name, kind=kind)
    what = f"response_rate {looked.questionnaire.key}"
    note_results_download(actor=user, what=what, kind=kind, chosen={"figure": figure, **looked.form.chosen()})
    return response


def _figure(looked: Looked, key: str) -> Figure:
    if key not in looked.figures:
        raise NotFound
    return looked.figures[key]


def _look(request: HttpRequest) -> Looked:
    user: Any = request.user
    scope = results_access.results_scope(user)
    every = [*queries.asked_questionnaires(), *queries.asked_postcards(scope.regions)]
    asked = {questionnaire.key: questionnaire for questionnaire in every}
    if not asked:
        raise NotFound
    today = clock.local_date(clock.now())
    # Which questionnaire is shown decides which months there are to choose among.
    questionnaire = asked.get(request.GET.get("skema", "")) or next(iter(asked.values()))
    edition = queries.edition_of(questionnaire)
    earliest = (
        queries.first_week(questionnaire, scope.whose) if edition is None else queries.postcard_first_week(edition)
    )
    form = ResponseRateForm(
        request.GET.dict(),
        titles=[(key, _title(each)) for key, each in asked.items()],
        # No card is counted by its region.
        regions=region_names(scope.regions) if scope.sees_answers and edition is None else [],
        earliest=earliest,
        today=today,
    )
    first, last = _weeks(form, earliest, today)
    weeks = weeks_between(first, last)
    rate = (
        queries.response_rate(questionnaire, scope.whose, first=weeks[0], last=weeks[-1], region=form.chosen_region)
        if edition is None
        else queries.postcard_rate(edition, first=weeks[0], last=weeks[-1], today=today)
    )
    note = _("Kilde: %(source)s, %(date)s.") % {
        "source": ", ".join([f"VDX, {_title(questionnaire)}", *form.words()]),
        "date": date_format(today, "j. F Y"),
    }
    made = {"tragt": figures.funnel(rate, note=note), "uger": figures.by_week(rate, weeks, note=note)}
    return Looked(scope, questionnaire, _title(questionnaire), form, made)


def _weeks(form: ResponseRateForm, earliest: date | None, today: date) -> tuple[date, date]:
    """The first and the last day whose weeks are shown: of the period, or the last half year where none is chosen.

    A week belongs to the month that it begins in.
    """
    last = min(form.last or today, today)
    if form.first is not None:
        # Not the Monday before, which lies in the month before.
        first = form.first + timedelta(days=-form.first.weekday() % 7)
    elif form.last is not None:
        first = earliest or last
    else:
        first = max(earliest or last, last - timedelta(weeks=USUAL_WEEKS - 1))
    return min(first, last), last


def _title(questionnaire: Questionnaire) -> str:
    return in_language({"da": questionnaire.title_da, "en": questionnaire.title_en})


def _address(name: str, chosen: dict[str, str], **more: str) -> str:
    address = reverse(name, kwargs=more)
    return f"{address}?{urlencode(chosen)}" if chosen else address
