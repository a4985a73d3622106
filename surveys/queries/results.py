"""What was answered, counted by the database: a question at a time, and two against each other.

Only final responses count, and none that stopped after the background. Rows without a date belong to every period.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from surveys.enums import (
    FINAL_RESPONSES,
    TEXT_KINDS,
    ContextFact,
    Edition,
    InvitationState,
    QuestionKind,
    VersionState,
)
from surveys.models import FreeText, Invitation, Postcard, QuestionnaireVersion, Response
from surveys.queries.definition import definition_of
from surveys.rules.activation import And, Answered, Equals, Expression, In, Not, Or
from surveys.rules.coding import SKIPPED, columns
from surveys.rules.postcard import SYDDANMARK
from surveys.rules.questionnaire import QuestionnaireDef, Text, Variable, postcard_key
from surveys.rules.results import Cells, Cross, Tally, cross, tally
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import OrganisationKind

_EDITIONS = {postcard_key(edition): edition for edition in Edition}


@dataclass(frozen=True)
class Source:
    """What results are shown of: a version of a questionnaire, or an edition of the postcard (its newest texts).

    ``facts`` are those that its answers keep of their call; a postcard keeps none.
    """

    version_id: int
    key: str
    number: int
    title: Text
    facts: frozenset[str]
    asked_now: bool
    edition: Edition | None = None

    @property
    def definition(self) -> QuestionnaireDef:
        """Its questions."""
        return definition_of(self.version_id)


@dataclass(frozen=True)
class Filters:
    """Which answers count. ``first`` and ``last`` are days, both included; empty words and None choose nothing.

    ``regions``: those that the person may see (None: all, and what knows no region).
    """

    first: date | None = None
    last: date | None = None
    region: str = ""
    practice_kind: str = ""
    outcome: str = ""
    regions: frozenset[str] | None = None

    @property
    def facts(self) -> dict[str, str]:
        """The facts of the call that must be so."""
        chosen = {
            ContextFact.REGION.value: self.region,
            ContextFact.PRACTICE_KIND.value: self.practice_kind,
            ContextFact.OUTCOME.value: self.outcome,
        }
        return {fact: value for fact, value in chosen.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether a part of the answers is looked at, and not all of them."""
        return bool(self.first or self.last or self.facts)


@dataclass(frozen=True)
class Size:
    """How many answered: those who count, and those who stopped after the background and do not."""

    counted: int
    background_only: int
    earliest: date | None


def result_sources(regions: frozenset[str] | None) -> list[Source]:
    """What the person with these regions (None: all) may see results of, the newest version first. One query.

    Of the postcard one entry an edition. Syddanmark's is that region's own; the national one knows no region, and is
    everybody's.
    """
    found = []
    seen: set[str] = set()
    versions = QuestionnaireVersion.objects.select_related("questionnaire").exclude(state=VersionState.DRAFT)
    for version in versions.order_by("-questionnaire__audience", "questionnaire__key", "-number"):
        key = version.questionnaire.key
        edition = _EDITIONS.get(key)
        if edition == Edition.SYDDANMARK and regions is not None and SYDDANMARK not in regions:
            continue
        if edition is not None and key in seen:
            continue
        seen.add(key)
        found.append(
            Source(
                version_id=version.pk,
                key=key,
                number=version.number,
                title={"da": version.questionnaire.title_da, "en": version.questionnaire.title_en},
                facts=frozenset() if edition is not None else frozenset(version.context),
                asked_now=version.state == VersionState.PUBLISHED,
                edition=edition,
            )
        )
    return found


def sizes(sources: Sequence[Source], regions: frozenset[str] | None) -> dict[int, int]:
    """How many answers there are of each source, by the version's id. Two queries, however many sources."""
    filters = Filters(regions=regions)
    responses = _final(filters).filter(background_only=False, version__in=[source.version_id for source in sources])
    found = dict(responses.values_list("version").annotate(number=Count("pk")).order_by())
    cards = dict(Postcard.objects.values_list("edition").annotate(number=Count("pk")).order_by())
    return {
        source.version_id: (
            found.get(source.version_id, 0) if source.edition is None else cards.get(source.edition.value, 0)
        )
        for source in sources
    }


def size(source: Source, filters: Filters) -> Size:
    """How many answers the filters leave, and the day of the source's first answer. Two queries."""
    whole = Filters(regions=filters.regions)
    if source.edition is not None:
        cards = _cards(source.edition, filters).count()
        return Size(cards, 0, _cards(source.edition, whole).aggregate(first=Min("date"))["first"])
    background = Q(background_only=True)
    found = _of(source, filters).aggregate(all=Count("pk"), background=Count("pk", filter=background))
    earliest = _of(source, whole).aggregate(first=Min("date"))["first"]
    return Size(found["all"] - found["background"], found["background"], earliest)


def practices_behind(source: Source, filters: Filters) -> int:
    """From how many practices of the kind, region and period guests answered; 0 where nobody knows. One query."""
    found = Invitation.objects.filter(
        questionnaire__key=source.key, state__in=[InvitationState.COMPLETE, InvitationState.PARTLY]
    )
    if filters.practice_kind:
        found = found.filter(organisation__kind=filters.practice_kind)
    if filters.regions is not None:
        found = found.filter(region_code__in=sorted(filters.regions))
    if filters.region:
        found = found.filter(region_code=filters.region)
    # What is forgotten keeps the first of its month; the months of a choice are whole.
    if filters.first is not None:
        found = found.filter(updated__gte=filters.first)
    if filters.last is not None:
        found = found.filter(updated__lte=filters.last)
    return found.aggregate(practices=Count("organisation", distinct=True))["practices"]


