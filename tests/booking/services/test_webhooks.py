"""Record systems that are told what happens, with a receiver of the test's own at the other end."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from booking import services, tasks
from booking.enums import DeliveryWay
from booking.errors import WebhookTargetRefused
from booking.models import Delivery, WebhookMessage, WebhookTarget
from booking.services import Sending
from rooms import services as rooms
from rooms.enums import DeviceKind
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.booking import book_meeting
from tests.support.receiver import Receiver
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(settings):
    settings.VDX_WEBHOOK_PRIVATE_TARGETS = True


@pytest.fixture
def receiver():
    with Receiver() as found:
        yield found


@pytest.fixture
def practice():
    return OrganisationFactory.create(name="Lægehuset Nord", code="nord")


@pytest.fixture
def doctor(practice):
    return member(organisation=practice, name="Lise Holm")


def opened(practice, receiver) -> tuple[WebhookTarget, str]:
    return services.open_webhook(organisation=practice, url=receiver.url, actor=None, now=clock.now())


def kinds(receiver) -> list[str]:
    return [json.loads(call.body)["type"] for call in receiver.calls]


def test_a_booking_is_told_signed_and_without_texts(practice, doctor, receiver):
    target, secret = opened(practice, receiver)
    meeting = book_meeting(doctor=doctor, subject="Karen Jensen", external_id="aftale-1", guest_pin=7654)
    tasks.post_webhooks(target.pk)

    [call] = receiver.calls
    body = json.loads(call.body)
    assert body == {
        "id": call.headers["X-VDX-Id"],
        "type": "meeting.created",
        "time": body["time"],
        "organisation": "nord",
        "meeting": {
            "uuid": str(meeting.uuid),
            "externalId": "aftale-1",
            "startTime": f"{meeting.start_time:%Y-%m-%dT%H:%M:%SZ}",
            "endTime": f"{meeting.end_time:%Y-%m-%dT%H:%M:%SZ}",
        },
        "data": {},
    }
    signed = f"{call.headers['X-VDX-Timestamp']}.".encode() + call.body
    assert call.headers["X-VDX-Signature"] == "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert abs(int(call.headers["X-VDX-Timestamp"]) - time.time()) < 60
    assert secret not in target.secret
    for word in (b"Karen", b"7654", b"Lise", meeting.short_id.encode()):
        assert word not in call.body


def test_everything_that_happens_is_told_in_order(practice, doctor, receiver):
    target, _ = opened(practice, receiver)
    meeting = book_meeting(doctor=doctor, start=clock.now().replace(microsecond=0) + timedelta(minutes=5))
    now = clock.now()
    host, _token = rooms.take_host_seat(room_id=meeting.room_id, user=doctor, device_kind=DeviceKind.BROWSER, now=now)
    rooms.connect(seat_id=host.pk, instance="a" * 16, resumed=False, now=now)
    guest, _token = rooms.knock(room_id=meeting.room_id, token=None, device_kind=DeviceKind.BROWSER, now=now)
    rooms.connect(seat_id=guest.pk, instance="b" * 16, resumed=False, now=now)
    # The page was loaded anew: still the same patient who waits.
    visit = rooms.connect(seat_id=guest.pk, instance="c" * 16, resumed=False, now=now + timedelta(seconds=1))
    rooms.admit(room_id=meeting.room_id, seat_key=guest.key, by_seat_id=host.pk, now=now + timedelta(seconds=2))
    rooms.disconnect(visit_id=visit.pk, now=now + timedelta(seconds=60))
    rooms.connect(seat_id=guest.pk, instance="d" * 16, resumed=False, now=now + timedelta(seconds=70))
    rooms.close_room(room_id=meeting.room_id, reason="ended", now=now + timedelta(seconds=90))
    services.record_outcome(room_uuid=meeting.room.uuid, outcome="carried_out", now=now + timedelta(seconds=91))
    tasks.post_webhooks(target.pk)

    assert kinds(receiver) == [
        "meeting.created",
        "room.opened",
        "patient.waiting",
        "call.started",
        "call.ended",
        "meeting.concluded",
    ]
    assert json.loads(receiver.calls[-1].body)["data"] == {"outcome": "carried_out"}


def test_changing_and_deleting_are_told(practice, doctor, receiver):
    target, _ = opened(practice, receiver)
    meeting = book_meeting(doctor=doctor)
    services.move(
        meeting_id=meeting.pk,
        start=meeting.start_time + timedelta(days=1),
        end=meeting.end_time + timedelta(days=1),
        actor=doctor,
        now=clock.now(),
    )
    services.delete(meeting_id=meeting.pk, actor=doctor)
    tasks.post_webhooks(target.pk)
    assert kinds(receiver) == ["meeting.created", "meeting.updated", "meeting.deleted"]


def test_what_is_rolled_back_is_never_told(practice, doctor, receiver):
    opened(practice, receiver)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        book_meeting(doctor=doctor)
        raise ZeroDivisionError
    assert not WebhookMessage.objects.exists()


def test_other_organisations_are_told_nothing(practice, receiver):
    opened(practice, receiver)
    book_meeting()
    assert not WebhookMessage.objects.exists()


def test_a_message_that_is_not_taken_holds_back_its_meeting_and_no_other(practice, doctor, receiver):
    target, _ = opened(practice, receiver)
    first = book_meeting(doctor=doctor)
    services.cancel(meeting_id=first.pk, actor=doctor, now=clock.now())
    second = book_meeting(doctor=doctor)
    refused = str(first.uuid)
    receiver.answer = lambda call: 400 if refused in call.body.decode() else 200
    tasks.post_webhooks(target.pk)

    assert [json.loads(call.body)["meeting"]["uuid"] for call in receiver.calls] == [refused, str(second.uuid)]
    receiver.answer = lambda call: 200
    services.post_webhooks(target_id=target.pk, now=clock.now() + timedelta(seconds=11))
    assert kinds(receiver)[2:] == ["meeting.created", "meeting.concluded"]
    ids = [call.headers["X-VDX-Id"] for call in receiver.calls]
    assert ids[0] == ids[2]


def test_a_target_that_is_down_rests_longer_and_longer_and_is_given_up_after_a_day(practice, doctor, receiver):
    target, _ = opened(practice, receiver)
    book_meeting(doctor=doctor)
    book_meeting(doctor=doctor)
    receiver.answer = lambda call: 503
    now = clock.now()
    begun, asked = now, []
    while WebhookMessage.objects.filter(state="queued").exists():
        before = len(receiver.calls)
        services.post_webhooks(target_id=target.pk, now=now)
        # One try a turn, however much waits.
        assert len(receiver.calls) - before <= 1
        asked.append(now)
        now += timedelta(minutes=30)
        WebhookTarget.objects.filter(pk=target.pk, resting_until__gt=now).update(resting_until=now)
        WebhookMessage.objects.filter(due_at__gt=now).update(due_at=now)
        assert now - begun < timedelta(days=3)
    assert timedelta(hours=24) <= asked[-1] - begun <= timedelta(hours=25)
    assert set(WebhookMessage.objects.values_list("state", "answer")) == {("failed", "503")}
    target.refresh_from_db()
    assert target.failures > 5


def test_a_slow_target_holds_up_no_other(practice, doctor, receiver, monkeypatch):
    monkeypatch.setattr("vdx.lib.outgoing.post.__kwdefaults__", {"deadline": 0.3})
    with Receiver(answer=lambda call: time.sleep(3) or 200) as slow:
        slow_target, _ = opened(practice, slow)
        opened(practice, receiver)
        for _ in range(3):
            book_meeting(doctor=doctor)
        tasks.post_due_webhooks()

    assert len(slow.calls) == 1
    assert kinds(receiver) == ["meeting.created"] * 3
    slow_target.refresh_from_db()
    assert slow_target.resting_until > clock.now()
    assert set(WebhookMessage.objects.filter(target=slow_target).values_list("answer", flat=True)) == {"timeout", ""}
    assert services.due_webhooks(now=clock.now()) == []


def test_a_killed_worker_loses_nothing_and_the_id_is_the_same(practice, doctor, receiver, monkeypatch):
    target, _ = opened(practice, receiver)
    book_meeting(doctor=doctor)
    now = clock.now()

    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("booking.services.webhooks._taken", killed)
        services.post_webhooks(target_id=target.pk, now=now)
    # As after kill -9: nobody has given the claim back.
    WebhookTarget.objects.update(busy_until=now + timedelta(seconds=60))
    assert services.due_webhooks(now=now + timedelta(seconds=59)) == []
    assert services.due_webhooks(now=now + timedelta(seconds=60)) == [target.pk]
    services.post_webhooks(target_id=target.pk, now=now + timedelta(seconds=60))

    assert len({call.headers["X-VDX-Id"] for call in receiver.calls}) == 1
    assert len(receiver.calls) == 2
    assert WebhookMessage.objects.get().state == "delivered"


def test_one_caller_at_a_time(practice, doctor, receiver):
    target, _ = opened(practice, receiver)
    book_meeting(doctor=doctor)
    WebhookTarget.objects.update(busy_until=clock.now() + timedelta(seconds=30))
    tasks.post_webhooks(target.pk)
    assert receiver.calls == []


def test_a_turn_that_took_too_long_frees_nobody_elses_claim(practice, doctor, receiver, monkeypatch):
    target, _ = opened(practice, receiver)
    book_meeting(doctor=doctor)
    others = clock.now() + timedelta(minutes=5)

    def slow(*args, **kwargs):
        WebhookTarget.objects.update(busy_until=others)
        return 200

    monkeypatch.setattr("vdx.lib.outgoing.post", slow)
    tasks.post_webhooks(target.pk)
    target.refresh_from_db()
    assert target.busy_until == others


@pytest.mark.parametrize(
    "url", ["http://example.dk/", "https://127.0.0.1/", "https://localhost/x", "https://[fe80::1]/", "ftp://a", ""]
)
def test_addresses_inside_are_refused_when_they_are_saved(practice, settings, url):
    settings.VDX_WEBHOOK_PRIVATE_TARGETS = False
    with pytest.raises(WebhookTargetRefused):
        services.open_webhook(organisation=practice, url=url, actor=None, now=clock.now())
    assert not WebhookTarget.objects.exists()


def test_addresses_inside_are_refused_when_something_is_sent(practice, doctor, receiver, settings):
    target, _ = opened(practice, receiver)
    WebhookTarget.objects.update(url=receiver.url.replace("http:", "https:"))
    book_meeting(doctor=doctor)
    settings.VDX_WEBHOOK_PRIVATE_TARGETS = False
    tasks.post_webhooks(target.pk)
    assert receiver.calls == []
    assert WebhookMessage.objects.get().answer == "private"


def test_closed_is_closed_and_a_new_secret_signs_what_follows(practice, doctor, receiver):
    target, old = opened(practice, receiver)
    new = services.renew_webhook_secret(target=target, actor=None)
    book_meeting(doctor=doctor)
    tasks.post_webhooks(target.pk)
    [call] = receiver.calls
    signed = f"{call.headers['X-VDX-Timestamp']}.".encode() + call.body
    assert old != new
    assert call.headers["X-VDX-Signature"][3:] == hmac.new(new.encode(), signed, hashlib.sha256).hexdigest()

    book_meeting(doctor=doctor)
    services.close_webhook(target=target, actor=None, now=clock.now())
    book_meeting(doctor=doctor)
    tasks.post_webhooks(target.pk)
    tasks.post_due_webhooks()
    assert len(receiver.calls) == 1
    assert list(WebhookMessage.objects.order_by("pk").values_list("state", "answer")) == [
        ("delivered", "200"),
        ("failed", "closed"),
    ]


def test_a_message_is_sent_again_with_its_id(practice, doctor, receiver):
    target, _ = opened(practice, receiver)
    book_meeting(doctor=doctor)
    tasks.post_webhooks(target.pk)
    message = WebhookMessage.objects.get()
    assert services.resend_message(message=message, actor=None, now=clock.now())
    assert not services.resend_message(message=message, actor=None, now=clock.now())
    tasks.post_webhooks(target.pk)
    assert [call.headers["X-VDX-Id"] for call in receiver.calls] == [str(message.key)] * 2


def test_messages_are_forgotten_after_30_days(practice, doctor, receiver):
    opened(practice, receiver)
    book_meeting(doctor=doctor)
    now = clock.now()
    assert services.forget_messages(now=now + timedelta(days=30) - timedelta(minutes=1)) == 0
    assert services.forget_messages(now=now + timedelta(days=30, minutes=1)) == 1


def test_the_record_system_delivers_the_link(practice, doctor, receiver):
    target, _ = opened(practice, receiver)
    meeting = book_meeting(doctor=doctor)
    sending = Sending(DeliveryWay.WEBHOOK, "", remind=True, key=uuid4())
    delivery = services.send_link(meeting_id=meeting.pk, sending=sending, actor=doctor, now=clock.now())
    tasks.post_webhooks(target.pk)

    told = json.loads(receiver.calls[1].body)
    assert told["type"] == "meeting.link"
    assert told["data"]["shortLink"].endswith(meeting.short_id)
    assert told["data"]["text"].endswith(told["data"]["shortLink"])
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    # The link is kept no longer than it is needed, and there is no reminder of ours.
    assert WebhookMessage.objects.get(kind="meeting.link").body["data"] == {}
    assert Delivery.objects.count() == 1


def test_a_link_that_the_record_system_never_took_has_failed(practice, doctor, receiver):
    target, _ = opened(practice, receiver)
    meeting = book_meeting(doctor=doctor)
    tasks.post_webhooks(target.pk)
    sending = Sending(DeliveryWay.WEBHOOK, "", remind=False, key=uuid4())
    delivery = services.send_link(meeting_id=meeting.pk, sending=sending, actor=doctor, now=clock.now())
    services.post_webhooks(target_id=target.pk, now=meeting.end_time)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == ("failed", "unreachable")
    assert WebhookMessage.objects.filter(kind="delivery.failed").count() == 1
    assert "meeting.link" not in kinds(receiver)


@pytest.mark.parametrize("how", ["cancelled", "deleted", "ended by its record system"])
def test_the_link_of_a_meeting_that_is_not_held_is_not_handed_over(practice, doctor, receiver, how):
    target, _ = opened(practice, receiver)
    meeting = book_meeting(doctor=doctor)
    sending = Sending(DeliveryWay.WEBHOOK, "", remind=False, key=uuid4())
    delivery = services.send_link(meeting_id=meeting.pk, sending=sending, actor=doctor, now=clock.now())
    if how == "cancelled":
        services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())
    elif how == "deleted":
        services.withdraw(meeting_id=meeting.pk, now=clock.now())
    else:
        changes = {"end": clock.now()}
        services.amend(
            meeting_id=meeting.pk, changes=changes, room_changes={}, editor_email=doctor.email, now=clock.now()
        )
    waiting = WebhookMessage.objects.get(kind="meeting.link")
    assert (waiting.state, waiting.answer, waiting.body["data"]) == ("failed", "over", {})
    found = Delivery.objects.filter(pk=delivery.pk).values_list("state", "cause")
    assert list(found) == ([] if how == "deleted" else [("failed", "over")])
    tasks.post_webhooks(target.pk)
    assert "meeting.link" not in kinds(receiver)
    assert "delivery.failed" not in kinds(receiver)


def test_a_test_call_of_the_practice_is_told_to_nobody(practice, doctor, receiver):
    opened(practice, receiver)
    book_meeting(doctor=doctor, is_test=True)
    assert not WebhookMessage.objects.exists()
