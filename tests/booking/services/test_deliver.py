"""Links that the hub sends, with a real mail server and a real gateway at the other end."""

from __future__ import annotations

import json
import logging
import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from booking import services, tasks
from booking.enums import DeliveryCause, DeliveryKind, DeliveryState, DeliveryWay
from booking.errors import AddressUnusable, CprRefused, MeetingOver, TooManyDeliveries, WayNotOffered
from booking.models import Delivery, WebhookMessage
from booking.rules.delivery import MOST_A_MEETING, MOST_AN_HOUR
from booking.services import Sending
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.booking import book_meeting
from tests.support.receiver import Receiver
from vdx.accounts.enums import Language
from vdx.accounts.models import AuditEntry
from vdx.lib import clock, sms

pytestmark = pytest.mark.django_db

NUMBER = "20 12 34 56"
MAIL = "karen.jensen@example.dk"


class Mailbox:
    """Takes mail, or answers a recipient with ``refusal``."""

    def __init__(self) -> None:
        self.mails = []
        self.refusal = ""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.refusal:
            return f"{self.refusal} {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


@pytest.fixture
def mailbox(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    # The test's own server says in its log what it was told.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


@pytest.fixture
def gateway(settings):
    with Receiver() as receiver:
        settings.VDX_SMS_URL = receiver.url
        yield receiver


@pytest.fixture
def practice():
    return OrganisationFactory.create(name="Lægehuset Nord", phone="11 22 33 44", sms_sender_name="Nord")


@pytest.fixture
def doctor(practice):
    return member(organisation=practice)


@pytest.fixture
def meeting(doctor):
    return book_meeting(doctor=doctor, start=clock.now().replace(microsecond=0) + timedelta(hours=5))


def wish(way=DeliveryWay.SMS, address=NUMBER, *, remind=False, key=None, language=Language.DANISH) -> Sending:
    return Sending(way, address, remind, key or uuid4(), language)


def send(meeting, doctor, sending=None, *, now=None) -> Delivery:
    return services.send_link(meeting_id=meeting.pk, sending=sending or wish(), actor=doctor, now=now or clock.now())


def all_text() -> str:
    """Everything that stands in the tables that might tell an address."""
    with connection.cursor() as cursor:
        found = []
        for table in ("booking_delivery", "accounts_auditentry", "booking_webhookmessage"):
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_a_text_message_goes_and_the_number_is_forgotten(meeting, doctor, gateway, caplog):
    with caplog.at_level(logging.DEBUG):
        delivery = send(meeting, doctor)
        assert "20123456" not in all_text()
        tasks.deliver("sms")

    [call] = gateway.calls
    body = json.loads(call.body)
    assert (body["to"], body["from"]) == ("+4520123456", "Nord")
    assert meeting.short_id in body["text"]
    assert len(body["text"]) <= 160
    assert call.headers["Idempotency-Key"] == str(delivery.key)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.address, delivery.due_at, delivery.tries) == (DeliveryState.SENT, "", None, 1)
    assert "20123456" not in all_text() + caplog.text
    assert MAIL not in caplog.text


def test_a_mail_goes_with_link_code_and_telephone(meeting, doctor, mailbox, caplog):
    with caplog.at_level(logging.DEBUG):
        delivery = send(meeting, doctor, wish(DeliveryWay.EMAIL, MAIL))
        tasks.deliver("email")

    [(to, mail)] = mailbox.mails
    text = mail.get_content()
    assert to == [MAIL]
    assert mail["Subject"] == "Link til din videokonsultation"
    assert str(delivery.key) in mail["Message-ID"]
    assert f"/m/{meeting.short_id}" in text
    assert "11 22 33 44" in text
    assert MAIL not in all_text() + caplog.text
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def test_the_words_are_in_the_language_that_was_chosen(meeting, doctor, mailbox, gateway):
    send(meeting, doctor, wish(DeliveryWay.EMAIL, MAIL, language=Language.ENGLISH))
    send(meeting, doctor, wish(language=Language.ENGLISH, remind=True))
    send(meeting, doctor, wish(language=Language.DANISH))
    tasks.deliver("email")
    for _ in range(2):
        tasks.deliver("sms")

    [(_, mail)] = mailbox.mails
    assert "Video consultation" in mail.get_content()
    texts = [json.loads(call.body)["text"] for call in gateway.calls]
    assert ["ideo consultation" in text for text in texts] == [True, False]


def test_the_reminder_is_in_the_same_language(meeting, doctor, gateway):
    send(meeting, doctor, wish(language=Language.ENGLISH, remind=True))
    assert set(Delivery.objects.values_list("kind", "language")) == {("link", "en"), ("reminder", "en")}


