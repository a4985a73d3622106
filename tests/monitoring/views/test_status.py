"""How the hub is: for everybody without details, and for MedCom's staff with all of them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, InterfaceError
from django.test import Client
from django.urls import reverse

from monitoring import services
from monitoring.probe import spool
from monitoring.probe.legs import LEGS, Run
from monitoring.views import status
from tests.factories.accounts import member, second_factor, show_second_factor
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock, probe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    settings.VAR_DIR = tmp_path
    status._kept.clear()
    yield services.probe_folder()
    status._kept.clear()


def left(folder: Path, minutes_ago: int, *, failed: str = "") -> None:
    at = clock.now() - timedelta(minutes=minutes_ago)
    legs = {leg: 10 for leg in LEGS if not failed or LEGS.index(leg) < LEGS.index(failed)}
    missing = ("worker",) if failed else ()
    spool.append(folder, Run(uuid4(), int(at.timestamp()) // 60 * 60, 60, at, legs, failed, "timeout", missing))


def staff(client: Client, role: Role = Role.MEDCOM) -> Client:
    user = member(role)
    client.force_login(user)
    show_second_factor(client, second_factor(user))
    return client


def test_everybody_reads_how_it_is_and_is_given_no_cookie(client: Client, folder: Path) -> None:
    answer = client.get("/status")
    assert "Der er ikke målt endnu" in answer.content.decode()

    left(folder, 2)
    services.take_in_probes(now=clock.now())
    status._kept.clear()
    answer = client.get("/status")

    assert "Videokonsultationer virker" in answer.content.decode()
    assert "100,00" in answer.content.decode()
    assert dict(answer.cookies) == {}
    assert answer.headers["Cache-Control"] == "public, max-age=15"
    assert 'href="/status?sprog=en"' in answer.content.decode()
    assert client.get("/status?sprog=en").headers["Content-Language"] == "en"


def test_a_disturbance_is_told_without_details(client: Client, folder: Path) -> None:
    left(folder, 3)
    left(folder, 2, failed="delivery")
    services.take_in_probes(now=clock.now())

    page = client.get("/status").content.decode()

    assert "Der er forstyrrelser lige nu" in page
    assert "Det har været sådan siden" in page
    assert not {"delivery", "baggrundsprocessen", "Besked"} & set(page.split())
    assert "timeout" not in page


def test_it_is_looked_up_once_for_many(client: Client, django_assert_num_queries: object, folder: Path) -> None:
    left(folder, 2)
    services.take_in_probes(now=clock.now())
    client.get("/status")
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get("/status").status_code == 200


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_without_the_database_it_still_answers(
    client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    left(folder, 1, failed="token")

    def broken(**kwargs: object) -> None:
        raise error

    # What the driver raises when nobody answers, where the page first asks.
    monkeypatch.setattr(status.queries, "service_state", broken)
    answer = client.get("/status")

    assert answer.status_code == 200
    assert "Der er forstyrrelser lige nu" in answer.content.decode()


def test_medcom_reads_months_legs_and_faults(client: Client, folder: Path) -> None:
    for ago in range(20, 10, -1):
        left(folder, ago, failed="delivery" if ago == 15 else "")
    services.take_in_probes(now=clock.now())
    staff(client)

    page = client.get(reverse("monitoring:uptime")).content.decode()
    assert "Besked bliver leveret" in page
    assert "Hubben savnede baggrundsprocessen." in page
    assert "99,50" in page

    for name in ("maaneder", "led"):
        picture = client.get(reverse("monitoring:uptime_picture", args=[name]))
        assert picture.headers["Content-Type"] == "image/svg+xml"
        assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert client.get(reverse("monitoring:uptime_picture", args=["andet"])).status_code == 404

    lines = client.get(reverse("monitoring:uptime_csv")).content.decode().splitlines()
    assert lines[0].startswith("day,expected,succeeded,failed,missing,token_ms,")
    assert sum(int(line.split(",")[2]) for line in lines[1:]) == 9
    assert AuditEntry.objects.filter(action="uptime.downloaded").count() == 1


@pytest.mark.parametrize(("faults", "says"), [(3, False), (4, True)])
def test_a_list_of_faults_that_is_cut_says_so(
    client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch, faults: int, says: bool
) -> None:
    monkeypatch.setattr("monitoring.queries.uptime.MOST_FAULTS", 3)
    for ago in range(1, 2 * faults + 1):
        left(folder, ago, failed="delivery" if ago % 2 else "")
    services.take_in_probes(now=clock.now())
    page = staff(client).get(reverse("monitoring:uptime")).content.decode()
    assert ("Kun de 3 nyeste er vist." in page) is says


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DOCTOR, Role.RESEARCHER])
def test_nobody_else_reads_the_history(client: Client, role: Role) -> None:
    staff(client, role)
    for address in (
        reverse("monitoring:uptime"),
        reverse("monitoring:uptime_csv"),
        reverse("monitoring:uptime_picture", args=["led"]),
    ):
        assert client.get(address).status_code == 403
    assert Client().get(reverse("monitoring:uptime")).status_code == 302


def test_percents_are_cut_and_never_reach_the_target_by_rounding() -> None:
    assert (status.share(99.499), status.share(99.5), status.share(None)) == ("99,49 %", "99,50 %", "–")


def test_a_delivery_is_taken_from_the_hub_itself_alone(client: Client) -> None:
    meeting = uuid4()
    asked = reverse("probe-arrived", args=[meeting])
    assert client.get(asked).json() == {"arrived": False}
    body = json.dumps({"meeting": {"uuid": str(meeting)}}).encode()
    now = str(int(clock.now().timestamp()))

    def deliver(timestamp: str, secret: str) -> int:
        signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-VDX-Timestamp": timestamp, "X-VDX-Signature": f"v1={signed}"}
        answer = client.post(reverse("probe-inbox"), body, content_type="application/json", headers=headers)
        return answer.status_code

    assert deliver(now, "somebody's") == 403
    assert deliver("1", probe.webhook_secret()) == 403
    assert deliver("no number", probe.webhook_secret()) == 403
    assert client.get(asked).json() == {"arrived": False}

    assert deliver(now, probe.webhook_secret()) == 204
    assert client.get(asked).json() == {"arrived": True}
    assert client.get(reverse("probe-inbox")).status_code == 405
