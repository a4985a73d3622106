"""Two at the same moment: only one of them gets through."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.factories.accounts import OrganisationFactory, UserFactory, code_now, member, second_factor
from vdx.accounts import services
from vdx.accounts.enums import LinkPurpose, Role
from vdx.accounts.models import MeetingUser, Membership, OneTimeLink, User
from vdx.lib import clock
from vdx.lib.errors import DomainError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run the calls in threads of their own; "ok", or the code of the refusal, sorted."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> str:
        try:
            start.wait(5)
            call()
            return "ok"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def test_a_link_is_used_by_one() -> None:
    user = UserFactory.create()
    link = services.make_link(user=user, purpose=LinkPurpose.PASSWORD, by_mail=False, actor=None, now=clock.now())
    passwords = [f"fire gule cykler {number}" for number in range(4)]

    def use(password: str) -> Callable[[], object]:
        return lambda: services.use_link(secret=link.secret or "", password=password, now=clock.now())

    assert at_once(*map(use, passwords)) == ["link_used"] * 3 + ["ok"]
    user.refresh_from_db()
    assert sum(user.check_password(password) for password in passwords) == 1


def test_a_code_lets_one_in() -> None:
    user = UserFactory.create()
    code = code_now(second_factor(user))
    checks = [lambda: services.check_code(user=user, code=code, address="192.0.2.1")] * 3
    assert at_once(*checks) == ["bad_code", "bad_code", "ok"]


def test_two_at_medcom_cannot_take_each_other_away() -> None:
    root = OrganisationFactory.create(code="medcom")
    first, second = member(Role.MEDCOM, root), member(Role.MEDCOM, root)
    assert at_once(
        lambda: services.deactivate(user=first, actor=second, now=clock.now()),
        lambda: services.deactivate(user=second, actor=first, now=clock.now()),
    ) in (["last_medcom", "ok"], ["not_allowed", "ok"])
    assert User.objects.filter(is_active=True).count() == 1


def test_two_at_medcom_cannot_take_each_others_role_away() -> None:
    root = OrganisationFactory.create(code="medcom")
    first, second = member(Role.MEDCOM, root), member(Role.MEDCOM, root)
    rows = first.memberships.get(), second.memberships.get()
    assert at_once(
        lambda: services.end_membership(membership=rows[0], actor=second, now=clock.now()),
        lambda: services.change_role(membership=rows[1], role=Role.DOCTOR, actor=first, now=clock.now()),
    ) in (["last_medcom", "ok"], ["not_allowed", "ok"])
    assert Membership.objects.active().filter(role=Role.MEDCOM).count() == 1


def test_a_meeting_user_is_made_once() -> None:
    practice = OrganisationFactory.create()
    names = ["laege@example.dk", "LAEGE@example.dk", "Laege@Example.dk"]

    def make(email: str) -> Callable[[], object]:
        return lambda: services.meeting_user(organisation=practice, email=email)

    assert at_once(*map(make, names)) == ["ok"] * 3
    assert MeetingUser.objects.count() == 1


def test_an_email_is_given_once() -> None:
    create = [lambda: services.create_user(email="ny@example.dk", name="Ny", actor=None)] * 2
    assert at_once(*create) == ["email_taken", "ok"]


def test_a_wish_for_a_password_sends_one_link() -> None:
    user = UserFactory.create()
    wish = [lambda: services.request_password(email=user.email, now=clock.now())] * 3
    assert at_once(*wish) == ["ok"] * 3
    assert OneTimeLink.objects.count() == 1
