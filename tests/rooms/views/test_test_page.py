"""The test page: for anybody, at any time, and what it tells to whom."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from rooms import services
from rooms.enums import CloseReason
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.rooms import RoomFactory
from vdx.accounts.enums import Role
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def data_of(response: HttpResponse) -> dict[str, Any]:
    found = re.search(r'<script id="test-data" type="application/json">(.*?)</script>', response.content.decode())
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_anybody_may_test_without_a_meeting(client: Client) -> None:
    data = data_of(client.get("/test"))

    assert (data["code"], data["practicePhone"], data["isAdministrator"]) == (None, "", False)
    assert data["urls"] == {"socket": "/test/ws", "result": "/test/resultat", "back": None}


def test_for_a_meeting_before_its_room_is_open(client: Client) -> None:
    room = RoomFactory.create(starts_at=clock.now() + timedelta(days=3))

    data = data_of(client.get(f"/m/{room.short_id}/test"))

    assert (data["code"], data["practicePhone"]) == (room.short_id, "00 00 00 01")
    assert data["urls"]["back"] == f"/m/{room.short_id}"


def test_the_page_that_waits_for_the_room_leads_there(client: Client) -> None:
    room = RoomFactory.create(starts_at=clock.now() + timedelta(days=3))

    assert f'href="/m/{room.short_id}/test"' in client.get(f"/m/{room.short_id}").content.decode()


def test_a_closed_room_says_so(client: Client) -> None:
    room = RoomFactory.create()
    services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=clock.now())

    assert client.get(f"/m/{room.short_id}/test").status_code == 410


def test_an_unknown_code_leads_to_the_front_page(client: Client) -> None:
    assert client.get("/m/7k3m9p2qx4rt/test").status_code == 404


@pytest.mark.parametrize(("role", "told"), [(Role.MEDCOM, True), (Role.ADMINISTRATOR, True), (Role.DOCTOR, False)])
def test_only_who_looks_after_others_is_told_what_is_not_set_up(client: Client, role: Role, told: bool) -> None:
    user = member(role, OrganisationFactory.create(kind="") if role == Role.MEDCOM else OrganisationFactory.create())
    client.force_login(user)
    show_second_factor(client, second_factor(user))

    assert data_of(client.get("/test"))["isAdministrator"] is told


def test_nothing_is_written_by_looking(client: Client) -> None:
    assert client.post("/test").status_code == 405
