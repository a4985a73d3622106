"""Forgotten passwords, and the one-time links of invitations and new passwords."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from vdx.accounts import access, services
from vdx.accounts.forms import ForgotForm, PasswordForm
from vdx.accounts.views.refusals import page_with_refusal
from vdx.lib import clock, throttle
from vdx.lib.errors import DomainError, Throttled


@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether the e-mail is known or not."""
    if request.method != "POST":
        return render(request, "accounts/forgot.html", {"form": ForgotForm()})
    form = ForgotForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/forgot.html", {"form": form})
    email, address = form.cleaned_data["email"], request.client_address  # type: ignore[attr-defined]
    try:
        # Every wish counts, as there is no right or wrong one to tell apart.
        throttle.attempt("forgot", (address, email)).also("forgot-address", (address,), free=30)
    except Throttled as error:
        return page_with_refusal(request, "accounts/forgot.html", form, error, {})
    services.request_password(email=email, now=clock.now())
    messages.success(
        request,
        _("Hvis e-mailen hører til en bruger, er der nu et link på vej til den. Det virker i en time."),
    )
    return redirect("accounts:login")


@sensitive_variables("secret")
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a password. Looking at the page uses nothing: mail programs look at links before people do."""
    link = access.link_for_secret(secret, address=request.client_address)  # type: ignore[attr-defined]
    context = {"email": link.user.email, "purpose": link.purpose}
    if request.method != "POST":
        return render(request, "accounts/link.html", {"form": PasswordForm(), **context})
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/link.html", {"form": form, **context})
    try:
        services.use_link(secret=secret, password=form.cleaned_data["password"], now=clock.now())
    except DomainError as error:
        if error.status != 400:
            raise
        return page_with_refusal(request, "accounts/link.html", form, error, context)
    messages.success(request, _("Din adgangskode er gemt. Log ind med den her."))
    return redirect("accounts:login")
