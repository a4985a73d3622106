"""What the base templates need on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from monitoring.access import MACHINE_COOKIE, machine_test
from monitoring.queries import standing_alarm
from vdx.accounts.enums import CLINICAL_ROLES, Role
from vdx.accounts.queries import roles_shown
from vdx.help import topics
from vdx.version import VERSION

if TYPE_CHECKING:
    from vdx.accounts.models import Membership


class MenuItem(TypedDict):
    """One entry of the portal's menu. ``current`` says that the page belongs to it."""

    label: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """``shell.menu`` and ``.roles`` (empty without a login), ``.language``, ``.languages``, ``.here``, ``.version``,
    the topics of the ``.help``, what came of the newest device test on this very ``.machine``, and the ``.alarm`` of a
    hub that fills up, for MedCom's staff.

    Menu and roles ask the database only on pages that show them, and only once.
    """
    return {
        "shell": {
            "menu": SimpleLazyObject(lambda: menu(request)),
            "alarm": SimpleLazyObject(lambda: alarm(request)),
            "roles": SimpleLazyObject(lambda: roles(request)),
            "language": translation.get_language() or settings.LANGUAGE_CODE,
            "languages": settings.LANGUAGES,
            # Where the language switch comes back to. A page made by a POST is asked for again by its GET.
            "here": request.get_full_path(),
            "version": VERSION,
            "help": SimpleLazyObject(topics),
            "machine": SimpleLazyObject(lambda: machine_test(request.COOKIES.get(MACHINE_COOKIE))),
        }
    }


def roles(request: HttpRequest) -> list[Membership]:
    """What the person who is logged in may do, and where, in one query a request."""
    if not hasattr(request, "_vdx_roles"):
        user: Any = getattr(request, "user", None)
        request._vdx_roles = roles_shown(user) if user is not None else []  # type: ignore[attr-defined]
    return request._vdx_roles  # type: ignore[attr-defined]


def alarm(request: HttpRequest) -> str:
    """For MedCom's staff: the level that the hub has passed, empty for none and for everybody else. One query."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated or all(held.role != Role.MEDCOM for held in roles(request)):
        return ""
    return str(standing_alarm() or "")


def menu(request: HttpRequest) -> list[MenuItem]:
    """The entries of the portal for the person who is logged in: what their roles can use, in one query."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    held = {membership.role for membership in roles(request)}
    entries: list[tuple[bool, str, str]] = [
        (bool(held & CLINICAL_ROLES), _("Min dag"), "booking:day"),
        (bool(held & CLINICAL_ROLES), _("Venteværelse"), "booking:desk"),
        (bool(held - {Role.RESEARCHER}), _("Faste møderum"), "rooms:fixed_rooms"),
        (bool(held - {Role.RESEARCHER}), _("Statistik"), "monitoring:statistics"),
        (bool(held), _("Resultater"), "surveys:results"),
        (Role.RESEARCHER in held, _("Data til forskning"), "surveys:export"),
        (bool(held - {Role.RESEARCHER}), _("Kom i gang"), "monitoring:readiness"),
        (bool(held & {Role.ADMINISTRATOR, Role.MEDCOM}), _("Brugere"), "accounts:people"),
        (Role.MEDCOM in held, _("Administration"), "admin:index"),
        (True, _("Min profil"), "accounts:profile"),
    ]
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"label": label, "url": reverse(name), "current": name == here} for allowed, label, name in entries if allowed
    ]
