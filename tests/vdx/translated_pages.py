"""A page of each kind, as somebody meets it who asks for English. The tests stand in test_translations.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.urls import reverse

from booking.models import Meeting
from rooms import services as rooms
from rooms.access import SEAT_COOKIE
from rooms.enums import CloseReason
from rooms.models import Room
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.booking import book_meeting
from tests.factories.fixed import FixedRoomFactory, RoomGroupFactory
from tests.factories.monitoring import CallRecordFactory, held_call
from tests.factories.responses import patients, response
from tests.factories.rooms import RoomFactory, SeatFactory
from tests.factories.surveys import PostcardFactory
from tests.surveys.guests import over
from vdx.accounts.enums import LinkPurpose, OrganisationKind, Role
from vdx.accounts.models import User
from vdx.accounts.services import make_link
from vdx.lib import clock


class World:
    """One practice with plain names, its people, and a room in each state."""

    def __init__(self) -> None:
        region = OrganisationFactory.create(code="region", name="Region Nord", kind=OrganisationKind.REGION)
        self.practice = OrganisationFactory.create(code="nord", name="Nordhuset", parent=region, phone="00 00 00 01")
        self.doctor = member(Role.DOCTOR, self.practice, name="Lise Holm", email="lise@example.dk")

    def browser(self, user: User | None = None, seat: str = "") -> Client:
        """A browser that asks for English, perhaps with a login (the second factor shown) or a seat in a room."""
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        if seat:
            client.cookies[SEAT_COOKIE] = seat
        if user is not None:
            client.force_login(user)
            show_second_factor(client, second_factor(user))
        return client

    def logged_in(self, role: Role) -> Client:
        return self.browser(member(role, self.practice, name="Mette Juhl", email="mette@example.dk"))

    def room(self, **fields: object) -> Room:
        return RoomFactory.create(organisation=self.practice, **fields)

    def closed_room(self) -> Room:
        room = self.room()
        rooms.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=clock.now())
        return room

    def meeting(self) -> Meeting:
        return book_meeting(doctor=self.doctor, guest_pin_required=True)

    def held(self) -> tuple[Meeting, str]:
        return held_call(self.doctor, start=clock.now() - timedelta(minutes=10), minutes=5)


def seat_in(world: World, **traits: bool) -> tuple[Client, str]:
    seat = SeatFactory.create(room=world.room(), token="a-seat", **traits)
    return world.browser(seat="a-seat"), f"/m/{seat.room.short_id}"


def counted(world: World, path: str) -> tuple[Client, str]:
    CallRecordFactory.create(organisation=world.practice)
    return world.logged_in(Role.ADMINISTRATOR), path.format(pk=world.practice.pk)


def one_call(world: World) -> tuple[Client, str]:
    call = CallRecordFactory.create(organisation=world.practice)
    return world.logged_in(Role.ADMINISTRATOR), f"/portal/statistik/samtale/{call.pk}/"


def paid(world: World, role: Role, path: str) -> tuple[Client, str]:
    CallRecordFactory.create(organisation=world.practice)
    return world.logged_in(role), path


def fixed_room(world: World, role: Role, path: str) -> tuple[Client, str]:
    """A colleague's browser at a page of a permanent room, which has a group and takes a host's pin."""
    client = world.logged_in(role)
    user = User.objects.get(email="mette@example.dk")
    room = FixedRoomFactory.create(
        organisation=world.practice, name="Nord", address="nord", users=[user], with_host_pin=True
    )
    group = RoomGroupFactory.create(organisation=world.practice, name="Nordlys", users=[user])
    return client, path.format(pk=room.pk, group=group.pk)


def at_the_door(world: World, path: str) -> tuple[Client, str]:
    _, path = fixed_room(world, Role.ADMINISTRATOR, path)
    return world.browser(), path


def after_the_call(world: World, path: str) -> tuple[Client, str]:
    meeting, token = world.held()
    return world.browser(seat=token), f"/m/{meeting.short_id}/{path}"


def with_a_link(world: World) -> tuple[Client, str]:
    issued = make_link(user=world.doctor, purpose=LinkPurpose.PASSWORD, by_mail=False, actor=None, now=clock.now())
    return world.browser(), f"/konto/link/{issued.secret}"


def answering(world: World, path: str, answers: Mapping[str, object] | None = None) -> tuple[Client, str]:
    """A guest's browser on the way through the questionnaire, perhaps with the first page sent."""
    meeting, token = over()
    client, link = world.browser(seat=token), f"/m/{meeting.short_id}/svar"
    client.post(link)
    if answers is not None:
        client.post(f"{link}/1", {"seen": list(answers), "go": "next", **{f"q-{k}": v for k, v in answers.items()}})
    return client, f"{link}{path}"


