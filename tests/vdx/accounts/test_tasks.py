"""One-time links on their way, with a real mail server at the other end."""

from __future__ import annotations

import logging
import re
import smtplib
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from pytest_django import Settings

from tests.factories.accounts import OrganisationFactory, UserFactory, member
from vdx.accounts import services, tasks
from vdx.accounts.enums import LinkPurpose, Role
from vdx.accounts.models import AuditEntry, OneTimeLink, User
from vdx.accounts.rules.links import MAX_ATTEMPTS
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


class Mailbox:
    """Takes mail, or refuses it in words that hold the address, as real servers do."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.refuses = False

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.refuses:
            return f"450 4.2.1 mailbox {address} is busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A mail server on a port of its own, that the hub is set up to use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Sets the clock."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return at


def ours(caplog: pytest.LogCaptureFixture) -> str:
    """What was logged, but for the lines of the test's own mail server and of SQL."""
    theirs = ("mail.", "asyncio", "django.db")
    return "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(theirs))


def ask(email: str) -> OneTimeLink:
    services.request_password(email=email, now=clock.now())
    return OneTimeLink.objects.latest("pk")


def secret_in(mail: Message) -> str:
    found = re.search(r"/konto/link/(\S+)", mail.get_body(("plain",)).get_content())
    assert found
    return found[1]


def test_the_mail_holds_a_link_that_opens(mailbox: Mailbox) -> None:
    user = UserFactory.create(name="Ærø Åberg & søn", email="laege@example.dk")
    link = ask("LAEGE@example.dk")
    assert link.secret_digest is None
    tasks.deliver_links()
    [mail] = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("laege@example.dk", "Ny adgangskode til VDX")
    assert "Hej Ærø Åberg & søn" in mail.get_body(("plain",)).get_content()
    assert "Hej Ærø Åberg &amp; søn" in mail.get_body(("html",)).get_content()
    secret = secret_in(mail)
    link.refresh_from_db()
    assert (link.send_after, link.attempts) == (None, 1)
    assert link.sent_at is not None
    assert secret not in str(vars(link))
    password = "fire gule cykler"
    browser = Client()
    assert browser.get(f"/konto/link/{secret}").status_code == 200
    answer = browser.post(f"/konto/link/{secret}", {"password": password, "again": password})
    assert answer["Location"] == "/konto/log-ind"
    user.refresh_from_db()
    assert user.check_password(password)


def test_an_invitation_says_so_and_an_english_reader_gets_the_same_link(mailbox: Mailbox) -> None:
    services.invite(
        email="ny@example.dk",
        name="Ny",
        organisation=OrganisationFactory.create(),
        role=Role.DOCTOR,
        actor=None,
        by_mail=True,
        now=clock.now(),
    )
    tasks.deliver_links()
    [mail] = mailbox.mails
    assert mail["Subject"] == "Din adgang til VDX"
    assert "7 dage" in mail.get_body(("plain",)).get_content()
    assert secret_in(mail) in mail.get_body(("html",)).get_content()


def test_a_second_sweep_sends_nothing_more(mailbox: Mailbox) -> None:
    ask(UserFactory.create().email)
    tasks.deliver_links()
    tasks.deliver_links()
    assert len(mailbox.mails) == 1


def test_two_sweeps_at_once_send_one_mail(mailbox: Mailbox) -> None:
    """The second has seen the row while it was due, and finds nothing to claim."""
    link = ask(UserFactory.create().email)
    now = clock.now()
    assert services.deliver_link(link_id=link.pk, now=now)
    OneTimeLink.objects.filter(pk=link.pk).update(send_after=now + timedelta(seconds=30), sent_at=None)
    assert not services.deliver_link(link_id=link.pk, now=now)
    assert len(mailbox.mails) == 1


