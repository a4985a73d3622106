"""The first factor: e-mail and password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import authenticate

from vdx.accounts.errors import BadCredentials
from vdx.accounts.models import User
from vdx.accounts.rules.emails import normalise
from vdx.accounts.services.trail import audit
from vdx.lib import throttle

if TYPE_CHECKING:
    from vdx.lib.throttle import Attempt


def check_password(*, email: str, password: str, address: str, browser: str = "") -> User:
    """The active person of that e-mail and password. Raises BadCredentials, Throttled.

    Same answer and same time for an unknown e-mail, a closed account and a wrong password. ``browser`` is the
    mark of a browser in which this e-mail has logged in before: it has counters of its own, so that strangers'
    guesses, from whatever address, keep nobody out.
    """
    email = normalise(email)
    own, *shared = _attempts(email, address, browser)
    # Django's backend works through a password even where there is no such person.
    user = authenticate(username=email, password=password)
    if not isinstance(user, User):
        raise BadCredentials
    own.succeeded()
    # A login of one's own, now and then, must not wipe out what was guessed at others' from the same address.
    for attempt in shared:
        attempt.take_back()
    return user


def note_log_in(*, user: User, second_factor: bool) -> None:
    """Write down that somebody has logged in."""
    audit(
        action="user.log_in",
        target_type="accounts.User",
        target_id=user.pk,
        actor=user,
        detail={"second_factor": second_factor},
    )


def _attempts(email: str, address: str, browser: str) -> list[Attempt]:
    """Where the attempt counts, first what belongs to this person alone."""
    if browser:
        return [throttle.attempt("password-known", (browser, email))]
    own = throttle.attempt("password", (address, email))
    anywhere = own.also("password-anywhere", (email,), free=50)
    return [own, anywhere, anywhere.also("password-address", (address,), free=200)]
