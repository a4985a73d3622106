"""Ring mig op: where a waiting patient's browser is rung, that the push is real, and that nothing is left behind."""

from __future__ import annotations

import http.server
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from rooms import services
from rooms.enums import CloseReason, RoomKind, RoomState, SeatState
from rooms.errors import BadPushAddress, KnockAgain, RoomClosed
from rooms.models import PushAddress, Room, Seat
from rooms.services.push import ask_to_be_rung, do_not_ring, forget_needless_addresses, push_ring
from rooms.signals import ring_asked
from tests.factories.fixed import FixedRoomFactory
from tests.factories.rooms import RoomFactory, SeatFactory
from vdx.lib import clock, vapid
from vdx.lib.webpush import Address, Answer

pytestmark = [pytest.mark.django_db, pytest.mark.service]

AUTH = bytes(range(16))


@dataclass
class PushService:
    """A push service on this machine, and the browser behind it, which alone can read what comes."""

    port: int
    status: int = 201
    location: str = ""
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    browser: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self, path: str = "/send/hemmelig-adresse?x=1") -> Address:
        return Address(self.origin + path, vapid.encode(vapid.point_of(self.browser.public_key())), vapid.encode(AUTH))

    def read(self, body: bytes) -> Any:
        """What the browser makes of a body."""
        return json.loads(http_ece.decrypt(body, private_key=self.browser, auth_secret=AUTH, version="aes128gcm"))


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    """It answers with ``status`` until the end of the test; the hub may go to this machine."""
    settings.VDX_PUSH_LOOPBACK = True

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.came.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.status)
            if made.location:
                self.send_header("Location", made.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Nothing on the screen."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = PushService(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def asked(service: PushService, *, language: str = "da", **seat: Any) -> Seat:
    """A waiting patient who has asked to be rung."""
    made: Seat = SeatFactory(**seat)
    ask_to_be_rung(seat_id=made.pk, address=service.address(), language=language, now=clock.now())
    return made


def ring(seat: Seat) -> Answer | None:
    return push_ring(room_uuid=seat.room.uuid, seat_key=seat.key)


@pytest.mark.parametrize(
    ("language", "title"), [("da", "Lægen er klar"), ("en", None)], ids=["danish", "the patient's own language"]
)
def test_the_browser_alone_can_read_the_ring_and_it_names_nobody(
    service: PushService, settings: Any, language: str, title: str | None
) -> None:
    seat = asked(service, language=language)
    assert ring(seat) is Answer.TAKEN
    [(path, headers, body)] = service.came
    assert path == "/send/hemmelig-adresse?x=1"
    read = service.read(body)
    assert set(read) == {"title", "body", "path"}
    assert read["path"] == f"/m/{seat.room.short_id}"
    if title:
        assert read["title"] == title
    assert (headers["content-encoding"], headers["ttl"], headers["urgency"]) == ("aes128gcm", "120", "high")
    assert headers["topic"] == "ring"
    assert (seat.room.short_id or "").encode() not in body

    scheme, token, key = headers["authorization"].replace(",", "").split()
    assert (scheme, key) == ("vapid", f"k={settings.VDX_VAPID_PUBLIC_KEY}")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), vapid.decode(key[2:]))
    claims = jwt.decode(token.removeprefix("t="), public, algorithms=["ES256"], audience=service.origin)
    assert claims["sub"] == settings.VDX_VAPID_SUBJECT


def test_in_a_fixed_room_it_is_the_host_who_is_ready(service: PushService) -> None:
    seat = asked(service)
    Room.objects.filter(pk=seat.room_id).update(kind=RoomKind.FIXED, fixed_room=FixedRoomFactory())
    ring(seat)
    [(_path, _headers, body)] = service.came
    assert service.read(body)["title"] == "Værten er klar"


def test_the_address_lies_sealed_one_a_seat(service: PushService) -> None:
    seat = asked(service)
    first = PushAddress.objects.get()
    for secret in ("hemmelig", "127.0.0.1", service.address().p256dh, service.address().auth):
        assert secret not in str(PushAddress.objects.values())
    ask_to_be_rung(seat_id=seat.pk, address=service.address("/newer"), language="da", now=clock.now())
    assert PushAddress.objects.get().pk == first.pk
    ring(seat)
    assert [path for path, _, _ in service.came] == ["/newer"]


