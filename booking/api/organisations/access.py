"""Which organisations a caller may look at and change: the own one and everything below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

from vdx.accounts import queries as accounts_queries
from vdx.accounts import services as accounts
from vdx.lib.errors import InvalidInput, NotFound
from vdx.lib.rest.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from vdx.accounts.callers import Caller
    from vdx.accounts.models import Organisation


class OutOfReach(Refused):
    """The organisation is neither the caller's nor below it."""

    empty = False

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class WhichOne(InvalidInput):
    """Exactly one of code and group must be given."""

    code = "which_one"


def organisation(caller: Caller, code: str, *, refused_by: int = 403) -> Organisation:
    """The organisation of that code. Raises ``NotFound`` and :class:`OutOfReach`."""
    return _within(caller, _all().filter(code=code).first(), refused_by)


def node(caller: Caller, *, code: str | None, group: int | None) -> Organisation:
    """A node of the tree, by one of its two keys. The contract refuses a stranger here with 401.

    Raises :class:`WhichOne`, ``NotFound`` and :class:`OutOfReach`.
    """
    if (code is None) == (group is None):
        raise WhichOne("Exactly one of organisationCode and groupId must be given")
    found = _all().filter(code=code) if group is None else _all().filter(pk=group)
    return _within(caller, found.first(), 401)


def by_history_key(caller: Caller, key: str) -> Organisation:
    """The organisation that the key belongs to. Raises ``NotFound`` and :class:`OutOfReach`."""
    return _within(caller, _all().filter(history_key_digest=accounts.history_key_digest(key)).first(), 401)


def _all() -> QuerySet[Organisation]:
    found: QuerySet[Organisation] = apps.get_model("accounts", "Organisation").objects.all()
    return found


def _within(caller: Caller, found: Organisation | None, refused_by: int) -> Organisation:
    if found is None:
        raise NotFound
    own = caller.organisation
    if own is None or own.pk not in accounts_queries.ancestor_ids([found.pk]):
        raise OutOfReach(refused_by)
    return found
