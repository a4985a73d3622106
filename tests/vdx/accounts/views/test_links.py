"""Forgotten passwords, and choosing one by a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.accounts import PASSWORD, UserFactory, member
from vdx.accounts import services
from vdx.accounts.enums import LinkPurpose
from vdx.accounts.models import AuditEntry, OneTimeLink, User
from vdx.lib import clock

pytestmark = pytest.mark.django_db

FORGOT = "/konto/glemt"
NEW = "fire gule cykler"


def shown(user: User) -> str:
    link = services.make_link(user=user, purpose=LinkPurpose.PASSWORD, by_mail=False, actor=None, now=clock.now())
    assert link.secret
    return link.secret


def choose(browser: Client, secret: str, password: str = NEW, again: str | None = None):
    return browser.post(f"/konto/link/{secret}", {"password": password, "again": again or password})


def test_the_answer_is_the_same_whether_the_email_is_known(client: Client) -> None:
    UserFactory.create(email="kendt@example.dk")
    UserFactory.create(email="lukket@example.dk", is_active=False)
    answers = []
    for email in ("kendt@example.dk", "ukendt@example.dk", "lukket@example.dk"):
        response = client.post(FORGOT, {"email": email}, follow=True)
        answers.append((response.redirect_chain, [str(message) for message in response.context["messages"]]))
    assert answers[0] == answers[1] == answers[2]
    assert [link.user.email for link in OneTimeLink.objects.all()] == ["kendt@example.dk"]
    entry = AuditEntry.objects.get(action="password.request")
    assert (entry.actor, entry.actor_kind) == (None, "guest")


def test_nobodys_mailbox_is_filled(client: Client) -> None:
    UserFactory.create(email="kendt@example.dk")
    for number in range(3):
        client.post(FORGOT, {"email": "kendt@example.dk"}, REMOTE_ADDR=f"192.0.2.{number}")
    assert OneTimeLink.objects.count() == 1


@pytest.mark.usefixtures("clock_stands")
def test_wishes_are_slowed_known_or_not(client: Client) -> None:
    for email in ("kendt@example.dk", "ukendt@example.dk"):
        cache.clear()
        statuses = [client.post(FORGOT, {"email": email}).status_code for _ in range(6)]
        assert statuses == [302] * 5 + [429]


def test_a_strangers_wish_does_not_spoil_a_link_that_was_sent(client: Client) -> None:
    user = UserFactory.create()
    secret = shown(user)
    client.post(FORGOT, {"email": user.email})
    assert client.get(f"/konto/link/{secret}").status_code == 200


def test_looking_at_the_link_uses_nothing(client: Client) -> None:
    secret = shown(UserFactory.create())
    for _ in range(3):
        assert client.get(f"/konto/link/{secret}").status_code == 200
    assert client.head(f"/konto/link/{secret}").status_code == 200
    assert OneTimeLink.objects.get().used_at is None
    assert choose(client, secret).status_code == 302


def test_a_link_works_once(client: Client) -> None:
    user = UserFactory.create()
    secret = shown(user)
    choose(client, secret)
    assert choose(client, secret, "en helt anden sætning").status_code == 410
    assert client.get(f"/konto/link/{secret}").status_code == 410
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert AuditEntry.objects.get(action="password.set").detail == {"purpose": "password"}


def test_a_new_password_ends_sessions_and_other_links(client: Client) -> None:
    user = member()
    browser = Client()
    browser.post("/konto/log-ind", {"email": user.email, "password": PASSWORD})
    services.request_password(email=user.email, now=clock.now() - timedelta(minutes=10))
    pending = OneTimeLink.objects.get()
    OneTimeLink.objects.filter(pk=pending.pk).update(send_after=None)
    link = services.make_link(user=user, purpose=LinkPurpose.PASSWORD, by_mail=False, actor=None, now=clock.now())
    choose(client, link.secret or "")
    assert browser.get("/konto/profil").status_code == 302
    pending.refresh_from_db()
    assert not pending.usable(clock.now())


@pytest.mark.parametrize("why", ["expired", "unknown", "closed"])
def test_what_does_not_open_looks_alike(client: Client, why: str) -> None:
    user = UserFactory.create()
    secret = shown(user)
    if why == "expired":
        OneTimeLink.objects.update(expires_at=clock.now())
    elif why == "closed":
        User.objects.update(is_active=False)
    else:
        secret = "x" * 43
    for response in (client.get(f"/konto/link/{secret}"), choose(client, secret)):
        assert response.status_code == 410
        assert "Linket er brugt eller udløbet. Bed om et nyt." in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.usefixtures("clock_stands")
def test_guessing_links_is_slowed(client: Client) -> None:
    secret = shown(UserFactory.create())
    for number in range(20):
        assert client.get(f"/konto/link/{number}").status_code == 410
    assert client.get(f"/konto/link/{secret}").status_code == 429
    assert client.get(f"/konto/link/{secret}", REMOTE_ADDR="192.0.2.1").status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        ("kort", "kort", "password"),
        ("123456789012", "123456789012", "password"),
        ("kendt@example.dk", "kendt@example.dk", "password"),
        (NEW, "noget andet end det", "again"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_still_works(
    client: Client, password: str, again: str, field: str
) -> None:
    secret = shown(UserFactory.create(email="kendt@example.dk"))
    response = choose(client, secret, password, again)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert choose(client, secret).status_code == 302


def test_the_address_of_the_link_is_told_to_no_other_site(client: Client) -> None:
    response = client.get(f"/konto/link/{shown(UserFactory.create())}")
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"
