"""Enrolling the second factor, its recovery codes, and doing without it."""

from __future__ import annotations

from base64 import b32encode
from binascii import unhexlify
from typing import Any

import segno
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from vdx.accounts import access, queries, services
from vdx.accounts.forms import EnrolForm
from vdx.accounts.models import User
from vdx.accounts.views import session
from vdx.accounts.views.refusals import page_with_refusal
from vdx.lib.errors import DomainError

_SALT = "accounts.enrol"
# Time to find the telephone and install an app.
_SECONDS = 1800


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """A fresh key as a QR code; it is taken into use by its first code.

    The key travels in the form, signed, so that looking at the page writes nothing. The recovery codes are shown
    by the answer to the POST itself, since what is shown once is stored nowhere.
    """
    user: Any = request.user
    person = session.waiting(request) or (user if user.is_authenticated else None)
    if person is None:
        return redirect("accounts:login")
    if queries.has_second_factor(person) and not (user.is_authenticated and user.is_verified()):
        return redirect("accounts:verify")
    if request.method != "POST":
        return render(request, "accounts/enrol.html", _fresh(request, person))
    key = _key(request.POST.get("key", ""), person)
    if key is None:
        messages.warning(request, _("Siden har været åben for længe. Scan den nye QR-kode."))
        return redirect("accounts:enrol")
    form = EnrolForm(request.POST)
    context = {**_shown(person, key), "next": session.safe_next(request)}
    if not form.is_valid():
        return render(request, "accounts/enrol.html", {"form": form, **context})
    try:
        device = services.enrol_totp(user=person, key=key, code=form.cleaned_data["code"])
    except DomainError as error:
        return page_with_refusal(request, "accounts/enrol.html", form, error, context)
    codes = services.make_recovery_codes(user=person)
    onward = session.complete(request, person, device)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "onward": onward})


@access.require_roles()
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """How many recovery codes are left; new ones are shown by the answer to the POST, once."""
    user: Any = request.user
    if not user.is_verified():
        return redirect("accounts:enrol")
    if request.method == "POST":
        codes = services.make_recovery_codes(user=user)
        return render(request, "accounts/recovery_codes.html", {"codes": codes, "onward": session.landing(user)})
    return render(request, "accounts/recovery.html", {"left": queries.recovery_codes_left(user)})


@access.require_roles()
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Do without the second factor again, where nothing asks for it."""
    user: Any = request.user
    try:
        services.remove_second_factor(user=user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Totrinslogin er slået fra."))
    return redirect("accounts:profile")


def _fresh(request: HttpRequest, person: User) -> dict[str, Any]:
    key = services.draw_key()
    signed = signing.dumps({"key": key, "user": person.pk}, salt=_SALT)
    return {"form": EnrolForm(initial={"key": signed}), "next": session.safe_next(request), **_shown(person, key)}


def _key(signed: str, person: User) -> str | None:
    try:
        found = signing.loads(signed, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    return str(found["key"]) if found["user"] == person.pk else None


def _shown(person: User, key: str) -> dict[str, str]:
    text = b32encode(unhexlify(key)).decode()
    address = TOTPDevice(user=person, key=key).config_url
    return {
        "qr": segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff"),
        "key_text": " ".join(text[start : start + 4] for start in range(0, len(text), 4)),
    }
