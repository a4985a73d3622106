"""What an export reads: final responses and postcards one after the other, and who could stand behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, islice
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Count, Min, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Replace, TruncMonth

from surveys.enums import FINAL_RESPONSES, Edition, InvitationState, ResponseState, VersionState
from surveys.models import FreeText, Invitation, Postcard, QuestionnaireVersion, Response
from surveys.queries.context import UNKNOWN
from surveys.rules.periods import blocks, cut
from surveys.rules.postcard import CODES
from surveys.rules.privacy import K, Known

# Rows that the database hands over at once.
AT_ONCE = 2000


@dataclass(frozen=True)
class Chosen:
    """What an export is narrowed to. Responses and cards without a date belong to every period."""

    first: date | None = None
    last: date | None = None
    region: str = ""
    practice_kind: str = ""
    outcome: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """The facts of the call that must be so."""
        facts = {"region": self.region, "practice_kind": self.practice_kind, "outcome": self.outcome}
        return {name: value for name, value in facts.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen at all."""
        return self != Chosen()


def exportable() -> list[QuestionnaireVersion]:
    """The versions that have been asked, the newest first: once published, they can have answers."""
    return list(
        QuestionnaireVersion.objects.select_related("questionnaire")
        .exclude(state=VersionState.DRAFT)
        .exclude(questionnaire__key__startswith="postcard_")
        .order_by("questionnaire__key", "-number")
    )


def earliest_answer() -> date | None:
    """The first day with an answer of any kind. Two queries."""
    firsts = [
        Response.objects.filter(state__in=FINAL_RESPONSES).aggregate(first=Min("date"))["first"],
        Postcard.objects.aggregate(first=Min("date"))["first"],
    ]
    return min(filter(None, firsts), default=None)


def settled(version: QuestionnaireVersion | None, chosen: Chosen, today: date) -> Chosen:
    """What was chosen, cut to months that are over and have enough answers (None: of the postcards). One query."""
    within = replace(chosen, first=None, last=None)
    found: QuerySet[Any] = _cards(within) if version is None else _chosen(version, within)
    months = (
        found.filter(date__lt=today.replace(day=1))
        .order_by()
        .annotate(in_month=TruncMonth("date"))
        .values_list("in_month")
        .annotate(n=Count("pk"))
    )
    first, last = cut(chosen.first, chosen.last, blocks(months, K))
    return replace(chosen, first=first, last=last)


def leaves_few(version: QuestionnaireVersion | None, chosen: Chosen) -> bool:
    """Whether a wider choice of the same period has just a few answers more. A query for each."""

    def count(wider: Chosen) -> int:
        return count_postcards(wider) if version is None else count_responses(version, wider)

    names = list(chosen.facts)
    wider = [left_out for size in range(1, len(names) + 1) for left_out in combinations(names, size)]
    here = count(chosen) if wider else 0
    return any(0 < count(_without(chosen, left_out)) - here < K for left_out in wider)


def count_responses(version: QuestionnaireVersion, chosen: Chosen) -> int:
    """How many responses an export would hold."""
    return _chosen(version, chosen).count()


def count_postcards(chosen: Chosen) -> int:
    """How many postcards an export would hold."""
    return _cards(chosen).count()


def _without(chosen: Chosen, names: tuple[str, ...]) -> Chosen:
    facts = {name: value for name, value in chosen.facts.items() if name not in names}
    return Chosen(
        chosen.first, chosen.last, facts.get("region", ""), facts.get("practice_kind", ""), facts.get("outcome", "")
    )


def response_lines(version: QuestionnaireVersion, chosen: Chosen) -> Iterator[list[str]]:
    """Context as JSON, row as numbers with commas, and two digits (complete, background only); some lines at a time.

    There are tabs between: JSON has no tab and no end of a line in it. PostgreSQL hands the lines over by COPY, twice
    as fast as by a cursor, and takes the row's brackets and blanks away while Python works on the lines before.
    """
    row: Any = Cast("row", TextField())
    for mark in "[ ]":
        row = Replace(row, Value(mark), Value(""), output_field=TextField())
    flags = Case(
        When(state=ResponseState.COMPLETE, background_only=False, then=Value("10")),
        When(state=ResponseState.COMPLETE, then=Value("11")),
        When(background_only=False, then=Value("00")),
        default=Value("01"),
        output_field=CharField(),
    )
    found = _chosen(version, chosen).order_by().values_list(Cast("context", TextField()), row, flags)
    if connection.vendor == "postgresql":
        yield from _copied(found)
        return
    rows = found.iterator(chunk_size=AT_ONCE)
    while chunk := ["\t".join(row) for row in islice(rows, AT_ONCE)]:
        yield chunk