def test_the_background_worker_is_told_after_commit(meeting, doctor, gateway, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(meeting, doctor)
    assert len(gateway.calls) == 1


def test_the_same_form_twice_sends_once(meeting, doctor, gateway):
    sending = wish()
    assert send(meeting, doctor, sending).pk == send(meeting, doctor, sending).pk
    tasks.deliver("sms")
    tasks.deliver("sms")
    assert len(gateway.calls) == 1


def test_while_one_sends_it_no_other_does(meeting, doctor, monkeypatch):
    others = []

    class Slow:
        def send(self, **message) -> None:
            others.append(services.send_next(way="sms", now=clock.now()))

    monkeypatch.setattr(sms, "provider", Slow)
    send(meeting, doctor)
    tasks.deliver("sms")
    assert others == [False]


def test_what_died_between_sending_and_writing_is_sent_again_with_the_same_key(meeting, doctor, gateway, monkeypatch):
    send(meeting, doctor)
    now = clock.now()

    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("booking.services.deliver._finish", killed)
        services.send_next(way="sms", now=now)
    assert services.send_next(way="sms", now=now + timedelta(seconds=30)) is False
    assert services.send_next(way="sms", now=now + timedelta(seconds=61)) is True

    assert len({call.headers["Idempotency-Key"] for call in gateway.calls}) == 1
    assert len(gateway.calls) == 2
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_a_gateway_that_is_down_is_tried_again_with_growing_waits_and_given_up(
    meeting, doctor, settings, django_capture_on_commit_callbacks
):
    with Receiver(answer=lambda call: 503) as receiver:
        settings.VDX_SMS_URL = receiver.url
        delivery = send(meeting, doctor)
        now, waits = clock.now(), []
        while delivery.state == DeliveryState.QUEUED:
            services.send_next(way="sms", now=now)
            delivery.refresh_from_db()
            if delivery.due_at:
                waits.append((delivery.due_at - now).total_seconds())
                now = delivery.due_at

    assert waits[:5] == [30, 60, 120, 240, 480]
    assert max(waits) == 1200
    assert (delivery.state, delivery.cause, delivery.address) == ("failed", DeliveryCause.UNREACHABLE, "")
    assert timedelta(hours=3.5) < now - delivery.created_at <= timedelta(hours=4)


def test_a_number_that_the_gateway_refuses_fails_at_once_and_is_told(meeting, doctor, settings):
    services.open_webhook(organisation=meeting.organisation, url=_url(settings), actor=None, now=clock.now())
    with Receiver(answer=lambda call: 400) as receiver:
        settings.VDX_SMS_URL = receiver.url
        delivery = send(meeting, doctor)
        tasks.deliver("sms")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause, delivery.address) == ("failed", DeliveryCause.REFUSED, "")
    told = WebhookMessage.objects.get(kind="delivery.failed")
    assert told.body["data"] == {"way": "sms", "cause": "refused"}


def _url(settings) -> str:
    settings.VDX_WEBHOOK_PRIVATE_TARGETS = True
    return "http://127.0.0.1:9/hook"


@pytest.mark.parametrize(("refusal", "state", "cause"), [
    ("550 5.1.1 no such user", "failed", "refused"), ("450 4.2.1 busy", "queued", ""),
])  # fmt: skip
def test_a_mailbox_that_does_not_take_it(meeting, doctor, mailbox, refusal, state, cause, caplog):
    mailbox.refusal = refusal
    with caplog.at_level(logging.DEBUG):
        delivery = send(meeting, doctor, wish(DeliveryWay.EMAIL, MAIL))
        tasks.deliver("email")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (state, cause)
    assert MAIL not in caplog.text
    assert "try 1 failed" in caplog.text


def test_a_gateway_that_does_not_answer_is_not_asked_for_everybody(doctor, settings):
    with Receiver(answer=lambda call: 500) as receiver:
        settings.VDX_SMS_URL = receiver.url
        for _ in range(3):
            send(book_meeting(doctor=doctor), doctor)
        tasks.deliver("sms")
        assert len(receiver.calls) == 1


def test_a_reminder_waits_follows_the_meeting_and_goes_once(meeting, doctor, gateway):
    send(meeting, doctor, wish(remind=True))
    tasks.deliver("sms")
    reminder = Delivery.objects.get(kind=DeliveryKind.REMINDER)
    assert reminder.due_at == meeting.start_time - timedelta(minutes=15)
    assert "20123456" not in all_text()

    start = meeting.start_time + timedelta(days=1)
    services.move(meeting_id=meeting.pk, start=start, end=start + timedelta(minutes=15), actor=doctor, now=clock.now())
    reminder.refresh_from_db()
    assert reminder.due_at == start - timedelta(minutes=15)
    assert services.send_next(way="sms", now=start - timedelta(minutes=16)) is False
    at = start - timedelta(minutes=15)
    assert [services.send_next(way="sms", now=at) for _ in range(2)] == [True, False]

    assert len(gateway.calls) == 2
    assert json.loads(gateway.calls[1].body)["text"].startswith("Husk din videokonsultation")
    reminder.refresh_from_db()
    assert (reminder.state, reminder.address) == (DeliveryState.SENT, "")


