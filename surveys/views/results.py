"""The results: a question at a time, or two together, as page, picture and file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from surveys import figures, results_access
from surveys.enums import TEXT_KINDS, ContextFact
from surveys.figures import Figure
from surveys.queries import results
from surveys.queries.results import Size, Source
from surveys.results_access import ResultsScope
from surveys.results_forms import ResultsForm
from surveys.rules.privacy import FEWEST_PRACTICES, K
from surveys.rules.questionnaire import Variable
from surveys.rules.results import without_small_cells
from surveys.services.download import note_results_download
from surveys.views import files
from surveys.wording import in_language, number, question_text
from vdx.accounts.access import require_roles
from vdx.lib import charts, clock
from vdx.lib.errors import NotFound

# The crossings of the postcard that the pilot's report shows: how it went, by what may have been in the way.
_OF_THE_REPORT = [("sound", "carried_out"), ("picture", "carried_out"), ("longer", "carried_out")]


@dataclass(frozen=True)
class Looked:
    """What somebody looks at: a source, what was chosen, and the figure of it."""

    source: Source
    form: ResultsForm
    size: Size
    figure: Figure
    today: date

    @property
    def name(self) -> str:
        """The source in addresses and names of files."""
        return f"{self.source.key}-{self.source.number}"


@require_GET
@require_roles()
def overview(request: HttpRequest) -> HttpResponse:
    """What there are results of. Who sees no answers is led to the response rate."""
    user: Any = request.user
    scope = results_access.results_scope(user)
    if not scope.sees_answers:
        return redirect("surveys:response_rate")
    sources = results.result_sources(scope.regions)
    sizes = results.sizes(sources, scope.regions)
    tiles = [
        {
            "title": in_language(source.title),
            "url": _address("surveys:result", source),
            "number": number(sizes[source.version_id]),
            "version": "" if source.edition else _("Version %(number)d") % {"number": source.number},
            "asked_now": source.asked_now,
        }
        for source in sources
    ]
    return render(request, "surveys/results.html", {"tiles": tiles, "regional": scope.regions is not None})


@require_GET
@require_roles()
def result(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A question of a source, perhaps with another one beside it."""
    user: Any = request.user
    scope = results_access.answers_scope(user)
    looked = _look(request, scope, key, number)
    form, source = looked.form, looked.source
    chosen = form.chosen()
    before, after = form.neighbours
    written = form.variable.kind in TEXT_KINDS
    context = {
        "source": source,
        "title": in_language(source.title),
        "form": form,
        "words": form.words(),
        "figure": looked.figure,
        "counted": looked.size.counted,
        "background_only": looked.size.background_only,
        "written": written,
        "without_region": _without_region(scope, source),
        "of_no_region": scope.regions is not None and source.edition is not None,
        # What is written in own words has a number, and no chart.
        "picture": "" if written else _address("surveys:result_picture", source, chosen),
        "narrow": _address("surveys:result_picture", source, {**chosen, "bredde": "smal"}),
        "downloads": [
            (kind.upper(), _address("surveys:result_file", source, chosen, kind=kind))
            for kind in (files.FORMATS[:1] if written else files.FORMATS)
        ],
        "before": _neighbour(source, chosen, before),
        "after": _neighbour(source, chosen, after),
        "crossings": _crossings(source, chosen),
    }
    return render(request, "surveys/result.html", context)


@require_GET
@require_roles()
def result_picture(request: HttpRequest, key: str, number: int) -> HttpResponseBase:
    """The chart of the page."""
    user: Any = request.user
    looked = _look(request, results_access.answers_scope(user), key, number)
    files.refused(looked.form.is_valid())
    return files.picture(request, looked.figure)


@require_POST
@require_roles()
def result_file(request: HttpRequest, key: str, number: int, kind: str) -> HttpResponseBase:
    """The figure to take away. What is chosen stands in the address, as that of the page; it is written down."""
    user: Any = request.user
    looked = _look(request, results_access.answers_scope(user), key, number)
    files.refused(looked.form.is_valid())
    chosen = looked.form.chosen()
    response = files.attachment(
        request,
        looked.figure,
        name="-".join(["vdx", looked.name, *filter(None, [chosen["sp"], chosen.get("kryds")])]),
        kind=kind,
    )
    note_results_download(actor=user, what=looked.name, kind=kind, chosen=chosen)
    return response


