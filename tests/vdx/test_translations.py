"""The English is whole: every text has one, the compiled catalogue holds it, and no page leaves Danish behind.

The texts in code and templates are Danish; ``make messages`` collects them.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from booking.models import Meeting
from rooms import services as rooms
from rooms.access import SEAT_COOKIE
from rooms.enums import CloseReason
from rooms.models import Room
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.booking import book_meeting
from tests.factories.monitoring import CallRecordFactory, held_call
from tests.factories.responses import patients, response
from tests.factories.rooms import RoomFactory, SeatFactory
from tests.factories.surveys import PostcardFactory
from tests.surveys.guests import over
from vdx.accounts.enums import LinkPurpose, OrganisationKind, Role
from vdx.accounts.models import User
from vdx.accounts.services import make_link
from vdx.lib import clock

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
# "%(name)s", "{name}" and tags: what code, script and browser look for in a text.
HOLES = re.compile(r"%\(\w+\)[a-z]|\{\w+\}|<[^>]+>")
DANISH_LETTERS = re.compile("[æøåÆØÅ]")
# Neither language, or the same in both, or the name of the other language.
SAID_IN_BOTH = {"Dansk", "VDX"}

Key = tuple[str | None, str]


def entries(path: Path) -> dict[Key, polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(path) if not entry.obsolete}


def forms(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Each form of a text in Danish and in English."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


# --- The catalogue -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, polib.POEntry]:
    """What ``make messages`` makes of the tree as it is: run in a copy, with the same arguments."""
    copy = tmp_path_factory.mktemp("tree")
    out = {"node_modules", "var", "tests", "static", "docs", "scripts"}
    for path in ROOT.iterdir():
        if path.is_dir() and not path.name.startswith(".") and path.name not in out:
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    command = re.search(r"makemessages (.+)", (ROOT / "Makefile").read_text())
    assert command is not None
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", *shlex.split(command[1])],
        cwd=copy,
        env=environment,
        check=True,
        capture_output=True,
    )
    return entries(copy / CATALOGUE.relative_to(ROOT))


def test_the_catalogue_holds_the_texts_of_the_code_and_no_others(collected: dict[Key, polib.POEntry]) -> None:
    assert len(collected) > 500
    held = entries(CATALOGUE).keys()
    assert (collected.keys() - held, held - collected.keys()) == (set(), set())


def test_every_text_has_its_english(collected: dict[Key, polib.POEntry]) -> None:
    assert [key for key, entry in collected.items() if not entry.translated()] == []


def test_the_english_has_the_same_holes() -> None:
    different = [
        (danish, english)
        for entry in entries(CATALOGUE).values()
        for danish, english in forms(entry)
        if sorted(HOLES.findall(danish)) != sorted(HOLES.findall(english))
    ]
    assert different == []


def test_no_english_has_danish_letters() -> None:
    assert [
        english
        for entry in entries(CATALOGUE).values()
        for _, english in forms(entry)
        if DANISH_LETTERS.search(english)
    ] == []


def test_the_compiled_catalogue_is_the_catalogue() -> None:
    def texts(catalogue: polib.POFile | polib.MOFile) -> dict[Key, list[str]]:
        return {
            (entry.msgctxt, entry.msgid): [english for _, english in forms(entry)]
            for entry in catalogue
            if not entry.obsolete and all(english for _, english in forms(entry))
        }

    assert texts(polib.mofile(CATALOGUE.with_suffix(".mo"))) == texts(polib.pofile(CATALOGUE))


# --- The pages ---------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a reader meets: texts, and the attributes that are read aloud or shown. What says it is Danish is left out.

    A script's texts, given as JSON, count as well.
    """

    SPOKEN = ("alt", "aria-label", "title", "placeholder", "content", "data-copy-done", "data-copy-failed")
    VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language: str | None = None
        self.texts: list[str] = []
        self.switches: list[str | None] = []
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        if tag == "button" and given.get("name") == "language":
            self.switches.append(given.get("value"))
        hidden = (
            given.get("lang") == "da" or tag == "style" or (tag == "script" and "json" not in given.get("type", ""))
        )
        if tag not in self.VOID:
            self._open.append(hidden)
        if not hidden and not any(self._open):
            self.texts += [given[name] or "" for name in self.SPOKEN if name in given]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._open):
            self.texts.append(" ".join(data.split()))


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
REFUSALS = {"closed": 410, "link used up": 410, "no such room": 404, "no such page": 404, "no access": 403}


@pytest.fixture(scope="module")
def translated() -> dict[str, str]:
    """Danish texts and their English, where the two differ."""
    pairs = [pair for entry in entries(CATALOGUE).values() for pair in forms(entry)]
    return {danish: english for danish, english in pairs if danish.casefold() != english.casefold()}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_english_from_end_to_end(name: str, translated: dict[str, str]) -> None:
    client, path = PAGES[name](World())

    answer = client.get(path)

    assert answer.status_code == REFUSALS.get(name, 200)
    page = Page(answer.content.decode())
    assert (page.language, page.switches) == ("en", ["da"])
    assert len(page.texts) > 5
    left = [text for text in page.texts if DANISH_LETTERS.search(text) or text in translated]
    assert [text for text in left if text not in SAID_IN_BOTH] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_danish_for_everybody_else(name: str, translated: dict[str, str]) -> None:
    client, path = PAGES[name](World())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "da"

    page = Page(client.get(path).content.decode())

    assert (page.language, page.switches) == ("da", ["en"])
    english = set(translated.values()) - set(translated)
    assert [text for text in page.texts if text in english and text != "English"] == []


def test_no_field_of_the_administration_is_called_by_its_name_in_the_code() -> None:
    danish = {danish.casefold() for _, danish in entries(CATALOGUE)}
    for model, site in admin.site._registry.items():
        # A field of the form alone has its label there, below.
        named = {*site.list_display, *(site.fields or ())} - {"__str__", *site.form.base_fields}
        labels = {name: str(label_for_field(name, model, site)) for name in named}
        labels |= {name: str(field.label) for name, field in site.form.base_fields.items()}
        as_in_code = {
            label
            for name, label in labels.items()
            if label.casefold() == name.replace("_", " ") and label.casefold() not in danish
        }
        assert as_in_code - {"ID"} == set(), model.__name__


def test_dates_and_times_are_british() -> None:
    moment = datetime(2026, 11, 3, 15, 5, tzinfo=clock.COPENHAGEN)
    with translation.override("en"):
        assert date_format(moment, "DATETIME_FORMAT") == "3 November 2026 15:05"
        assert date_format(moment, "SHORT_DATE_FORMAT") == "03/11/2026"
