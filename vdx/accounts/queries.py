"""Reads: the organisation tree, who works where, and the lists of the administrators' pages.

The tree is asked by recursive queries, so that the number of queries depends neither on its size nor its depth.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from vdx.accounts.enums import CLINICAL_ROLES, OrganisationKind, Role
from vdx.accounts.models import Membership, Organisation, RegionPeriod, User
from vdx.accounts.rules.regions import Period, region_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

_TABLE, _PERIODS = Organisation._meta.db_table, RegionPeriod._meta.db_table
_ABOVE = "child.id = tree.parent_id"
# Far deeper than any real tree; ends the search where rows were tied into a loop behind our back.
_DEPTH = 50


def descendant_ids(ids: Iterable[int]) -> set[int]:
    """The organisations and everything below them. One query."""
    return _walk(ids, "child.parent_id = tree.id")


def ancestor_ids(ids: Iterable[int]) -> set[int]:
    """The organisations and everything above them. One query."""
    return _walk(ids, _ABOVE)


def ancestors(organisation: Organisation) -> list[Organisation]:
    """The organisation itself, then what it belongs to, the root last. One query, or none for a root."""
    if organisation.parent_id is None:
        return [organisation]
    return list(
        Organisation.objects.raw(
            f"""
            WITH RECURSIVE tree(id, parent_id, depth) AS (
                SELECT id, parent_id, 0 FROM {_TABLE} WHERE id = %s
                UNION ALL
                SELECT above.id, above.parent_id, tree.depth + 1
                FROM {_TABLE} above JOIN tree ON above.id = tree.parent_id WHERE tree.depth < {_DEPTH}
            )
            SELECT organisation.* FROM {_TABLE} organisation JOIN tree ON organisation.id = tree.id
            ORDER BY tree.depth
            """,  # noqa: S608  # the table's name is ours
            [organisation.pk],
        )
    )


def below(organisation: Organisation) -> list[Organisation]:
    """The organisation and everything below it, by code. Two queries."""
    return list(Organisation.objects.filter(pk__in=descendant_ids([organisation.pk])).order_by("code"))


def code_taken(code: str) -> bool:
    """Whether an organisation has the code."""
    return Organisation.objects.filter(code=code).exists()


def region_on(organisation_ids: Iterable[int], day: date) -> dict[int, Organisation | None]:
    """The region of each organisation on a day. Two queries at most."""
    pairs = {(organisation_id, day) for organisation_id in organisation_ids}
    return {organisation_id: region for (organisation_id, _), region in regions_for_calls(pairs).items()}


def regions_for_calls(pairs: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Organisation | None]:
    """The region of each (organisation id, day). Two queries at most, however many pairs."""
    wanted = set(pairs)
    if not wanted:
        return {}
    parents, regions, periods = _belonging({organisation_id for organisation_id, _ in wanted})
    found = {
        (organisation_id, day): region_for(organisation_id, day, parents=parents, periods=periods, regions=regions)
        for organisation_id, day in wanted
    }
    objects = Organisation.objects.in_bulk({region for region in found.values() if region is not None})
    return {pair: objects[region] if region is not None else None for pair, region in found.items()}


@dataclass(frozen=True)
class RegionSpan:
    """The region an organisation belonged to from one day to another, both included; None: to none."""

    organisation_id: int
    region_id: int | None
    first: date
    last: date


def region_spans(organisation_ids: Iterable[int], first: date, last: date) -> list[RegionSpan]:
    """The regions of each organisation in a period, in order of time. One query at most."""
    wanted = sorted(set(organisation_ids))
    if not wanted or last < first:
        return []
    parents, regions, periods = _belonging(wanted)
    found = []
    for organisation_id in wanted:
        starts: set[date] = {first}
        seen: set[int] = set()
        node: int | None = organisation_id
        while node is not None and node not in seen:
            seen.add(node)
            for period in periods.get(node, ()):
                starts |= {
                    day for day in (period.valid_from, _after(period.valid_until)) if day and first < day <= last
                }
            node = parents.get(node)
        days = sorted(starts)
        for begin, following in zip(days, [*days[1:], last + timedelta(days=1)], strict=True):
            region = region_for(organisation_id, begin, parents=parents, periods=periods, regions=regions)
            found.append(RegionSpan(organisation_id, region, begin, following - timedelta(days=1)))
    return found


def _after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + timedelta(days=1)


def _belonging(
    organisation_ids: Iterable[int],
) -> tuple[dict[int, int | None], set[int], dict[int, list[Period]]]:
    """Parents, which of them are regions, and periods, of the organisations and all above them. One query."""
    parents: dict[int, int | None] = {}
    regions: set[int] = set()
    periods: dict[int, list[Period]] = defaultdict(list)
    for node, parent, kind, region, valid_from, valid_until in _fetched(
        f"{_tree(_ABOVE)} SELECT tree.id, tree.parent_id, tree.kind, period.region_id, period.valid_from,"  # noqa: S608  # ours
        f" period.valid_until FROM tree LEFT JOIN {_PERIODS} period ON period.organisation_id = tree.id"
        " ORDER BY period.id",
        sorted(set(organisation_ids)),
    ):
        parents[node] = parent
        if kind == OrganisationKind.REGION:
            regions.add(node)
        if region is not None:
            periods[node].append(Period(region, valid_from, valid_until))
    return parents, regions, periods


def medcom_staff() -> list[User]:
    """Those who work at MedCom, by name, each once. One query."""
    held = Membership.objects.active().filter(role=Role.MEDCOM)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk"))


def clinicians(organisation_ids: Collection[int], role: Role | None = None) -> list[User]:
    """Active doctors and secretaries (or one of the two) of the organisations, by name, each once. One query."""
    roles = CLINICAL_ROLES if role is None else {role}
    held = Membership.objects.active().filter(
        user=OuterRef("pk"), organisation_id__in=list(organisation_ids), role__in=roles
    )
    return list(User.objects.filter(Exists(held), is_active=True).order_by("name", "email"))


def clinician_shown(organisation_id: int, email: str) -> tuple[str, str] | None:
    """Name and telephone of the active doctor or secretary of the organisation with that e-mail. One query."""
    held = Membership.objects.active().filter(
        organisation_id=organisation_id, role__in=CLINICAL_ROLES, user__is_active=True, user__email__iexact=email
    )
    return held.order_by("user_id").values_list("user__name", "user__phone").first()


def organisations_at(ids: Collection[int] | None) -> QuerySet[Organisation]:
    """The organisations an administrator may choose among; None: all of them."""
    return Organisation.objects.all() if ids is None else Organisation.objects.filter(pk__in=ids)


def people(
    organisation_ids: Collection[int] | None,
    *,
    text: str = "",
    role: str = "",
    organisation_id: int | None = None,
    closed: bool = False,
) -> QuerySet[User]:
    """Users with an active membership in the organisations (None: everybody), filtered.

    ``text`` is found in name or e-mail; ``closed`` gives the deactivated instead of the active. Each user carries
    ``shown`` (the memberships within the organisations) and ``has_second_factor``.
    """
    held = Membership.objects.active().select_related("organisation").order_by("organisation__name", "role")
    if organisation_ids is not None:
        held = held.filter(organisation_id__in=organisation_ids)
    matching = held.filter(user=OuterRef("pk")).order_by()
    if role:
        matching = matching.filter(role=role)
    if organisation_id is not None:
        matching = matching.filter(organisation_id=organisation_id)
    users = User.objects.filter(is_active=not closed).order_by("name", "email")
    # MedCom also finds people who have no role any more.
    if organisation_ids is not None or role or organisation_id is not None:
        users = users.filter(Exists(matching))
    if text:
        users = users.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return with_second_factor(users).prefetch_related(Prefetch("memberships", queryset=held, to_attr="shown"))


def with_second_factor(users: QuerySet[User]) -> QuerySet[User]:
    """The users, each with ``has_second_factor``."""
    return users.annotate(
        has_second_factor=Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)),
    )


def has_second_factor(user: User) -> bool:
    """Whether the person has enrolled a second factor."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def recovery_codes_left(user: User) -> int:
    """How many recovery codes the person has not used yet."""
    return int(StaticToken.objects.filter(device__user=user, device__confirmed=True).count())