def _look(request: HttpRequest, scope: ResultsScope, key: str, number: int) -> Looked:
    source = results_access.source_in(scope, key, number)
    if not source.definition.variables:
        raise NotFound
    today = clock.local_date(clock.now())
    everything = results.size(source, results.Filters(regions=scope.regions))
    form = ResultsForm(
        request.GET.dict(),
        source=source,
        scope=scope,
        regions=results.region_names(scope.regions) if ContextFact.REGION in source.facts else [],
        earliest=everything.earliest,
        today=today,
    )
    filters = form.filters()
    size = results.size(source, filters)
    note = _("Kilde: %(source)s, %(date)s.") % {
        "source": ", ".join([f"VDX, {in_language(source.title)}", *form.words()]),
        "date": date_format(today, "j. F Y"),
    }
    variable, beside = form.variable, form.beside
    # All answers are told as they are; a part of them may be a few people.
    part = filters.narrows or (scope.regions is not None and source.edition is None)
    if beside is None:
        tally = results.tally_of(source, variable, filters)
        few, figure = tally.answered, figures.one(variable, tally, note=note)
    else:
        cross = results.cross_of(source, variable, beside, filters)
        if part or variable.known_to_others or beside.known_to_others:
            cross = without_small_cells(variable, beside, cross, K)
        few, figure = cross.both, figures.together(variable, beside, cross, note=note)
    if part and 0 < min(few or size.counted, size.counted) < K:
        figure, size = _too_few(figure.title), Size(size.counted, 0, size.earliest)
    elif filters.practice_kind and 0 < results.practices_behind(source, filters) < FEWEST_PRACTICES:
        # Practices of a kind are few in some regions: their answers would be one practice's.
        figure, size = _too_few(figure.title), Size(size.counted, 0, size.earliest)
    return Looked(source, form, size, figure, today)


def _too_few(title: str) -> Figure:
    """Instead of a figure of so few answers, or practices, that they point at somebody."""
    lead = _("For få svar, eller svar fra for få praksis, til at vise.")
    return Figure(
        title=title,
        lead=lead,
        table=figures.Table(corner="", columns=[], rows=[]),
        chart=charts.bars([], title=title, note=lead),
        lines=[("note",), (f"fewer than {K} answers or {FEWEST_PRACTICES} practices",)],
        empty=True,
    )


def _address(name: str, source: Source, chosen: dict[str, str] | None = None, **more: str) -> str:
    address = reverse(name, kwargs={"key": source.key, "number": source.number, **more})
    return f"{address}?{urlencode(chosen)}" if chosen else address


def _neighbour(source: Source, chosen: dict[str, str], variable: Variable | None) -> dict[str, str] | None:
    """The question before or after, by itself, of the same answers."""
    if variable is None:
        return None
    alone = {name: value for name, value in chosen.items() if name != "kryds"} | {"sp": variable.name}
    return {"url": _address("surveys:result", source, alone), "text": question_text(variable)}


def _crossings(source: Source, chosen: dict[str, str]) -> list[dict[str, str]]:
    """The report's crossings of the postcard, ready made."""
    if source.edition is None:
        return []
    found = []
    for first, second in _OF_THE_REPORT:
        pair = [source.definition.variable(name) for name in (first, second)]
        if all(pair):
            texts = [question_text(variable) for variable in pair if variable is not None]
            url = _address("surveys:result", source, {**chosen, "sp": first, "kryds": second})
            found.append(
                {
                    "url": url,
                    "text": _("%(first)s – sammen med: %(second)s")
                    % dict(zip(("first", "second"), texts, strict=True)),
                }
            )
    return found


def _without_region(scope: ResultsScope, source: Source) -> bool:
    """Whether somebody who sees one region only sees nothing, because these answers know no region."""
    return scope.regions is not None and source.edition is None and ContextFact.REGION not in source.facts
