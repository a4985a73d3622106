"""What the base templates need on every page."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from vdx.accounts.enums import CLINICAL_ROLES, Role
from vdx.version import VERSION


class MenuItem(TypedDict):
    """One entry of the portal's menu. ``current`` says that the page belongs to it."""

    label: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """``shell.menu`` (empty without a login), ``.language``, ``.languages``, ``.here`` and ``.version``.

    The menu asks the database only on pages that show it.
    """
    return {
        "shell": {
            "menu": SimpleLazyObject(lambda: menu(request)),
            "language": translation.get_language() or settings.LANGUAGE_CODE,
            "languages": settings.LANGUAGES,
            # Where the language switch comes back to. A page made by a POST is asked for again by its GET.
            "here": request.get_full_path(),
            "version": VERSION,
        }
    }


def menu(request: HttpRequest) -> list[MenuItem]:
    """The entries of the portal for the person who is logged in: what their roles can use, in one query."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    roles = set(user.memberships.active().values_list("role", flat=True))
    entries: list[tuple[bool, str, str]] = [
        (bool(roles & CLINICAL_ROLES), _("Min dag"), "booking:day"),
        (bool(roles - {Role.RESEARCHER}), _("Statistik"), "monitoring:statistics"),
        (bool(roles & {Role.ADMINISTRATOR, Role.MEDCOM}), _("Brugere"), "accounts:people"),
        (Role.MEDCOM in roles, _("Administration"), "admin:index"),
        (True, _("Min profil"), "accounts:profile"),
    ]
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"label": label, "url": reverse(name), "current": name == here} for allowed, label, name in entries if allowed
    ]
