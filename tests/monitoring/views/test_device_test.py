"""What came of a device test comes in: whitelisted, once a key, bounded, and it follows the browser to the door."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from monitoring import queries
from monitoring.access import MACHINE_COOKIE, MachineTest, machine_test
from monitoring.models import DeviceTest
from rooms import access
from rooms.enums import TestVerdict
from rooms.models import Seat
from tests.factories.accounts import member
from tests.factories.rooms import RoomFactory
from vdx.lib import clock

pytestmark = pytest.mark.django_db

GOOD = {"secure": True, "webrtc": True, "camera": "ok", "microphone": "ok", "socket": "ok", "loop": "ok", "way": "udp"}
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Mobile Safari/537.36"


def send(client: Client, *, key: UUID | None = None, room: str | None = None, **measures: object) -> HttpResponse:
    body = {"key": str(key or uuid4()), "room": room, "measures": {**GOOD, **measures}}
    return post(client, body)


def post(client: Client, body: Any) -> HttpResponse:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(
        reverse("device-test-result"), text, content_type="application/json", headers={"user-agent": CHROME}
    )


def test_a_result_is_kept_under_a_code(client: Client) -> None:
    answer = send(client, label="Grethes kamera", candidate="192.0.2.1").json()

    test = DeviceTest.objects.get()
    assert answer == {"code": test.code, "verdict": "ok", "reason": "fine"}
    assert test.measures == GOOD
    assert test.browser == "Chrome, Android"
    assert (test.room_uuid, test.by_user) == (None, None)


def test_the_same_result_sent_twice_is_one(client: Client) -> None:
    key = uuid4()
    first, second = send(client, key=key).json(), send(client, key=key, camera="refused").json()

    assert second == {"code": first["code"], "verdict": "sound_only", "reason": "camera_refused"}
    assert DeviceTest.objects.count() == 1


def test_for_a_meeting_it_follows_the_browser_to_the_door(client: Client) -> None:
    room, other = RoomFactory.create(), RoomFactory.create()
    send(client, room=room.short_id, camera="missing")

    assert DeviceTest.objects.get().room_uuid == room.uuid
    cookie = client.cookies[access.TEST_COOKIE]
    assert cookie["path"] == f"/m/{room.short_id}"
    assert cookie["httponly"]
    client.post(reverse("rooms:knock", args=[room.short_id]), "{}", content_type="application/json")
    client.post(reverse("rooms:knock", args=[other.short_id]), "{}", content_type="application/json")
    assert Seat.objects.get(room=room).test_verdict == "sound_only"
    assert Seat.objects.get(room=other).test_verdict == ""


def test_a_test_made_while_waiting_reaches_the_seat_that_waits(client: Client) -> None:
    room = RoomFactory.create()
    address = reverse("room-device-test-result", args=[room.short_id])
    assert address == client.get(reverse("rooms:room_test", args=[room.short_id])).context["data"]["urls"]["result"]
    client.post(reverse("rooms:knock", args=[room.short_id]), "{}", content_type="application/json")
    body = json.dumps({"key": str(uuid4()), "room": room.short_id, "measures": {**GOOD, "camera": "missing"}})
    assert client.post(address, body, content_type="application/json").status_code == 200
    assert Seat.objects.get().test_verdict == "sound_only"
    Client().post(address, body.replace("missing", "ok"), content_type="application/json")
    assert Seat.objects.get().test_verdict == "sound_only", "another browser's test is not this seat's"


def test_a_newer_test_goes_before_the_older_one(client: Client) -> None:
    room = RoomFactory.create()
    for camera in ("missing", "ok"):
        send(client, room=room.short_id, camera=camera)
        client.post(reverse("rooms:knock", args=[room.short_id]), "{}", content_type="application/json")

    assert Seat.objects.get(room=room).test_verdict == "ok"


@pytest.mark.parametrize("forged", ["ok", "", "WyJvayJd:1:x", None])
def test_a_verdict_that_we_have_not_signed_is_none(forged: str | None) -> None:
    assert access.tested_verdict(RoomFactory.create(), forged) is None


def test_who_works_here_has_passed(client: Client) -> None:
    doctor = member()
    client.force_login(doctor)
    send(client)

    assert DeviceTest.objects.get().by_user == doctor
    assert queries.user_has_passed(doctor)


def test_an_unknown_meeting_keeps_nothing(client: Client) -> None:
    assert send(client, room="7k3m9p2qx4rt").status_code == 404
    assert not DeviceTest.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        {"key": "1", "room": None, "measures": {}},
        {"key": str(uuid4()), "room": 7, "measures": {}},
        {"key": str(uuid4()), "room": None, "measures": []},
        {"key": str(uuid4()), "room": None, "measures": {"camera": "x" * 5000}},
        "[" * 3000,
    ],
)
def test_what_is_no_result_is_refused(client: Client, body: Any) -> None:
    assert post(client, body).status_code == 400
    assert not DeviceTest.objects.exists()


@pytest.mark.usefixtures("clock_stands")
def test_nobody_may_flood(client: Client) -> None:
    codes = [send(client).status_code for _ in range(41)]

    assert codes == [200] * 40 + [429]


def test_looking_sends_nothing(client: Client) -> None:
    assert client.get(reverse("device-test-result")).status_code == 405


def test_at_work_the_machine_keeps_that_it_was_tested_and_nothing_about_whom(client: Client) -> None:
    client.force_login(member())
    send(client)
    cookie = client.cookies[MACHINE_COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/portal/", True, "Lax")
    assert machine_test(cookie.value) == MachineTest(TestVerdict.OK, clock.local_date(clock.now()))
    send(client, camera="refused")
    kept = machine_test(client.cookies[MACHINE_COOKIE].value)
    assert kept is not None
    assert (kept.verdict, kept.passed) == (TestVerdict.SOUND_ONLY, False)


def test_a_patients_machine_keeps_nothing(client: Client) -> None:
    send(client)
    assert MACHINE_COOKIE not in client.cookies


@pytest.mark.parametrize(
    "cookie",
    [None, "", "ok", signing.dumps(["ok", "2026-11-23"]), signing.dumps("x", salt=MACHINE_COOKIE)],
    ids=["none", "empty", "unsigned", "signed for something else", "says nothing"],
)
def test_a_machine_believes_no_cookie_that_is_not_ours(cookie: str | None) -> None:
    assert machine_test(cookie) is None


def test_after_half_a_year_a_machine_counts_as_untested(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    client.force_login(member())
    long_ago = signing.b62_encode(int(time.time()) - 183 * 24 * 3600)
    with monkeypatch.context() as then:
        then.setattr(signing.TimestampSigner, "timestamp", lambda signer: long_ago)
        send(client)
    assert machine_test(client.cookies[MACHINE_COOKIE].value) is None
    send(client)
    assert machine_test(client.cookies[MACHINE_COOKIE].value) is not None
