"""The second factor: enrolled, shown, renewed, taken away.

A code is six digits from the person's app (TOTP, RFC 6238) or one of the recovery codes. A code works once:
django-otp remembers the time step of the last one, and a recovery code is deleted by its use.
"""

from __future__ import annotations

import secrets
from binascii import unhexlify
from typing import TYPE_CHECKING

from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from vdx.accounts import access
from vdx.accounts.errors import BadCode, SecondFactorNeeded
from vdx.accounts.services.guard import check_may_manage, locked
from vdx.accounts.services.trail import audit
from vdx.lib import ids, throttle
from vdx.lib.errors import InvalidInput

if TYPE_CHECKING:
    from vdx.accounts.models import User

RECOVERY_CODES = 10
_RECOVERY_LENGTH = 12
KEY_BYTES = 20


def draw_key() -> str:
    """A fresh key for an app, in hexadecimal digits (160 bits, as RFC 4226 recommends)."""
    return secrets.token_hex(KEY_BYTES)


@transaction.atomic
def enrol_totp(*, user: User, key: str, code: str) -> TOTPDevice:
    """Take a key into use once its first code has been shown; an earlier one stops working. Raises BadCode."""
    row = locked(user)
    if len(unhexlify(key)) < KEY_BYTES:
        raise InvalidInput
    # Deleted first: the code of the old key must not speak for the new one.
    TOTPDevice.objects.filter(user=row).delete()
    device = TOTPDevice.objects.create(user=row, name="app", key=key, confirmed=True)
    if not device.verify_token(_digits(code)):
        raise BadCode(field="code")
    audit(action="second_factor.enrol", target_type="accounts.User", target_id=row.pk, actor=row)
    return device


def check_code(*, user: User, code: str, address: str) -> Device:
    """The device whose code this is. Raises BadCode, Throttled; a code that was used is refused."""
    guess = throttle.attempt("second-factor", (address, user.pk))
    # Who gets here has the password. Guesses from many addresses are slowed too, later and less.
    anywhere = guess.also("second-factor-anywhere", (user.pk,), free=30)
    device = _match(user, code)
    if device is None:
        raise BadCode(field="code")
    guess.succeeded()
    anywhere.succeeded()
    return device


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """Ten fresh codes to be shown once, in groups of four; earlier ones stop working. Only fingerprints are kept."""
    row = locked(user)
    StaticDevice.objects.filter(user=row).delete()
    device = StaticDevice.objects.create(user=row, name="recovery", confirmed=True)
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_recovery_digest(row, code)) for code in codes)
    audit(action="second_factor.recovery", target_type="accounts.User", target_id=row.pk, actor=row)
    return [ids.spoken_short_id(code) for code in codes]


@transaction.atomic
def reset_second_factor(*, user: User, actor: User | None) -> User:
    """An administrator takes away a lost second factor; the person enrols anew at the next login. NotAllowed."""
    row = locked(user)
    check_may_manage(actor, row)
    _forget(row)
    audit(action="second_factor.reset", target_type="accounts.User", target_id=row.pk, actor=actor)
    return row


@transaction.atomic
def remove_second_factor(*, user: User) -> User:
    """Somebody does without it again. Raises SecondFactorNeeded where their work asks for it."""
    row = locked(user)
    if access.second_factor_compulsory(row):
        raise SecondFactorNeeded
    _forget(row)
    audit(action="second_factor.remove", target_type="accounts.User", target_id=row.pk, actor=row)
    return row


@transaction.atomic
def _match(user: User, code: str) -> Device | None:
    # The rows are locked, so that of two who show the same code at once only one is let in.
    digits = _digits(code)
    if len(digits) == 6 and digits.isdecimal():
        app = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        return app if app is not None and app.verify_token(digits) else None
    typed = ids.normalise_short_id(code)
    paper = StaticDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if typed is None or paper is None or not paper.verify_token(_recovery_digest(user, typed)):
        return None
    audit(action="second_factor.recovery_used", target_type="accounts.User", target_id=user.pk, actor=user)
    return paper


def _digits(code: str) -> str:
    return "".join(code.split())


def _recovery_code() -> str:
    # The alphabet of the short link: nothing that is misread on paper. 60 bits.
    return "".join(secrets.choice(ids.ALPHABET) for _ in range(_RECOVERY_LENGTH))


def _recovery_digest(user: User, code: str) -> str:
    # As much of the fingerprint as the column holds: 64 bits, tied to the person.
    return ids.digest(f"recovery-code:{user.pk}", code)[:16]


def _forget(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
