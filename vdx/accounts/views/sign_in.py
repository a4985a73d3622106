"""Logging in with password and code, and out."""

from __future__ import annotations

from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vdx.accounts import access, queries, services
from vdx.accounts.forms import CodeForm, LoginForm, RecoveryForm
from vdx.accounts.models import User
from vdx.accounts.views import session
from vdx.accounts.views.refusals import page_with_refusal
from vdx.lib.errors import DomainError


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password. Whoever has a second factor, or must have one, is asked for it next."""
    onward = session.safe_next(request)
    user: Any = request.user
    if request.method != "POST":
        # With a ``next`` the present login did not open that page, so another one is asked for.
        if user.is_authenticated and not onward and not access.owes_second_factor(user):
            return HttpResponseRedirect(session.landing(user))
        return render(request, "accounts/login.html", {"form": LoginForm(), "next": onward})
    form = LoginForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/login.html", {"form": form, "next": onward})
    email = form.cleaned_data["email"]
    try:
        person = services.check_password(
            email=email,
            password=form.cleaned_data["password"],
            address=request.client_address,  # type: ignore[attr-defined]
            browser=access.known_browser(request.COOKIES.get(session.BROWSER_COOKIE, ""), email),
        )
    except DomainError as error:
        return page_with_refusal(request, "accounts/login.html", form, error, {"next": onward})
    return _after_password(request, person)


def _after_password(request: HttpRequest, person: User) -> HttpResponse:
    if access.second_factor_required(person):
        session.begin(request, person)
        response = redirect("accounts:verify" if queries.has_second_factor(person) else "accounts:enrol")
    else:
        response = HttpResponseRedirect(session.complete(request, person))
    session.remember_browser(request, response, person)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The code from the app, or (``?noedkode=1``) one of the recovery codes."""
    person = session.waiting(request)
    if person is None:
        user: Any = request.user
        return (
            HttpResponseRedirect(session.safe_next(request) or session.landing(user))
            if (user.is_authenticated)
            else redirect("accounts:login")
        )
    if not queries.has_second_factor(person):
        return redirect("accounts:enrol")
    on_paper = "noedkode" in request.GET
    context = {"on_paper": on_paper, "next": session.safe_next(request)}
    form_class = RecoveryForm if on_paper else CodeForm
    if request.method != "POST":
        return render(request, "accounts/verify.html", {"form": form_class(), **context})
    form = form_class(request.POST)
    if not form.is_valid():
        return render(request, "accounts/verify.html", {"form": form, **context})
    try:
        device = services.check_code(
            user=person,
            code=form.cleaned_data["code"],
            address=request.client_address,  # type: ignore[attr-defined]
        )
    except DomainError as error:
        return page_with_refusal(request, "accounts/verify.html", form, error, context)
    onward = session.complete(request, person, device)
    if on_paper:
        left = queries.recovery_codes_left(person)
        messages.warning(request, _("Du brugte en nødkode. Du har %(left)d tilbage.") % {"left": left})
    return HttpResponseRedirect(onward)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Out, and everything in the session is gone."""
    auth.logout(request)
    return redirect("rooms:front")