def results(world: World, role: Role, path: str) -> tuple[Client, str]:
    for number in range(12):
        response({"sex": 1 + number % 2, "contact": 1, "picture": 1 + number % 3}, context={"region": "region"})
    PostcardFactory.create_batch(6)
    return world.logged_in(role), path


Visit = Callable[[World], tuple[Client, str]]
PAGES: dict[str, Visit] = {
    # The patient
    "front": lambda w: (w.browser(), "/"),
    "room": lambda w: (w.browser(), f"/m/{w.room().short_id}"),
    "room with a pin": lambda w: (w.browser(), f"/m/{w.room(guest_pin='4821').short_id}"),
    "waiting": lambda w: seat_in(w),
    "in the call": lambda w: seat_in(w, admitted=True),
    "not open yet": lambda w: (w.browser(), f"/m/{w.room(starts_at=clock.now() + timedelta(days=2)).short_id}"),
    "closed": lambda w: (w.browser(), f"/m/{w.closed_room().short_id}"),
    "thanks": lambda w: (w.browser(), f"/m/{w.closed_room().short_id}/tak"),
    "thanks, still open": lambda w: (w.browser(), f"/m/{w.room().short_id}/tak"),
    "no such room": lambda w: (w.browser(), "/m/7k3m9p2qx4rt"),
    "no such page": lambda w: (w.browser(), "/nowhere"),
    # The host
    "host's pin": lambda w: (w.browser(), f"/m/{w.room(host_pin='482109').short_id}/vaert"),
    "host's door": lambda w: (w.browser(w.doctor), f"/m/{w.room().short_id}"),
    "host in the call": lambda w: seat_in(w, host=True),
    "postcard": lambda w: after_the_call(w, "postkort"),
    "postcard sent": lambda w: after_the_call(w, "postkort/tak"),
    # The questionnaire
    "questionnaire": lambda w: answering(w, "/1"),
    "questionnaire, next page": lambda w: answering(w, "/2", BACKGROUND),
    "erase the answers": lambda w: answering(w, "/slet", BACKGROUND),
    "answers sent": lambda w: answering(w, "/tak", BACKGROUND),
    # People who log in
    "login": lambda w: (w.browser(), "/konto/log-ind"),
    "forgotten password": lambda w: (w.browser(), "/konto/glemt"),
    "choose a password": lambda w: with_a_link(w),
    "link used up": lambda w: (w.browser(), "/konto/link/nonsense"),
    "profile": lambda w: (w.browser(w.doctor), "/konto/profil"),
    "two-step login": lambda w: (w.browser(w.doctor), "/konto/totrin"),
    "users": lambda w: (w.logged_in(Role.ADMINISTRATOR), "/konto/brugere"),
    "user": lambda w: (w.logged_in(Role.ADMINISTRATOR), f"/konto/brugere/{w.doctor.pk}"),
    "invite": lambda w: (w.logged_in(Role.ADMINISTRATOR), "/konto/brugere/inviter"),
    "day, empty": lambda w: (w.browser(w.doctor), "/portal/"),
    "day": lambda w: (w.meeting(), (w.browser(w.doctor), "/portal/"))[1],
    "day of a secretary": lambda w: (w.logged_in(Role.SECRETARY), "/portal/"),
    "meeting": lambda w: (w.browser(w.doctor), f"/portal/moede/{w.meeting().uuid}/"),
    "statistics, empty": lambda w: (w.logged_in(Role.ADMINISTRATOR), "/portal/statistik/"),
    "statistics": lambda w: counted(w, "/portal/statistik/"),
    "statistics of a practice": lambda w: counted(w, "/portal/statistik/praksis/{pk}/"),
    "calls, none": lambda w: (w.logged_in(Role.ADMINISTRATOR), f"/portal/statistik/praksis/{w.practice.pk}/samtaler/"),
    "calls": lambda w: counted(w, "/portal/statistik/praksis/{pk}/samtaler/"),
    "a call": lambda w: one_call(w),
    "honoraria": lambda w: paid(w, Role.MEDCOM, "/portal/statistik/honorarer/"),
    "honoraria of a practice": lambda w: paid(w, Role.ADMINISTRATOR, "/portal/statistik/honorarer/"),
    "business case": lambda w: paid(w, Role.MEDCOM, "/portal/statistik/okonomi/"),
    "capacity": lambda w: paid(w, Role.MEDCOM, "/portal/statistik/kapacitet/"),
    "uptime": lambda w: (w.logged_in(Role.MEDCOM), "/portal/oppetid"),
    "status": lambda w: (w.browser(), "/status?sprog=en"),
    # Permanent rooms
    "permanent rooms": lambda w: fixed_room(w, Role.DOCTOR, "/portal/moederum"),
    "permanent rooms of an administrator": lambda w: fixed_room(w, Role.ADMINISTRATOR, "/portal/moederum"),
    "permanent rooms, none": lambda w: (w.logged_in(Role.ADMINISTRATOR), "/portal/moederum"),
    "permanent room, new": lambda w: (w.logged_in(Role.ADMINISTRATOR), "/portal/moederum/nyt"),
    "permanent room": lambda w: fixed_room(w, Role.ADMINISTRATOR, "/portal/moederum/{pk}"),
    "permanent room's door": lambda w: at_the_door(w, "/f/nord"),
    "permanent room's host": lambda w: at_the_door(w, "/f/nord/vaert"),
    "no such permanent room": lambda w: (w.browser(), "/f/nowhere"),
    "groups": lambda w: fixed_room(w, Role.ADMINISTRATOR, "/portal/grupper"),
    "group": lambda w: fixed_room(w, Role.ADMINISTRATOR, "/portal/grupper/{group}"),
    "no access": lambda w: (w.logged_in(Role.RESEARCHER), "/portal/statistik/"),
    # Results and research
    "results": lambda w: results(w, Role.MEDCOM, "/portal/resultater/"),
    "result": lambda w: results(w, Role.MEDCOM, "/portal/resultater/patients/1/?sp=picture"),
    "results crossed": lambda w: results(w, Role.MEDCOM, "/portal/resultater/patients/1/?sp=sex&kryds=picture"),
    "results of postcards": lambda w: results(w, Role.MEDCOM, "/portal/resultater/postcard_national/1/"),
    "response rate": lambda w: (w.held(), (w.browser(w.doctor), "/portal/resultater/svarprocent/"))[1],
    "research": lambda w: results(w, Role.RESEARCHER, "/portal/forskning/"),
    "research, postcards": lambda w: results(w, Role.RESEARCHER, "/portal/forskning/?svar=postkort"),
    # MedCom
    "administration, questionnaires": lambda w: (
        w.logged_in(Role.MEDCOM),
        reverse("admin:surveys_questionnaireversion_changelist"),
    ),
    "administration, preview": lambda w: (
        w.logged_in(Role.MEDCOM),
        reverse("admin:surveys_version_preview", args=[patients().pk]),
    ),
    "administration, file in": lambda w: (w.logged_in(Role.MEDCOM), reverse("admin:surveys_version_import")),
    "administration": lambda w: (w.logged_in(Role.MEDCOM), "/admin/"),
    "administration, organisation": lambda w: (
        w.logged_in(Role.MEDCOM),
        f"/admin/accounts/organisation/{w.practice.pk}/change/",
    ),
    "administration, rooms": lambda w: (w.room(), (w.logged_in(Role.MEDCOM), "/admin/rooms/room/"))[1],
    "administration, template": lambda w: (w.logged_in(Role.MEDCOM), "/admin/booking/schedulingtemplate/1/change/"),
}
BACKGROUND = {"sex": 2, "birth_year": 1946}
REFUSALS = {
    "closed": 410,
    "link used up": 410,
    "no such room": 404,
    "no such page": 404,
    "no such permanent room": 404,
    "no access": 403,
}
