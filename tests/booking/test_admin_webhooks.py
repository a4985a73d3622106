"""Webhooks, sent links and pools in MedCom's administration."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from booking import services, tasks
from booking.models import Delivery, PoolHistory, WebhookMessage, WebhookTarget
from tests.factories.accounts import OrganisationFactory, member, show_second_factor
from tests.factories.booking import book_meeting
from tests.support.receiver import Receiver
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = pytest.mark.django_db
TARGETS, MESSAGES = "/admin/booking/webhooktarget/", "/admin/booking/webhookmessage/"


@pytest.fixture(autouse=True)
def _inside(settings):
    settings.VDX_WEBHOOK_PRIVATE_TARGETS = True


@pytest.fixture
def medcom():
    client = Client()
    user = member(Role.MEDCOM)
    device = TOTPDevice.objects.create(user=user, name="app", confirmed=True)
    client.force_login(user)
    show_second_factor(client, device)
    return client


@pytest.fixture
def practice():
    return OrganisationFactory.create()


def test_a_webhook_is_made_and_its_secret_shown_once(medcom, practice):
    page = medcom.post(f"{TARGETS}add/", {"organisation": practice.pk, "url": "http://127.0.0.1:9/hook"})
    [secret] = re.findall(r'id="webhook-secret">([\w-]{43})<', page.content.decode())
    target = WebhookTarget.objects.get()
    assert secret not in medcom.get(f"{TARGETS}{target.pk}/change/").content.decode() + target.secret
    assert AuditEntry.objects.filter(action="webhook.opened", organisation=practice).count() == 1


def test_an_address_inside_is_refused_beside_the_field(medcom, practice, settings):
    settings.VDX_WEBHOOK_PRIVATE_TARGETS = False
    page = medcom.post(f"{TARGETS}add/", {"organisation": practice.pk, "url": "https://127.0.0.1/hook"})
    assert "lukket net" in page.content.decode()
    assert not WebhookTarget.objects.exists()


def test_the_address_is_changed_renewed_and_closed(medcom, practice):
    target, _ = services.open_webhook(organisation=practice, url="http://127.0.0.1:9/a", actor=None, now=clock.now())
    medcom.post(f"{TARGETS}{target.pk}/change/", {"url": "http://127.0.0.1:9/b"})
    renewed = medcom.post(TARGETS, {"action": "renew", "_selected_action": [target.pk]})
    assert "webhook-secret" in renewed.content.decode()
    medcom.post(TARGETS, {"action": "close", "_selected_action": [target.pk]})
    target.refresh_from_db()
    assert target.url == "http://127.0.0.1:9/b"
    assert target.closed_at is not None
    assert target.secret == ""


def test_what_was_told_is_seen_and_sent_again(medcom, practice):
    with Receiver() as receiver:
        target, _ = services.open_webhook(organisation=practice, url=receiver.url, actor=None, now=clock.now())
        meeting = book_meeting(organisation=practice)
        tasks.post_webhooks(target.pk)
        message = WebhookMessage.objects.get()
        page = medcom.get(MESSAGES).content.decode()
        assert str(meeting.uuid) in page
        medcom.post(MESSAGES, {"action": "resend", "_selected_action": [message.pk]})
        tasks.post_webhooks(target.pk)
    assert len(receiver.calls) == 2
    assert medcom.post(f"{MESSAGES}{message.pk}/change/", {"state": "failed"}).status_code == 403
    assert AuditEntry.objects.filter(action="webhook.resent").count() == 1


def test_links_and_pools_are_there_to_look_at(medcom, practice):
    delivery = Delivery.objects.create(meeting=book_meeting(organisation=practice), way="sms", address="sealed-text")
    PoolHistory.objects.create(organisation=practice, desired=4, available=3)
    shown = medcom.get(f"/admin/booking/delivery/{delivery.pk}/change/").content.decode()
    assert "sealed-text" not in shown
    assert practice.name in shown
    assert practice.name in medcom.get("/admin/booking/poolhistory/").content.decode()


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("page", [TARGETS, MESSAGES, "/admin/booking/delivery/", "/admin/booking/poolhistory/"])
def test_nobody_else_comes_in(role, page):
    client = Client()
    client.force_login(member(role))
    assert client.get(page).status_code == 302
