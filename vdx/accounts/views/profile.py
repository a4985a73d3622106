"""One's own profile."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vdx.accounts import access, queries, services
from vdx.accounts.enums import Role
from vdx.accounts.forms import ProfileForm
from vdx.accounts.models import User
from vdx.accounts.views.refusals import page_with_refusal
from vdx.lib.errors import DomainError


@access.require_roles()
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, usual length, language, telephone shown to patients; second factor; own roles."""
    # The form writes into its instance, so it gets one of its own.
    user: Any = request.user
    person = User.objects.get(pk=user.pk)
    context: dict[str, Any] = {
        "email": person.email,
        "roles": queries.roles_shown(person),
        "is_doctor": access.organisations_of(person, {Role.DOCTOR}).exists(),
        "has_second_factor": queries.has_second_factor(person),
        "is_compulsory": access.second_factor_compulsory(person),
        "codes_left": queries.recovery_codes_left(person),
    }
    if request.method != "POST":
        return render(request, "accounts/profile.html", {"form": ProfileForm(instance=person), **context})
    form = ProfileForm(request.POST, instance=person)
    if not form.is_valid():
        return render(request, "accounts/profile.html", {"form": form, **context})
    try:
        services.update_profile(user=person, **form.cleaned_data)
    except DomainError as error:
        return page_with_refusal(request, "accounts/profile.html", form, error, context)
    with translation.override(form.cleaned_data["language"]):
        messages.success(request, _("Din profil er gemt."))
    response = redirect("accounts:profile")
    # What was just chosen holds on this device too.
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response