def test_a_refusal_is_tried_again_later_and_later_until_it_is_given_up(
    mailbox: Mailbox, at, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.refuses = True
    user = UserFactory.create(email="optaget@example.dk")
    link = ask(user.email)
    waits = []
    moment = clock.now()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        at(moment)
        tasks.deliver_links()
        link.refresh_from_db()
        assert link.attempts == attempt
        if link.send_after is None:
            break
        waits.append((link.send_after - moment).total_seconds())
        at(link.send_after - timedelta(seconds=1))
        tasks.deliver_links()
        link.refresh_from_db()
        assert link.attempts == attempt  # not due yet
        moment = link.send_after
    assert waits == [30, 60, 120, 240, 480, 960, 1920]
    assert (link.send_after, link.sent_at, link.secret_digest) == (None, None, None)
    assert "optaget" not in ours(caplog)
    assert "SMTPRecipientsRefused" in ours(caplog)
    assert f"one-time link {link.pk}: given up" in ours(caplog)
    # The person may ask again.
    mailbox.refuses = False
    at(moment + timedelta(hours=1))
    ask(user.email)
    tasks.deliver_links()
    assert len(mailbox.mails) == 1


def test_the_hour_counts_from_the_sending(mailbox: Mailbox, at) -> None:
    mailbox.refuses = True
    now = clock.now()
    at(now)
    link = ask(UserFactory.create().email)
    for minutes in (0, 10, 30):
        at(now + timedelta(minutes=minutes))
        tasks.deliver_links()
    mailbox.refuses = False
    at(now + timedelta(minutes=59))
    tasks.deliver_links()
    link.refresh_from_db()
    assert link.expires_at == now + timedelta(minutes=119)


def test_no_server_at_all_is_the_same(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        link = ask(UserFactory.create().email)
        tasks.deliver_links()
    link.refresh_from_db()
    assert link.sent_at is None
    assert link.send_after is not None
    assert "ConnectionRefusedError" in caplog.text


def test_a_process_that_dies_while_sending_loses_nothing(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, at) -> None:
    link = ask(UserFactory.create().email)

    class Killed(BaseException):
        pass

    def dies(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "sendmail", dies)
        with pytest.raises(Killed):
            tasks.deliver_links()
    assert not mailbox.mails
    at(clock.now() + timedelta(seconds=31))
    tasks.deliver_links()
    assert len(mailbox.mails) == 1
    link.refresh_from_db()
    assert link.sent_at is not None


def test_a_process_that_dies_in_every_attempt_does_not_go_on_for_ever(mailbox: Mailbox) -> None:
    link = ask(UserFactory.create().email)
    OneTimeLink.objects.filter(pk=link.pk).update(attempts=MAX_ATTEMPTS)
    tasks.deliver_links()
    link.refresh_from_db()
    assert not mailbox.mails
    assert link.send_after is None


def test_a_closed_account_gets_no_mail(mailbox: Mailbox) -> None:
    user = member()
    ask(user.email)
    services.deactivate(user=user, actor=None, now=clock.now())
    tasks.deliver_links()
    assert not mailbox.mails


def test_neither_log_nor_audit_holds_the_secret_or_the_address(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    user = UserFactory.create(email="plantet-adresse@example.dk")
    ask(user.email)
    tasks.deliver_links()
    secret = secret_in(mailbox.mails[0])
    password = "fire gule cykler"
    Client().post(f"/konto/link/{secret}", {"password": password, "again": password})
    user.refresh_from_db()
    assert user.check_password(password)
    written = ours(caplog) + str(list(AuditEntry.objects.values()))
    for planted in (secret, "plantet-adresse", password):
        assert planted not in written
    assert "one-time link" in ours(caplog)
    assert "accounts:link" in ours(caplog)


def test_the_daily_sweep_forgets(at) -> None:
    user = UserFactory.create()
    now = clock.now()
    old, kept = now - timedelta(days=31), now - timedelta(days=29)
    rows = [
        OneTimeLink(user=user, purpose=LinkPurpose.PASSWORD, created_at=old, expires_at=old),
        OneTimeLink(user=user, purpose=LinkPurpose.PASSWORD, created_at=old, expires_at=now, used_at=old),
        OneTimeLink(user=user, purpose=LinkPurpose.PASSWORD, created_at=old, expires_at=kept),
        OneTimeLink(user=user, purpose=LinkPurpose.PASSWORD, created_at=kept, expires_at=now, used_at=kept),
    ]
    for row in rows:
        row.save()
    five_years = now - timedelta(days=5 * 365 + 2)
    services.audit(action="old", target_type="x")
    AuditEntry.objects.update(at=five_years)
    services.audit(action="new", target_type="x")
    tasks.forget()
    assert list(OneTimeLink.objects.order_by("pk")) == rows[2:]
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["new"]
    assert User.objects.filter(pk=user.pk).exists()
