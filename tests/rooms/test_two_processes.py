"""A room whose two participants sit in different web processes, over Redis and PostgreSQL; one process is killed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.processes import wait_until
from tests.support.servers import HubServer

pytestmark = pytest.mark.e2e

MAKE_ROOM = """
import json
from uuid import uuid4
from rooms import services
from rooms.enums import DeviceKind
from vdx.accounts import services as accounts
from vdx.lib import clock
from datetime import timedelta
now = clock.now()
practice = accounts.create_organisation(code=f"p-{uuid4().hex}", name="Nord", kind="general", parent=None, actor=None)
room = services.create_room(
    uuid=uuid4(), organisation=practice, settings=services.RoomSettings(), starts_at=now,
    ends_at=now + timedelta(minutes=15), host_label="Lise Holm", host_phone="", host_pin=None, guest_pin=None,
    created_by=None, now=now,
)
_, host = services.take_host_seat(room_id=room.pk, user=None, device_kind=DeviceKind.BROWSER, now=now)
seat, guest = services.knock(room_id=room.pk, token=None, device_kind=DeviceKind.APP, now=now)
_, relative = services.knock(room_id=room.pk, token=None, device_kind=DeviceKind.BROWSER, now=now)
print(json.dumps(
    {"code": room.short_id, "uuid": str(room.uuid), "host": host, "guest": guest, "relative": relative}
))
"""

TOKEN = "a-token-of-at-least-32-characters"

FACTS = """
import json
from rooms.queries import call_facts
facts = call_facts("{uuid}")
print(json.dumps({{"reason": facts.close_reason, "stays": {{d.role: len(d.stays) for d in facts.devices}}}}))
"""

RECORDS = """
from monitoring.models import CallRecord
print(CallRecord.objects.filter(room_uuid="{uuid}", is_final=True, device_count=2).count())
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[HubServer]:
    with HubServer.service(environment={"VDX_METRICS_TOKEN": TOKEN}) as running:
        yield running


class Page:
    """A page and its socket."""

    def __init__(self, socket: ClientConnection, instance: str) -> None:
        self.socket, self.instance = socket, instance

    def say(self, kind: str, **members: Any) -> None:
        self.socket.send(json.dumps({"type": kind, **members}))

    def until(self, kind: str, member: str = "", value: object = None) -> dict[str, Any]:
        """The next message of a kind, in which the participant's or room's member has the value."""
        while True:
            message: dict[str, Any] = json.loads(self.socket.recv(timeout=25))
            inner = message.get(kind, {})
            if message["type"] == kind and (not member or inner[member] == value):
                return message

    def hello(self, name: str | None, *, resumed: bool = False, epoch: int | None = None) -> dict[str, Any]:
        self.say("hello", version=1, instance=self.instance, name=name, resumed=resumed, epoch=epoch)
        return self.until("welcome")

    def offered(self) -> int:
        """The epoch of the relay's next two offers."""
        data = [self.until("signal")["data"] for _ in range(2)]
        assert [(one["event"], one["leg"]) for one in data] == [("offer", "publish"), ("offer", "subscribe")]
        return int(data[0]["epoch"])


Open = Callable[..., Page]


@pytest.fixture
def open_page(hub: HubServer) -> Iterator[Open]:
    """Opens a page's socket to one of the web processes: number, room's code, seat's token and perhaps instance."""
    with ExitStack() as stack:

        def opened(process: int, code: str, token: str, instance: str = "") -> Page:
            url = hub.urls[process]
            socket = connect(
                f"{url.replace('http', 'ws', 1)}/m/{code}/ws",
                origin=url,  # type: ignore[arg-type]
                subprotocols=["vdx.1"],  # type: ignore[list-item]
                additional_headers={"Cookie": f"vdx_seat={token}"},
            )
            return Page(stack.enter_context(socket), instance or uuid4().hex)

        yield opened


def numbers(hub: HubServer, process: int) -> dict[str, float]:
    """What a web process writes for Prometheus."""
    request = Request(f"{hub.urls[process]}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urlopen(request, timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(number) for name, _, number in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_either_process_writes_the_numbers_of_both_and_forgets_one_that_is_killed(
    hub: HubServer, open_page: Open
) -> None:
    room = json.loads(hub.shell(MAKE_ROOM))
    sockets, hosts = 'vdx_websocket_connections{socket="room"}', 'vdx_joins_total{result="host"}'
    waiting, pages = 'vdx_joins_total{result="waiting"}', 'vdx_http_request_seconds_count{area="rooms",status="2xx"}'
    before = numbers(hub, 0)
    doctor, patient = open_page(0, room["code"], room["host"]), open_page(1, room["code"], room["guest"])
    doctor.hello(None)
    patient.hello("Anna")
    for process in (0, 1):
        for _ in range(3):
            with urlopen(f"{hub.urls[process]}/m/{room['code']}", timeout=10) as answer:
                assert answer.status == 200

    def grown(process: int) -> dict[str, float]:
        now = numbers(hub, process)
        return {name: now[name] - before[name] for name in (sockets, hosts, waiting, pages)}

    both = {sockets: 2, hosts: 1, waiting: 1, pages: 6}
    wait_until("the first process has handed over what it counted", lambda: grown(1) == both)
    wait_until("so has the second", lambda: grown(0) == both)
    assert numbers(hub, 0)['vdx_devices{kind="browser"}'] == 1

    hub.kill(1)
    wait_until("the killed one's socket is forgotten", lambda: grown(0) == {**both, sockets: 1}, seconds=30)
    hub.start(1)
    # What it counted before stays the hub's, and it knows so itself when it is back.
    assert {**grown(1), sockets: 1} == {**both, sockets: 1}
    doctor.say("end")
    doctor.until("closed")


