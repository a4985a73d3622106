"""Receipts of the gateway for text messages: who may give them, and what they change."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from uuid import uuid4

import pytest

from booking import services, tasks
from booking.enums import DeliveryCause, DeliveryState, DeliveryWay
from booking.models import Delivery, WebhookMessage, WebhookTarget
from booking.services import Sending
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from tests.support.receiver import Receiver
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

TOKEN = "a-token-of-at-least-32-characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _taken(settings):
    settings.VDX_SMS_RECEIPT_TOKEN = TOKEN


@pytest.fixture
def sent(settings, django_capture_on_commit_callbacks):
    """A message that the gateway has taken, and the reference that it was given."""
    with Receiver() as gateway:
        settings.VDX_SMS_URL = gateway.url
        doctor = member()
        meeting = book_meeting(doctor=doctor)
        sending = Sending(DeliveryWay.SMS, "20 12 34 56", False, uuid4())
        with django_capture_on_commit_callbacks(execute=True):
            services.send_link(meeting_id=meeting.pk, sending=sending, actor=doctor, now=clock.now())
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.SENT
    assert json.loads(gateway.calls[0].body)["reference"] == str(delivery.key)
    return delivery


def tell(client, delivery, word, *, headers=BEARER, **also):
    body = {"reference": str(delivery.key), "status": word, "to": "+4520123456", **also}
    return client.post("/sms/kvittering", body, content_type="application/json", headers=headers)


def test_it_has_arrived(client, sent):
    assert tell(client, sent, "DELIVRD").status_code == 204
    sent.refresh_from_db()
    assert (sent.state, sent.cause, sent.address) == (DeliveryState.DELIVERED, "", "")


def test_it_never_will_and_the_record_system_hears_of_it_once(client, sent, settings):
    WebhookTarget.objects.create(organisation=sent.meeting.organisation, url="https://8.8.8.8/", secret="x")
    assert tell(client, sent, "Undelivered").status_code == 204
    assert tell(client, sent, "Undelivered").status_code == 204
    assert tell(client, sent, "delivered").status_code == 204
    sent.refresh_from_db()
    assert (sent.state, sent.cause) == (DeliveryState.FAILED, DeliveryCause.UNDELIVERED)
    [told] = WebhookMessage.objects.all()
    assert (told.kind, told.body["data"]) == ("delivery.failed", {"way": "sms", "cause": "undelivered"})


def test_a_form_and_a_password_do_as_well_and_members_have_the_gateways_names(client, sent, settings):
    settings.VDX_SMS_RECEIPT_REFERENCE, settings.VDX_SMS_RECEIPT_STATUS = "id", "dlr"
    basic = b64encode(f"gateway:{TOKEN}".encode()).decode()
    form = {"id": str(sent.key), "dlr": "delivered"}
    answer = client.post("/sms/kvittering", form, headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 204
    sent.refresh_from_db()
    assert sent.state == DeliveryState.DELIVERED


def test_members_may_lie_deeper(client, sent, settings):
    settings.VDX_SMS_RECEIPT_STATUS = "state.word"
    assert tell(client, sent, "x", state={"word": "delivered"}).status_code == 204
    sent.refresh_from_db()
    assert sent.state == DeliveryState.DELIVERED
    assert tell(client, sent, "x", state="delivered").status_code == 400


def test_on_its_way_is_no_news(client, sent):
    assert tell(client, sent, "buffered").status_code == 204
    sent.refresh_from_db()
    assert sent.state == DeliveryState.SENT


def test_a_receipt_that_is_quicker_than_the_hub_is_kept(client, sent, settings):
    """The gateway has taken it, and the hub has not written that down yet, or died before."""
    Delivery.objects.filter(pk=sent.pk).update(state=DeliveryState.QUEUED, due_at=clock.now(), finished_at=None)
    assert tell(client, sent, "delivered").status_code == 204
    tasks.deliver_due()
    sent.refresh_from_db()
    assert sent.state == DeliveryState.DELIVERED


def test_what_was_never_tried_has_no_receipt(client, sent):
    Delivery.objects.filter(pk=sent.pk).update(state=DeliveryState.QUEUED, tries=0, due_at=clock.now())
    assert tell(client, sent, "failed").status_code == 204
    sent.refresh_from_db()
    assert sent.state == DeliveryState.QUEUED


@pytest.mark.parametrize("reference", ["8f14e45f-ceea-467f-a0e6-9c3b1d5a7e10", "4711", ""])
def test_somebody_elses_message_is_none_of_ours(client, sent, reference):
    assert tell(client, sent, "delivered", reference=reference).status_code == 204
    sent.refresh_from_db()
    assert sent.state == DeliveryState.SENT


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"7", b'{"status": "delivered"}', b"\xff"])
def test_what_cannot_be_read_is_refused(client, raw):
    answer = client.post("/sms/kvittering", raw, content_type="application/json", headers=BEARER)
    assert answer.status_code == 400


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", "Basic eDp4", f"Digest {TOKEN}"])
def test_strangers_give_no_receipts(client, sent, shown):
    answer = tell(client, sent, "delivered", headers={"Authorization": shown} if shown else {})
    assert (answer.status_code, answer.content) == (401, b"")
    sent.refresh_from_db()
    assert sent.state == DeliveryState.SENT


def test_without_a_token_there_is_no_such_address(client, sent, settings):
    settings.VDX_SMS_RECEIPT_TOKEN = ""
    assert tell(client, sent, "delivered", headers={"Authorization": "Bearer "}).status_code == 404


def test_no_log_says_whom_it_was_for(client, sent, caplog):
    caplog.set_level(logging.DEBUG)
    tell(client, sent, "failed")
    tell(client, sent, "delivered", headers={})
    assert "20123456" not in caplog.text
    assert TOKEN not in caplog.text
