"""What an export reads: final responses and postcards one after the other, and who could stand behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, CharField, Count, Max, Min, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, TruncMonth

from surveys.enums import FINAL_RESPONSES, Edition, InvitationState, ResponseState, VersionState
from surveys.models import FreeText, Invitation, Postcard, QuestionnaireVersion, Response
from surveys.queries.context import UNKNOWN
from surveys.rules.privacy import Known

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


def export_period(version: QuestionnaireVersion | None) -> tuple[date | None, date | None]:
    """The first and last day with an answer to the version, or with a postcard."""
    found: dict[str, Any] = (
        Postcard.objects.aggregate(first=Min("date"), last=Max("date"))
        if version is None
        else _final(version).aggregate(first=Min("date"), last=Max("date"))
    )
    return found["first"], found["last"]


def count_responses(version: QuestionnaireVersion, chosen: Chosen) -> int:
    """How many responses an export would hold."""
    return _chosen(version, chosen).count()


def count_postcards(chosen: Chosen) -> int:
    """How many postcards an export would hold."""
    return _cards(chosen).count()


def response_lines(version: QuestionnaireVersion, chosen: Chosen) -> Iterator[list[str]]:
    """Context and row as JSON, and two digits (complete, background only), with tabs between; some at a time.

    JSON has no tab and no end of a line in it. PostgreSQL hands the lines over by COPY, twice as fast as by a cursor.
    """
    flags = Case(
        When(state=ResponseState.COMPLETE, background_only=False, then=Value("10")),
        When(state=ResponseState.COMPLETE, then=Value("11")),
        When(background_only=False, then=Value("00")),
        default=Value("01"),
        output_field=CharField(),
    )
    found = (
        _chosen(version, chosen).order_by().values_list(Cast("context", TextField()), Cast("row", TextField()), flags)
    )
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
    """Edition, date and the five answers."""
    found = _cards(chosen).order_by()
    names = ("edition", "date", "carried_out", "picture", "sound", "longer", "replaced")
    return found.values_list(*names).iterator(chunk_size=AT_ONCE)


def free_texts(version: QuestionnaireVersion, chosen: Chosen) -> Iterator[tuple[str, str]]:
    """Variable and text, by the alphabet, so that neither order nor number leads to a response."""
    found = FreeText.objects.filter(response__in=_chosen(version, chosen)).order_by("variable", "text")
    return found.values_list("variable", "text").iterator(chunk_size=AT_ONCE)


def free_text_counts(version: QuestionnaireVersion, chosen: Chosen) -> dict[str, int]:
    """How many wrote something, by variable."""
    found = FreeText.objects.filter(response__in=_chosen(version, chosen)).order_by()
    return dict(found.values_list("variable").annotate(n=Count("pk")))


def known_practices(version: QuestionnaireVersion, chosen: Chosen) -> list[Known]:
    """The practices from whose calls somebody answered, with what the context may tell of each."""
    found = Invitation.objects.filter(
        questionnaire_id=version.questionnaire_id, state__in=[InvitationState.COMPLETE, InvitationState.PARTLY]
    )
    if chosen.first:
        found = found.filter(updated__gte=chosen.first)
    if chosen.last:
        found = found.filter(updated__lte=chosen.last)
    rows = (
        found.order_by()
        .values_list("region_code", "organisation__kind", TruncMonth("updated"), "organisation_id")
        .distinct()
    )
    practices = []
    for region, kind, month, practice in rows.iterator(chunk_size=AT_ONCE):
        facts = {"region": region or UNKNOWN, "practice_kind": kind or UNKNOWN, "month": f"{month:%Y-%m}"}
        if all(facts.get(name, value) == value for name, value in chosen.facts.items()):
            practices.append(Known(tuple(facts.items()), practice))
    return practices


def told_regions(version: QuestionnaireVersion) -> list[str]:
    """The codes of the regions that responses of the version tell of."""
    found = _final(version).order_by().values_list("context__region", flat=True).distinct()
    return sorted(code for code in found if code)


def one_look() -> AbstractContextManager[Any]:
    """A transaction in which rows are read by a cursor of the server.

    Not on SQLite, where a transaction keeps others from writing, and one query sees one state in any case.
    """
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


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