def region_names(regions: frozenset[str] | None) -> list[tuple[str, str]]:
    """Code and name of the regions (None: of all), by name. One query."""
    found = accounts_queries.organisations_at(None).filter(kind=OrganisationKind.REGION)
    if regions is not None:
        found = found.filter(code__in=sorted(regions))
    return list(found.order_by("name", "code").values_list("code", "name"))


def tally_of(source: Source, variable: Variable, filters: Filters) -> Tally:
    """How a question was answered. One query; of what is written in own words two, and only how many wrote."""
    if source.edition is not None:
        return tally(
            variable, (((code,), count) for (code,), count in _card_groups(source.edition, [variable], filters))
        )
    if variable.kind in TEXT_KINDS:
        return _written(source, variable, filters)
    return tally(variable, _groups(source, [variable], filters))


def cross_of(source: Source, first: Variable, second: Variable, filters: Filters) -> Cross:
    """How two questions were answered together. One query."""
    variables = [first, second]
    if source.edition is not None:
        groups = _card_groups(source.edition, variables, filters)
        return cross(first, second, (((one,), (other,), count) for (one, other), count in groups))
    width = len(_places(source.definition)[first.name])
    return cross(
        first,
        second,
        ((cells[:width], cells[width:], count) for cells, count in _groups(source, variables, filters)),
    )


def _final(filters: Filters) -> QuerySet[Response]:
    found = Response.objects.filter(_period(filters), state__in=FINAL_RESPONSES)
    if filters.regions is not None:
        found = found.filter(context__region__in=sorted(filters.regions))
    # One condition each: two keys of the same field would be one name in a dictionary of conditions.
    for fact, value in filters.facts.items():
        found = found.filter(**{f"context__{fact}": value})
    return found


def _of(source: Source, filters: Filters) -> QuerySet[Response]:
    return _final(filters).filter(version=source.version_id)


def _counted(source: Source, filters: Filters) -> QuerySet[Response]:
    return _of(source, filters).filter(background_only=False)


def _cards(edition: Edition, filters: Filters) -> QuerySet[Postcard]:
    return Postcard.objects.filter(_period(filters), edition=edition)


def _period(filters: Filters) -> Q:
    within = Q()
    if filters.first is not None:
        within &= Q(date__gte=filters.first)
    if filters.last is not None:
        within &= Q(date__lte=filters.last)
    return within | Q(date__isnull=True) if within else within


def _places(definition: QuestionnaireDef) -> dict[str, list[int]]:
    """Where each variable's columns stand in ``Response.row``."""
    found: dict[str, list[int]] = {variable.name: [] for variable in definition.variables}
    for place, column in enumerate(columns(definition)):
        found[column.variable.name].append(place)
    return found


def _groups(source: Source, variables: Sequence[Variable], filters: Filters) -> list[tuple[Cells, int]]:
    places = _places(source.definition)
    names: dict[str, Any] = {}
    for variable in variables:
        for place in places[variable.name]:
            # Text first: the two databases agree on how a number of a JSON list is written.
            names[f"c{len(names)}"] = Cast(KeyTextTransform(place, "row"), IntegerField())
    grouped = (
        _counted(source, filters).annotate(**names).values_list(*names).annotate(number=Count("pk")).order_by(*names)
    )
    return [(row[:-1], row[-1]) for row in grouped]


def _card_groups(edition: Edition, variables: Sequence[Variable], filters: Filters) -> list[tuple[Cells, int]]:
    names = [variable.name for variable in variables]
    # A question beside itself is one column.
    grouped = _cards(edition, filters).values_list(*dict.fromkeys(names)).annotate(number=Count("pk")).order_by(*names)
    counts: Counter[Cells] = Counter()
    for *cells, number in grouped:
        known = dict(zip(dict.fromkeys(names), cells, strict=True))
        counts[tuple(SKIPPED if known[name] is None else known[name] for name in names)] += number
    return list(counts.items())


def _written(source: Source, variable: Variable, filters: Filters) -> Tally:
    counted = _counted(source, filters)
    texts = FreeText.objects.filter(response=OuterRef("pk"), variable=variable.name)
    answered = counted.filter(Exists(texts)).count()
    met = counted.filter(reached__gte=variable.page)
    if variable.activation is not None:
        met = met.filter(_holds(variable.activation, source.definition))
    return Tally(codes={}, answered=answered, skipped=max(met.count() - answered, 0))


def _holds(expression: Expression, definition: QuestionnaireDef) -> Q:
    """The same as ``surveys.rules.activation.holds``, asked of the stored numbers."""
    match expression:
        case Equals(name, code):
            return _holds(In(name, (code,)), definition)
        case In(name, codes):
            variable, places = definition.variable(name), _places(definition)[name]
            if variable is not None and variable.kind == QuestionKind.SEVERAL:
                several = zip(variable.choices, places, strict=True)
                return _any([Q(**{f"row__{place}": 1}) for choice, place in several if choice.code in codes])
            return Q(**{f"row__{places[0]}__in": list(codes)})
        case Answered(name):
            return Q(**{f"row__{_places(definition)[name][0]}__gte": 0})
        case Not(part):
            return ~_holds(part, definition)
        case And(parts):
            found = Q()
            for part in parts:
                found &= _holds(part, definition)
            return found
        case Or(parts):
            return _any([_holds(part, definition) for part in parts])


def _any(conditions: Sequence[Q]) -> Q:
    # An empty Q holds always; of no conditions none holds.
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found
