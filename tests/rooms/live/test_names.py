"""Names between processes that keep them in memory only."""

from __future__ import annotations

from rooms import protocol
from rooms.enums import SeatRole
from rooms.names import NameBook
from tests.rooms.live.world import NINE, Page, World, waiting


def test_a_reload_in_another_process_gets_its_name_from_whoever_remembers(world: World, lise: Page, anna: Page) -> None:
    anna.breaks()
    elsewhere = world.page("anna", NameBook())
    elsewhere.say(protocol.Hello(elsewhere.instance, "", False))
    assert elsewhere.told[0]["you"]["name"] == "Anna"
    assert elsewhere.book.recall("room", "anna", NINE) == "Anna"


def test_where_nobody_remembers_the_welcome_waits_no_longer_than_it_must(world: World, lise: Page) -> None:
    world.seat("anna")
    page = world.page("anna")
    page.say(protocol.Hello(page.instance, "", False))
    assert page.told == []
    world.passes(0.3)
    assert page.told[0]["you"]["name"] == ""
    page.say(protocol.Name("Anna"))
    assert lise.hears()[-1] == ("participant", "anna", "waiting", "Anna")


def test_alone_in_the_room_nobody_remembers(world: World) -> None:
    world.seat("anna")
    page = world.page("anna")
    page.say(protocol.Hello(page.instance, "", False))
    world.passes(0.3)
    assert page.told[0]["you"]["name"] == ""


def test_the_name_goes_along_into_another_browser_also_from_an_empty_waiting_room(world: World) -> None:
    world.seat("anna")
    app = world.page("anna")
    app.hello("Anna")
    browser = world.page("anna", NameBook())
    browser.say(protocol.Hello(browser.instance, "", False))
    assert browser.told[0]["you"]["name"] == "Anna"
    assert app.errors == [("superseded", True)]


def test_a_guest_who_is_in_keeps_the_name_it_was_let_in_by(world: World, lise: Page, anna: Page) -> None:
    anna.say(protocol.Name("Lise Holm"))
    assert anna.errors == [("not_allowed", False)]
    assert lise.hears() == []


def test_a_guest_who_is_in_comes_back_by_the_same_name_whatever_its_browser_says(
    world: World, lise: Page, anna: Page
) -> None:
    for book in (anna.book, NameBook()):
        anna.breaks()
        again = world.page("anna", book)
        again.say(protocol.Hello(again.instance, "Dr. Lise Holm", True))
        assert again.told[0]["you"]["name"] == "Anna"
        anna = again
    assert {told[3] for told in lise.hears() if told[0] == "participant"} == {"Anna"}
    assert lise.book.recall("room", "anna", NINE) == "Anna"


def test_where_nobody_remembers_the_browser_is_believed(world: World) -> None:
    lise = world.page(world.seat("lise", SeatRole.HOST, name="Lise Holm").key)
    lise.hello()
    world.seat("anna", admitted=True)
    page = world.page("anna")
    page.say(protocol.Hello(page.instance, "Anna", True))
    assert page.told == []
    world.passes(0.3)
    assert page.told[0]["you"]["name"] == "Anna"
    assert lise.hears()[-1] == ("participant", "anna", "admitted", "Anna")


def test_who_waits_may_come_back_by_another_name(world: World, lise: Page) -> None:
    page = waiting(world)
    page.breaks()
    again = world.page("anna", page.book)
    assert again.hello("Anna Sand")["you"]["name"] == "Anna Sand"


def test_a_host_is_shown_by_the_logins_name(world: World, lise: Page) -> None:
    world.seat("ole", SeatRole.HOST, name="Ole Bro")
    page = world.page("ole")
    assert page.hello("Somebody else")["you"]["name"] == "Ole Bro"
    page.say(protocol.Name("Somebody else"))
    assert page.errors == [("not_allowed", False)]


def test_names_are_forgotten_when_they_are_not_needed(world: World, lise: Page, anna: Page) -> None:
    bo = waiting(world, "bo", "Bo")
    assert lise.book.recall("room", "anna", NINE) == "Anna"
    anna.say(protocol.Leave())
    assert lise.book.recall("room", "anna", NINE) == ""
    assert lise.book.recall("room", "bo", NINE) == "Bo"
    world.close()
    assert [len(page.book) for page in (lise, bo)] == [0, 0]
