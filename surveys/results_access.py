"""Who sees what of the answers and of the response rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveys.queries.response_rate import Whose
from surveys.queries.results import Source, result_sources
from vdx.accounts import access as accounts_access
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import OrganisationKind, Role
from vdx.lib.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User


@dataclass(frozen=True)
class ResultsScope:
    """Whose answers a person sees, by region (None: everybody's, empty: nobody's), and whose response rate."""

    regions: frozenset[str] | None
    whose: Whose

    @property
    def sees_answers(self) -> bool:
        """Whether there is anything but the response rate."""
        return self.regions is None or bool(self.regions)


def results_scope(user: User) -> ResultsScope:
    """MedCom and researchers see everything, a region's administrators their region, others no answers.

    Whoever else works at an organisation sees how many of its own patients answered. No filter goes by practice.
    Raises NotAllowed for everybody else.
    """
    if accounts_access.is_medcom(user) or accounts_access.organisations_of(user, {Role.RESEARCHER}).exists():
        return ResultsScope(None, Whose(None, None))
    visible = accounts_access.visible_ids(user)
    if not visible:
        raise NotAllowed
    administered = accounts_queries.organisations_at(accounts_access.administered_ids(user))
    regions = dict(administered.filter(kind=OrganisationKind.REGION).values_list("pk", "code"))
    # A region is counted by the region of its calls: what a practice did elsewhere before it moved is not the region's.
    elsewhere = visible - accounts_queries.descendant_ids(regions)
    codes = frozenset(regions.values())
    return ResultsScope(codes, Whose(codes, frozenset(elsewhere)))


def answers_scope(user: User) -> ResultsScope:
    """The same, for pages with answers. Raises NotAllowed for who sees none."""
    scope = results_scope(user)
    if not scope.sees_answers:
        raise NotAllowed
    return scope


def source_in(scope: ResultsScope, key: str, number: int) -> Source:
    """A version of a questionnaire that the person may see results of. Raises NotFound."""
    for source in result_sources(scope.regions):
        if (source.key, source.number) == (key, number):
            return source
    raise NotFound
