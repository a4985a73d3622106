"""Who may see which numbers, and what is known of the machine somebody sits at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http.response import HttpResponseBase

from rooms.enums import TestVerdict
from vdx.accounts import access as accounts_access
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import CLINICAL_ROLES, OrganisationKind, Role
from vdx.lib import clock
from vdx.lib.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from monitoring.models import CallRecord
    from vdx.accounts.models import Organisation, User

MACHINE_COOKIE = "vdx_machine"
# Cameras are changed and browsers updated: after half a year a test says little.
MACHINE_COOKIE_SECONDS = 182 * 24 * 3600


@dataclass(frozen=True)
class Scope:
    """Organisations whose numbers a person may see, as they belong today; None stands for all of them.

    A call stays in the region that its practice was in: of ``regions`` every call held while the practice belonged
    there may be seen, and no other. ``own`` are organisations whose calls may be seen wherever they belonged.
    """

    organisation_ids: frozenset[int] | None
    regions: frozenset[int] = frozenset()
    own: frozenset[int] = frozenset()

    def includes(self, organisation_id: int) -> bool:
        """Whether the organisation's numbers may be seen."""
        return self.organisation_ids is None or organisation_id in self.organisation_ids

    def holds(self, organisation_id: int, region_id: int | None) -> bool:
        """Whether the calls that an organisation held while it belonged to a region may be seen."""
        return self.organisation_ids is None or organisation_id in self.own or region_id in self.regions


def statistics_scope(user: User) -> Scope:
    """What the person may see: MedCom all, others their own organisations and those below. Raises NotAllowed."""
    visible = accounts_access.visible_ids(user)
    if visible is None:
        return Scope(None)
    if not visible:
        raise NotAllowed
    return _scope(visible, accounts_access.organisations_of(user, {Role.ADMINISTRATOR} | CLINICAL_ROLES))


def honoraria_scope(user: User) -> Scope:
    """Whose honoraria the person may see: MedCom all, administrators their own and below. Raises NotAllowed.

    What practices are paid is not for each of their doctors to see. A region sees what it pays itself, and not what
    another one paid before a practice came.
    """
    if accounts_access.is_medcom(user):
        return Scope(None)
    administered = accounts_access.administered_ids(user)
    if not administered:
        raise NotAllowed
    return _scope(administered, accounts_access.organisations_of(user, {Role.ADMINISTRATOR}))


def _scope(seen: Collection[int], places: QuerySet[Organisation]) -> Scope:
    """``places``: where the person has the role by which what lies below, ``seen``, is shown."""
    regions = set(places.filter(kind=OrganisationKind.REGION).values_list("pk", flat=True))
    if not regions:
        return Scope(frozenset(seen), own=frozenset(seen))
    others = places.exclude(pk__in=regions).values_list("pk", flat=True)
    return Scope(frozenset(seen), frozenset(regions), frozenset(accounts_queries.descendant_ids(others)))


def business_regions(user: User) -> list[Organisation] | None:
    """The regions whose business case the person may see, by name; None (MedCom): the whole country and each of them.

    Raises NotAllowed for those who administer no region.
    """
    if accounts_access.is_medcom(user):
        return None
    regions = accounts_access.organisations_of(user, {Role.ADMINISTRATOR}).filter(kind=OrganisationKind.REGION)
    found = list(regions.order_by("name", "code"))
    if not found:
        raise NotAllowed
    return found


def workplaces(user: User) -> list[Organisation]:
    """Where the person holds consultations, as doctor or secretary, by name."""
    return list(accounts_access.organisations_of(user, CLINICAL_ROLES).order_by("name", "code"))


def workplace(user: User, organisation_id: int) -> Organisation:
    """One of them. Raises NotFound: absent and forbidden look alike."""
    found = accounts_access.organisations_of(user, CLINICAL_ROLES).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class MachineTest:
    """What came of the newest device test that was made at work on the very machine that asks, and on which day."""

    verdict: TestVerdict
    day: date

    @property
    def passed(self) -> bool:
        """Whether sound and picture worked."""
        return self.verdict == TestVerdict.OK


def set_machine_cookie(response: HttpResponseBase, machine: MachineTest) -> None:
    """Let the portal's pages know that this machine was tested. Signed; it tells of no person, nor which machine."""
    response.set_cookie(
        MACHINE_COOKIE,
        signing.dumps([str(machine.verdict), machine.day.isoformat()], salt=MACHINE_COOKIE),
        max_age=MACHINE_COOKIE_SECONDS,
        path="/portal/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def machine_test(cookie: str | None) -> MachineTest | None:
    """What the machine's cookie tells; None where it has none of ours, or one that is too old."""
    try:
        verdict, day = signing.loads(cookie or "", salt=MACHINE_COOKIE, max_age=MACHINE_COOKIE_SECONDS)
        return MachineTest(TestVerdict(verdict), date.fromisoformat(day))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def organisation_in(scope: Scope, organisation_id: int) -> Organisation:
    """The organisation, if its numbers, or those of before it moved to another region, may be seen. Raises NotFound."""
    found = apps.get_model("accounts.Organisation").objects.filter(pk=organisation_id)
    organisation: Organisation | None = found.first()
    if organisation is None or not (scope.includes(organisation_id) or _was_in(scope, organisation_id)):
        raise NotFound
    return organisation


def _was_in(scope: Scope, organisation_id: int) -> bool:
    if not scope.regions:
        return False
    spans = accounts_queries.region_spans([organisation_id], date.min, clock.local_date(clock.now()))
    return any(span.region_id in scope.regions for span in spans)


def call_in(scope: Scope, call_id: int) -> CallRecord:
    """A call of an organisation whose numbers may be seen, with the organisation. Raises NotFound.

    What is there for testing only is in no number, and is not shown as one either.
    """
    calls = apps.get_model("monitoring.CallRecord").objects.select_related("organisation")
    call: CallRecord | None = calls.filter(pk=call_id, is_test=False).first()
    moment = None if call is None else call.started_at or call.starts_at
    if call is None or moment is None:
        raise NotFound
    region = accounts_queries.region_on([call.organisation_id], clock.local_date(moment))[call.organisation_id]
    if not scope.holds(call.organisation_id, region.pk if region else None):
        raise NotFound
    above = accounts_queries.ancestors(call.organisation)
    if any(organisation.is_test for organisation in above):
        raise NotFound
    return call