def _copied(found: QuerySet[Any, Any]) -> Iterator[list[str]]:
    """The rows of a query as lines of PostgreSQL's text format, which doubles each backslash."""
    sql, values = found.query.sql_with_params()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT", values) as copy:
        blocks = iter(copy)
        while block := b"".join(islice(blocks, AT_ONCE)):
            text = block.decode()
            yield (text.replace("\\\\", "\\") if "\\" in text else text)[:-1].split("\n")


def postcard_rows(chosen: Chosen) -> Iterator[tuple[Any, ...]]:
    """Edition, date and the five answers, in the order of ``CODES``."""
    found = _cards(chosen).order_by()
    return found.values_list("edition", "date", *CODES).iterator(chunk_size=AT_ONCE)


def free_texts(version: QuestionnaireVersion, chosen: Chosen) -> Iterator[tuple[str, str]]:
    """Variable and text, by the alphabet, so that neither order nor number leads to a response."""
    found = FreeText.objects.filter(response__in=_chosen(version, chosen)).order_by("variable", "text")
    return found.values_list("variable", "text").iterator(chunk_size=AT_ONCE)


def free_text_counts(version: QuestionnaireVersion, chosen: Chosen) -> dict[str, int]:
    """How many wrote something, by variable."""
    found = FreeText.objects.filter(response__in=_chosen(version, chosen)).order_by()
    return dict(found.values_list("variable").annotate(n=Count("pk")))


def known_practices(version: QuestionnaireVersion, chosen: Chosen) -> list[Known]:
    """The practices from whose calls somebody answered, what the context may tell of each, and how many answered."""
    found = Invitation.objects.filter(
        questionnaire_id=version.questionnaire_id, state__in=[InvitationState.COMPLETE, InvitationState.PARTLY]
    )
    if chosen.first:
        found = found.filter(updated__gte=chosen.first)
    if chosen.last:
        found = found.filter(updated__lte=chosen.last)
    rows = (
        found.order_by()
        .annotate(in_month=TruncMonth("updated"))
        .values_list("region_code", "organisation__kind", "in_month", "organisation_id")
        .annotate(answers=Count("pk"))
    )
    practices = []
    for region, kind, month, practice, answers in rows.iterator(chunk_size=AT_ONCE):
        facts = {"region": region or UNKNOWN, "practice_kind": kind or UNKNOWN, "month": f"{month:%Y-%m}"}
        if all(facts.get(name, value) == value for name, value in chosen.facts.items()):
            practices.append(Known(tuple(facts.items()), practice, answers))
    return practices


def told_regions(version: QuestionnaireVersion) -> list[str]:
    """The codes of the regions that responses of the version tell of."""
    found = _final(version).order_by().values_list("context__region", flat=True).distinct()
    return sorted(code for code in found if code)


def _final(version: QuestionnaireVersion) -> QuerySet[Response]:
    return Response.objects.filter(version=version, state__in=FINAL_RESPONSES)


def _chosen(version: QuestionnaireVersion, chosen: Chosen) -> QuerySet[Response]:
    found = _final(version).filter(_period(chosen))
    for name, value in chosen.facts.items():
        found = found.filter(**{f"context__{name}": value})
    return found


def _cards(chosen: Chosen) -> QuerySet[Postcard]:
    found = Postcard.objects.filter(_period(chosen))
    # National cards know no region: those of a region are its own edition.
    return found.filter(edition=Edition.SYDDANMARK, region_code=chosen.region) if chosen.region else found


def _period(chosen: Chosen) -> Q:
    period = Q()
    if chosen.first:
        period &= Q(date__gte=chosen.first)
    if chosen.last:
        period &= Q(date__lte=chosen.last)
    return period | Q(date=None) if period else period
