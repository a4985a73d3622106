"""Between password and code: who is on the way in, and what happens when they are there.

Until the second factor has been shown nobody is logged in. The session only remembers whose password was right,
for ten minutes.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from vdx.accounts import access, services
from vdx.accounts.enums import CLINICAL_ROLES, Role
from vdx.accounts.models import User
from vdx.lib import clock

_KEY = "accounts.on_the_way_in"
SECONDS = 600
BROWSER_COOKIE = "vdx_browser"
BROWSER_SECONDS = 365 * 24 * 3600
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin(request: HttpRequest, user: User) -> None:
    """Remember whose password was right, in a fresh session."""
    request.session.flush()
    request.session[_KEY] = {"user": user.pk, "since": clock.now().timestamp(), "next": safe_next(request)}


def waiting(request: HttpRequest) -> User | None:
    """Who has to show or enrol a second factor now: on the way in, or logged in and owing it."""
    user: Any = request.user
    if user.is_authenticated:
        return user if not user.is_verified() else None
    state = request.session.get(_KEY)
    if not state or clock.now().timestamp() - state["since"] > SECONDS:
        return None
    return User.objects.filter(pk=state["user"], is_active=True).first()


def complete(request: HttpRequest, user: User, device: Any = None) -> str:
    """Log the person in, with a new session key. Returns where to go."""
    state = request.session.pop(_KEY, None) or {}
    onward = state.get("next") or safe_next(request)
    if device is not None:
        user.otp_device = device  # type: ignore[attr-defined]
    # The key is new after this, whoever had the session before.
    auth.login(request, user, backend=_BACKEND)
    services.note_log_in(user=user, second_factor=device is not None)
    return onward or landing(user)


def landing(user: User) -> str:
    """The page where somebody's work begins."""
    roles = set(user.memberships.active().values_list("role", flat=True))
    if roles & CLINICAL_ROLES:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    if roles & {Role.ADMINISTRATOR, Role.MEDCOM}:
        return reverse("accounts:people")
    return reverse("accounts:profile")


def safe_next(request: HttpRequest) -> str:
    """The page of ours that the person was on the way to, or ""."""
    onward = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        return onward
    return ""


def remember_browser(request: HttpRequest, response: Any, user: User) -> None:
    """Let the browser keep the mark that gives this person counters of their own at the next login."""
    response.set_cookie(
        BROWSER_COOKIE,
        access.browser_cookie(request.COOKIES.get(BROWSER_COOKIE, ""), user.email),
        max_age=BROWSER_SECONDS,
        path=reverse("accounts:login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