def test_hosts_hear_who_may_be_rung_and_who_may_not_any_more(
    service: PushService, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[bool] = []

    def listen(signal: Any, *, is_asked: bool, **_: Any) -> None:
        heard.append(is_asked)

    ring_asked.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            seat = asked(service)
            do_not_ring(seat_id=seat.pk)
            do_not_ring(seat_id=seat.pk)
            ask_to_be_rung(seat_id=seat.pk, address=service.address(), language="da", now=clock.now())
            service.status = 410
            ring(seat)
    finally:
        ring_asked.disconnect(listen)
    assert heard == [True, False, True, False]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_takes_no_more_is_forgotten(service: PushService, status: int) -> None:
    seat = asked(service)
    service.status = status
    assert ring(seat) is Answer.GONE
    assert not PushAddress.objects.exists()
    assert ring(seat) is None


@pytest.mark.parametrize(
    ("status", "answer"),
    [(429, Answer.LATER), (500, Answer.LATER), (503, Answer.LATER), (400, Answer.REFUSED), (403, Answer.REFUSED)],
)
def test_what_goes_wrong_today_may_go_tomorrow(service: PushService, status: int, answer: Answer) -> None:
    seat = asked(service)
    service.status = status
    assert ring(seat) is answer
    assert PushAddress.objects.exists()


def test_a_redirect_is_not_followed(service: PushService) -> None:
    seat = asked(service)
    service.status, service.location = 307, f"{service.origin}/elsewhere"
    assert ring(seat) is Answer.REFUSED
    assert [path for path, _, _ in service.came] == ["/send/hemmelig-adresse?x=1"]


def test_a_service_that_is_away_is_no_error(service: PushService) -> None:
    seat = SeatFactory()
    gone = Address("http://127.0.0.1:9/x", service.address().p256dh, service.address().auth)
    ask_to_be_rung(seat_id=seat.pk, address=gone, language="da", now=clock.now())
    assert ring(seat) is Answer.LATER


def test_this_machine_and_private_networks_are_out_of_reach(service: PushService, settings: Any) -> None:
    seat = asked(service)
    settings.VDX_PUSH_LOOPBACK = False
    assert ring(seat) is Answer.REFUSED
    assert service.came == []
    settings.VDX_PUSH_SERVICES = ["10.0.0.1", "localhost"]
    for endpoint in ("https://10.0.0.1/x", "https://localhost/x"):
        address = Address(endpoint, service.address().p256dh, service.address().auth)
        ask_to_be_rung(seat_id=seat.pk, address=address, language="da", now=clock.now())
        assert ring(seat) is Answer.REFUSED


def test_nobody_is_rung_who_did_not_ask(service: PushService) -> None:
    assert ring(SeatFactory()) is None
    seat = asked(service)
    do_not_ring(seat_id=seat.pk)
    do_not_ring(seat_id=seat.pk)
    assert ring(seat) is None
    assert service.came == []


def test_a_hub_with_another_secret_or_without_a_key_rings_nobody(service: PushService, settings: Any) -> None:
    seat = asked(service)
    private = settings.VDX_VAPID_PRIVATE_KEY
    settings.VDX_VAPID_PRIVATE_KEY = ""
    assert ring(seat) is None
    settings.VDX_VAPID_PRIVATE_KEY = private
    settings.SECRET_KEY = "another secret " * 5
    assert ring(seat) is None
    assert not PushAddress.objects.exists()
    assert service.came == []


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("endpoint", "https://evil.example/x"),
        ("endpoint", ""),
        ("p256dh", "AAAA"),
        ("p256dh", vapid.encode(b"\x04" + bytes(64))),
        ("auth", vapid.encode(bytes(15))),
        ("auth", "æ"),
    ],
)
def test_an_address_that_is_none_is_refused(service: PushService, change: str, value: str) -> None:
    seat = SeatFactory()
    address = Address(**{**service.address().__dict__, change: value})
    with pytest.raises(BadPushAddress):
        ask_to_be_rung(seat_id=seat.pk, address=address, language="da", now=clock.now())
    assert not PushAddress.objects.exists()


def test_without_a_key_nobody_may_ask(service: PushService, settings: Any) -> None:
    settings.VDX_VAPID_PRIVATE_KEY = ""
    with pytest.raises(BadPushAddress):
        asked(service)


@pytest.mark.parametrize("trait", [{"admitted": True}, {"host": True}, {"state": SeatState.LEFT}])
def test_only_who_waits_may_ask(service: PushService, trait: dict[str, Any]) -> None:
    with pytest.raises(KnockAgain):
        asked(service, **trait)


def test_a_closed_room_takes_no_more(service: PushService) -> None:
    seat = SeatFactory()
    services.close_room(room_id=seat.room_id, reason=CloseReason.ENDED, now=clock.now())
    with pytest.raises(RoomClosed):
        ask_to_be_rung(seat_id=seat.pk, address=service.address(), language="da", now=clock.now())


@pytest.mark.parametrize("end", ["left", "let in", "turned away", "moved", "closed"])
def test_nothing_is_kept_of_who_waits_no_longer(service: PushService, end: str) -> None:
    seat = asked(service)
    room, now = seat.room, clock.now()
    doctor = SeatFactory(room=room, host=True)
    ways = {
        "left": lambda: services.leave(seat_id=seat.pk, now=now),
        "let in": lambda: services.admit(room_id=room.pk, seat_key=seat.key, by_seat_id=doctor.pk, now=now),
        "turned away": lambda: services.refuse(room_id=room.pk, seat_key=seat.key, by_seat_id=doctor.pk, now=now),
        "moved": lambda: services.take_over(
            room_id=room.pk, secret=services.offer_move(seat_id=seat.pk, now=now), now=now
        ),
        "closed": lambda: services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=now),
    }
    others = asked(service)
    ways[end]()
    assert [address.seat for address in PushAddress.objects.all()] == [others]
    assert ring(seat) is None


def test_the_sweep_finds_what_was_left_behind(service: PushService) -> None:
    waits, left, closed = asked(service), asked(service), asked(service, room=RoomFactory())
    Seat.objects.filter(pk=left.pk).update(state=SeatState.LEFT)
    Room.objects.filter(pk=closed.room_id).update(state=RoomState.CLOSED, closed_at=clock.now())
    assert forget_needless_addresses() == 2
    assert [address.seat for address in PushAddress.objects.all()] == [waits]


def test_no_log_says_where_or_whom(service: PushService, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seat = asked(service)
    ring(seat)
    service.status = 500
    ring(seat)
    for secret in ("hemmelig", str(service.port), seat.room.short_id or "", service.address().auth):
        assert secret not in caplog.text