def test_doctor_and_patient_on_different_processes_and_one_is_killed(hub: HubServer, open_page: Open) -> None:
    room = json.loads(hub.shell(MAKE_ROOM))
    doctor = open_page(0, room["code"], room["host"])
    patient = open_page(1, room["code"], room["guest"])
    assert doctor.hello(None)["you"]["name"] == "Lise Holm"
    welcome = patient.hello("Anna")
    assert (welcome["you"]["state"], welcome["room"]["hostPresent"]) == ("waiting", True)

    seat = welcome["you"]["seat"]
    doctor.until("participant", "name", "Anna")
    doctor.say("admit", seat=seat)
    patient.until("admitted")
    doctor.until("participant", "state", "admitted")
    other = patient.until("participant", "role", "host")["participant"]
    assert other["instance"] == doctor.instance

    patient.say("signal", to=other["seat"], instance=doctor.instance, data={"again": True})
    assert doctor.until("signal")["data"] == {"again": True}
    doctor.say("signal", to=seat, instance=patient.instance, data={"candidate": None})
    assert patient.until("signal")["from"] == other["seat"]

    # The patient's process dies; the page comes back to the other one, its call still going on.
    hub.kill(1)
    resumed = open_page(0, room["code"], room["guest"], patient.instance)
    again = resumed.hello("Anna", resumed=True)
    assert (again["you"]["state"], again["engine"]["name"]) == ("admitted", "direct")
    assert [one["seat"] for one in again["participants"]] == [other["seat"]]

    # Started again, it knows nothing; a reload there gets its name from the process that remembers.
    hub.start(1)
    reloaded = open_page(1, room["code"], room["guest"])
    assert reloaded.hello(None)["you"]["name"] == "Anna"
    assert resumed.until("error")["code"] == "superseded"
    doctor.until("participant", "instance", reloaded.instance)

    # Idle for longer than a Redis client waits by itself: heartbeats go on, nobody is lost.
    with pytest.raises(TimeoutError):
        reloaded.socket.recv(timeout=7)
    doctor.say("extend", minutes=10)
    reloaded.until("room")
    doctor.say("end")
    assert reloaded.until("closed")["reason"] == "ended"
    assert doctor.until("closed")["reason"] == "ended"

    facts = json.loads(hub.shell(FACTS.format(**room)))
    # The kill left no gap, and a reload leaves none worth a second stay: the new connection takes the seat over.
    assert facts == {"reason": "ended", "stays": {"host": 1, "guest": 1}}
    wait_until("the call record is final", lambda: hub.shell(RECORDS.format(**room)).strip() == "1")
    assert "Anna" not in hub.log()
    assert room["code"] not in hub.log()


def test_a_third_device_moves_both_processes_to_the_relay_and_a_killed_one_disturbs_nobody(
    hub: HubServer, open_page: Open
) -> None:
    room = json.loads(hub.shell(MAKE_ROOM))
    doctor = open_page(0, room["code"], room["host"])
    doctor.hello(None)
    pages = []
    for key, name in (("guest", "Anna"), ("relative", "Bo")):
        page = open_page(1, room["code"], room[key])
        seat = page.hello(name)["you"]["seat"]
        doctor.until("participant", "name", name)
        doctor.say("admit", seat=seat)
        pages.append((page, page.until("admitted")["engine"]["name"]))
    (patient, first), (relative, second) = pages
    assert (first, second) == ("direct", "relay")
    assert [page.until("engine")["engine"]["name"] for page in (doctor, patient)] == ["relay", "relay"]
    epochs = [page.offered() for page in (doctor, patient, relative)]
    assert len(set(epochs)) == 3

    hub.kill(1)
    resumed = open_page(0, room["code"], room["guest"], patient.instance)
    assert resumed.hello("Anna", resumed=True, epoch=epochs[1])["engine"]["name"] == "relay"
    # The offers that nobody has answered yet are those of before: nothing was lost, and nothing is made anew.
    assert resumed.offered() == epochs[1]
    # What the seat says reaches the worker by its new way.
    resumed.say("signal", to="media", data={"again": True})
    assert resumed.offered() > epochs[1]
    hub.start(1)