def test_a_reminder_whose_time_was_not_replanned_is_not_sent_too_early(meeting, doctor, gateway):
    send(meeting, doctor, wish(remind=True))
    tasks.deliver("sms")
    now = clock.now()
    Delivery.objects.filter(kind=DeliveryKind.REMINDER).update(due_at=now)
    assert services.send_next(way="sms", now=now) is True
    assert len(gateway.calls) == 1
    due = Delivery.objects.get(kind=DeliveryKind.REMINDER).due_at
    assert due == meeting.start_time - timedelta(minutes=15)


def test_another_address_takes_the_reminder_along(meeting, doctor, gateway):
    send(meeting, doctor, wish(remind=True))
    send(meeting, doctor, wish(address="20 65 43 21", remind=True))
    assert Delivery.objects.filter(kind=DeliveryKind.REMINDER).count() == 1
    services.send_next(way="sms", now=meeting.start_time - timedelta(minutes=15))
    while services.send_next(way="sms", now=meeting.start_time - timedelta(minutes=15)):
        pass
    reminded = [json.loads(call.body) for call in gateway.calls if b"Husk" in call.body]
    assert [body["to"] for body in reminded] == ["+4520654321"]


def test_of_a_cancelled_meeting_nothing_is_sent_and_the_address_goes(meeting, doctor, gateway):
    send(meeting, doctor, wish(remind=True))
    services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())
    # At once, however far ahead the meeting was.
    assert set(Delivery.objects.values_list("state", "cause", "address")) == {("failed", "over", "")}
    while services.send_next(way="sms", now=meeting.start_time):
        pass
    assert gateway.calls == []


@pytest.mark.parametrize(
    ("way", "address", "refusal"),
    [
        (DeliveryWay.SMS, "12", AddressUnusable),
        (DeliveryWay.SMS, "", AddressUnusable),
        (DeliveryWay.SMS, "010190-1234", CprRefused),
        (DeliveryWay.EMAIL, "karen", AddressUnusable),
        (DeliveryWay.WEBHOOK, "", WayNotOffered),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_kept(meeting, doctor, way, address, refusal):
    with pytest.raises(refusal):
        send(meeting, doctor, wish(way, address))
    assert not Delivery.objects.exists()


def test_without_a_gateway_there_are_no_text_messages(meeting, doctor, settings):
    settings.VDX_SMS_URL, settings.VDX_EMBEDDED = "", False
    assert services.ways({meeting.organisation_id}) == [DeliveryWay.EMAIL]
    with pytest.raises(WayNotOffered):
        send(meeting, doctor)


def test_too_many_links_of_one_meeting_are_refused(meeting, doctor):
    for _ in range(MOST_A_MEETING):
        send(meeting, doctor)
    with pytest.raises(TooManyDeliveries):
        send(meeting, doctor)


def test_too_many_links_of_a_practice_within_the_hour_are_refused(meeting, doctor):
    now = clock.now()
    other = book_meeting(doctor=doctor)
    Delivery.objects.bulk_create(
        Delivery(meeting=other, way=DeliveryWay.SMS, created_at=now - timedelta(minutes=5)) for _ in range(MOST_AN_HOUR)
    )
    with pytest.raises(TooManyDeliveries) as refused:
        send(meeting, doctor, now=now)
    assert "time" in str(refused.value.message)
    Delivery.objects.update(created_at=now - timedelta(minutes=61))
    send(meeting, doctor, now=now)


def test_of_a_meeting_that_is_over_nothing_is_sent(doctor):
    past = book_meeting(doctor=doctor, start=clock.now() - timedelta(days=1))
    with pytest.raises(MeetingOver):
        send(past, doctor)


def test_the_audit_says_how_and_not_where(meeting, doctor):
    send(meeting, doctor, wish(remind=True))
    entry = AuditEntry.objects.get(action="link.requested")
    assert (entry.actor, entry.detail) == (doctor, {"way": "sms", "reminder": True})


def test_an_address_sealed_with_another_secret_is_given_up(meeting, doctor, gateway, settings):
    delivery = send(meeting, doctor)
    settings.SECRET_KEY = "another " * 10
    tasks.deliver("sms")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == ("failed", "unreadable")


def test_the_sweep_finds_what_a_lost_message_left_out(meeting, doctor, gateway):
    send(meeting, doctor)
    tasks.deliver_due()
    assert len(gateway.calls) == 1