def roles_shown(user: User | AnonymousUser) -> list[Membership]:
    """The person's own roles with their organisations, for the header and the profile. One query."""
    if not user.is_authenticated:
        return []
    return list(user.memberships.active().select_related("organisation").order_by("organisation__name", "role"))


def person_memberships(user: User, organisation_ids: Collection[int] | None) -> list[Membership]:
    """A person's active roles within the organisations (None: everywhere)."""
    held = user.memberships.active().select_related("organisation").order_by("organisation__name", "role")
    return list(held if organisation_ids is None else held.filter(organisation_id__in=organisation_ids))


def medcom_count() -> int:
    """How many people can run the hub."""
    held = Membership.objects.active().filter(role=Role.MEDCOM, user__is_active=True)
    return int(held.aggregate(people=Count("user", distinct=True))["people"])


def _walk(ids: Iterable[int], step: str) -> set[int]:
    start = sorted(set(ids))
    return {row[0] for row in _fetched(f"{_tree(step)} SELECT id FROM tree", start)} if start else set()  # noqa: S608  # step is ours


def _tree(step: str) -> str:
    """Some organisations and what ``step`` leads to. Parameter: their ids, as :func:`_fetched` gives them."""
    given = "SELECT unnest(%s::bigint[])" if connection.vendor == "postgresql" else "SELECT value FROM json_each(%s)"
    # UNION, not UNION ALL: a loop ends by itself.
    return (
        f"WITH RECURSIVE tree(id, parent_id, kind) AS (SELECT id, parent_id, kind FROM {_TABLE} WHERE id IN ({given})"  # noqa: S608  # table and step are ours
        f" UNION SELECT child.id, child.parent_id, child.kind FROM {_TABLE} child JOIN tree ON {step})"
    )


def _fetched(sql: str, ids: list[int]) -> list[tuple[Any, ...]]:
    # One value: of thousands the driver would look for the place of each.
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids if connection.vendor == "postgresql" else json.dumps(ids)])
        return cursor.fetchall()


@dataclass(frozen=True)
class StaffLine:
    """One active role of an active person, with how far the person has come with the login."""

    user_id: int
    organisation_id: int
    role: str
    logged_in: bool
    has_second_factor: bool


def staff(organisation_ids: Collection[int] | None) -> list[StaffLine]:
    """Who works in the organisations (None: everywhere). One query."""
    held = Membership.objects.active().filter(user__is_active=True)
    if organisation_ids is not None:
        held = held.filter(organisation_id__in=organisation_ids)
    confirmed = TOTPDevice.objects.filter(user=OuterRef("user"), confirmed=True)
    rows = held.annotate(has_second_factor=Exists(confirmed)).values_list(
        "user_id", "organisation_id", "role", "user__last_login", "has_second_factor"
    )
    return [StaffLine(user, place, role, last is not None, second) for user, place, role, last, second in rows]


def strict_about_second_factor() -> set[int]:
    """Organisations whose doctors and secretaries, and of units below, need a second factor. One query."""
    return set(Organisation.objects.filter(doctors_need_second_factor=True).values_list("pk", flat=True))
