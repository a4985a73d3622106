"""Rooms in the administration."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from rooms.enums import CloseReason, RoomState
from rooms.models import Room
from tests.factories.accounts import member, second_factor, show_second_factor
from tests.factories.rooms import RoomFactory
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db

LIST = reverse("admin:rooms_room_changelist")


@pytest.fixture
def medcom() -> User:
    return member(Role.MEDCOM)


@pytest.fixture
def browser(medcom: User) -> Client:
    """MedCom's, with the second factor shown."""
    client = Client()
    client.force_login(medcom)
    show_second_factor(client, second_factor(medcom))
    return client


def test_no_code_pin_or_name_is_shown(browser: Client) -> None:
    room = RoomFactory(host_pin=471147, guest_pin=814814, host_label="Lise Planted", host_phone="99 99 88 77")
    one = reverse("admin:rooms_room_change", args=[room.pk])
    pages = "".join(browser.get(address).content.decode() for address in (LIST, one))
    assert str(room.uuid) in pages
    for secret in (room.short_id or "", "471147", "814814", "Planted", "99 99 88 77"):
        assert secret not in pages


def test_closing_goes_by_the_service(browser: Client, medcom: User) -> None:
    room, other = RoomFactory(), RoomFactory()
    browser.post(LIST, {"action": "close_rooms", "_selected_action": [room.pk]})
    closed = Room.objects.get(pk=room.pk)
    assert (closed.state, closed.close_reason) == (RoomState.CLOSED, CloseReason.ADMIN)
    assert Room.objects.get(pk=other.pk).state == RoomState.PLANNED
    entry = AuditEntry.objects.get(action="room.closed")
    assert (entry.actor, entry.target_id) == (medcom, str(room.uuid))


def test_nothing_is_added_changed_or_deleted(browser: Client) -> None:
    room = RoomFactory()
    assert browser.get(reverse("admin:rooms_room_add")).status_code == 403
    assert browser.get(reverse("admin:rooms_room_delete", args=[room.pk])).status_code == 403
    assert browser.post(reverse("admin:rooms_room_change", args=[room.pk]), {"state": "closed"}).status_code == 403


def test_each_look_is_written_down(browser: Client, medcom: User) -> None:
    room = RoomFactory()
    browser.get(LIST)
    browser.get(reverse("admin:rooms_room_change", args=[room.pk]))
    looks = AuditEntry.objects.filter(action__startswith="admin.", actor=medcom).order_by("pk")
    assert [(look.action, look.target_type, look.target_id) for look in looks] == [
        ("admin.list", "rooms.Room", ""),
        ("admin.view", "rooms.Room", str(room.pk)),
    ]


def test_nobody_but_medcom() -> None:
    client = Client()
    client.force_login(member(Role.ADMINISTRATOR))
    assert client.get(LIST).status_code == 302
