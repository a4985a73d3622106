"""What the base templates need on every page."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from vdx.version import VERSION


class MenuItem(TypedDict):
    """One entry of the portal's menu. ``current`` says that the page belongs to it."""

    label: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """``shell.menu`` (empty without a login), ``shell.language``, ``shell.languages``, ``shell.here``, ``shell.version``.

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
    """The entries of the portal for the person who is logged in."""
    return []
