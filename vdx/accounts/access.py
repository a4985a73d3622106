"""The door: what a person may see and do, and the objects that ids from outside become.

"Absent" and "forbidden" look alike: both are :class:`NotFound`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection
from importlib import import_module
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from vdx.accounts import queries
from vdx.accounts.enums import CLINICAL_ROLES, SECOND_FACTOR_ROLES, Role
from vdx.accounts.errors import LinkUsed
from vdx.accounts.models import Membership, OneTimeLink, Organisation, User
from vdx.accounts.rules.emails import normalise
from vdx.accounts.rules.reach import Reach
from vdx.lib import clock, ids, throttle
from vdx.lib.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Person = User | AnonymousUser

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_PEOPLE_A_BROWSER = 10
_BROWSER_COOKIE = re.compile(rf"[\w-]{{43}}(\.[0-9a-f]{{32}}){{1,{_PEOPLE_A_BROWSER}}}")


def is_medcom(user: Person) -> bool:
    """Whether the person works at MedCom."""
    return user.is_active and _held(user, {Role.MEDCOM}).exists()


def organisations_of(user: Person, roles: Collection[Role]) -> QuerySet[Organisation]:
    """Organisations where the person has one of the roles now; what lies below them is not included."""
    if not user.is_active:
        return Organisation.objects.none()
    return Organisation.objects.filter(pk__in=_held(user, roles).values("organisation"))


def administered_ids(user: Person) -> set[int]:
    """Organisations whose people the person looks after: an administrator's own and below, for MedCom all."""
    if is_medcom(user):
        return set(Organisation.objects.values_list("pk", flat=True))
    return queries.descendant_ids(organisations_of(user, {Role.ADMINISTRATOR}).values_list("pk", flat=True))


def visible_ids(user: Person) -> set[int] | None:
    """Organisations whose numbers the person may see: own and below. None means all (MedCom).

    A researcher sees no organisation's page; what research is given is exported on its own.
    """
    if is_medcom(user):
        return None
    roles = {Role.ADMINISTRATOR} | CLINICAL_ROLES
    return queries.descendant_ids(organisations_of(user, roles).values_list("pk", flat=True))


def reach(user: Person) -> Reach:
    """How far the person's hand reaches as an administrator."""
    if is_medcom(user):
        return Reach(is_medcom=True, organisation_ids=())
    return Reach(is_medcom=False, organisation_ids=administered_ids(user))


def may_host(user: Person, organisation_id: int) -> bool:
    """Whether the person is a doctor or secretary there, and does not owe the second factor in this session."""
    if not user.is_active or not _held(user, CLINICAL_ROLES).filter(organisation_id=organisation_id).exists():
        return False
    return not owes_second_factor(user)


def user_of_session(session_key: str) -> User | None:
    """Who is logged in by a session, for whoever has its cookie and no request: a socket that stays open for hours.

    Whether a second factor was shown is not looked at.
    """
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) else None


def second_factor_required(user: Person) -> bool:
    """Whether the person must show a second factor.

    So must MedCom's staff, administrators and researchers; doctors and secretaries where their organisation, or
    one above it, says so; and everybody who has enrolled one.
    """
    if not user.is_authenticated:
        return False
    return second_factor_compulsory(user) or queries.has_second_factor(user)


def second_factor_compulsory(user: User) -> bool:
    """Whether the person's work asks for a second factor, so that it is not a matter of choice."""
    held = list(user.memberships.active().values_list("role", "organisation_id"))
    if any(role in SECOND_FACTOR_ROLES for role, _ in held):
        return True
    clinical = {organisation_id for role, organisation_id in held if role in CLINICAL_ROLES}
    above = queries.ancestor_ids(clinical)
    return bool(above) and Organisation.objects.filter(pk__in=above, doctors_need_second_factor=True).exists()


def owes_second_factor(user: Any) -> bool:
    """Whether a logged-in person must show the second factor and has not done so in this session.

    Somebody who did not come by a request (a task, a command) owes nothing.
    """
    verified = getattr(user, "is_verified", None)
    return verified is not None and not verified() and second_factor_required(user)


def require_roles(*roles: Role) -> Callable[[View[P]], View[P]]:
    """View decorator: logged in, second factor shown where it is owed, and one of the roles (none named: any)."""

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user: Any = request.user
            if not user.is_authenticated:
                return _onward("accounts:login", request)
            if owes_second_factor(user):
                return _onward("accounts:verify" if queries.has_second_factor(user) else "accounts:enrol", request)
            if roles and not _held(user, roles).exists():
                raise NotAllowed
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return decorate


def person(user: Person, user_id: int) -> User:
    """Somebody whom an administrator looks after: with an active role in an organisation of theirs."""
    hand = reach(user)
    found = queries.with_second_factor(User.objects.filter(pk=user_id))
    if not hand.is_medcom:
        found = found.filter(
            pk__in=Membership.objects.active().filter(organisation_id__in=hand.organisation_ids).values("user")
        )
    result = found.first()
    if result is None:
        raise NotFound
    return result


def membership(user: Person, user_id: int, membership_id: int) -> Membership:
    """An active role, within reach, of a person whom an administrator looks after."""
    somebody = person(user, user_id)
    held = somebody.memberships.active().select_related("organisation").filter(pk=membership_id).first()
    if held is None or not reach(user).may_give(held.role, held.organisation_id):
        raise NotFound
    return held


def link_for_secret(secret: str, *, address: str) -> OneTimeLink:
    """The one-time link that still opens; guessing is slowed before the comparison. Raises LinkUsed."""
    attempt = throttle.attempt("link", (address,), free=20)
    link = OneTimeLink.objects.filter(secret_digest=link_digest(secret), user__is_active=True).first()
    if link is None or not link.usable(clock.now()):
        raise LinkUsed
    attempt.take_back()
    return link


def known_browser(cookie: str, email: str) -> str:
    """The mark of a browser in which this e-mail has logged in before, or "" (see services.check_password)."""
    mark, *people = cookie.split(".")
    return mark if _browser_digest(mark, email) in people else ""


def browser_cookie(cookie: str, email: str) -> str:
    """What such a browser keeps: a random mark, and a keyed fingerprint for each of the last people who used it."""
    mark, *people = cookie.split(".")
    if not _BROWSER_COOKIE.fullmatch(cookie):
        mark, people = ids.token(), []
    digest = _browser_digest(mark, email)
    return ".".join([mark, *[other for other in people if other != digest][-(_PEOPLE_A_BROWSER - 1) :], digest])


def link_digest(secret: str) -> str:
    """The fingerprint under which a one-time link is stored."""
    return ids.digest("one-time-link", secret)


def _browser_digest(mark: str, email: str) -> str:
    return ids.digest("known-browser", f"{mark}|{normalise(email)}")[:32]


def _held(user: Person, roles: Collection[Role]) -> QuerySet[Membership]:
    if not user.is_authenticated:
        return Membership.objects.none()
    return Membership.objects.active().filter(user_id=user.pk, role__in=list(roles))


def _onward(page: str, request: HttpRequest) -> HttpResponseRedirect:
    # After a POST there is nothing to come back to but the page that sent it.
    onward = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    return HttpResponseRedirect(reverse(page) + (f"?next={quote(onward)}" if onward else ""))
