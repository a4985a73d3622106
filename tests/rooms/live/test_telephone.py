"""The wish to go on by telephone: kept, and seen by every host, whenever one comes."""

from __future__ import annotations

from datetime import timedelta

from rooms import protocol
from rooms.enums import SeatRole
from rooms.live import effects as do
from tests.rooms.live.world import Page, World, waiting


def wishes(page: Page) -> list[str]:
    """Of whom the page was last told that they want the telephone."""
    last = {}
    for message in page.told:
        for one in [message["participant"]] if message["type"] == "participant" else message.get("participants", []):
            last[one["seat"]] = one["telephone"]
    return [seat for seat, wants in last.items() if wants]


def test_the_page_that_asks_hears_that_it_is_kept_and_the_host_sees_it(lise: Page, anna: Page) -> None:
    anna.say(protocol.Telephone())
    assert ("telephone",) in anna.hears()
    assert wishes(lise) == ["anna"]


def test_a_host_who_comes_later_sees_it_too(world: World) -> None:
    anna = waiting(world)
    anna.say(protocol.Telephone())
    assert ("telephone",) in anna.hears()
    world.seat("lise", SeatRole.HOST, name="Lise Holm")
    lise = world.page("lise")
    lise.hello()
    world.passes(1)
    assert wishes(lise) == ["anna"]


def test_a_patient_who_loads_the_page_anew_still_wants_it(world: World, lise: Page, anna: Page) -> None:
    anna.say(protocol.Telephone())
    anna.breaks()
    lise.told.clear()
    world.page("anna").hello("Anna")
    assert wishes(lise) == ["anna"]


def test_of_a_wish_that_was_not_kept_nobody_is_told(world: World, lise: Page, anna: Page) -> None:
    world.refuse[do.AskForTelephone] = "closed"
    anna.say(protocol.Telephone())
    assert ("telephone",) not in anna.hears()
    assert wishes(lise) == []


def test_another_guest_is_not_told(world: World, lise: Page, anna: Page) -> None:
    world.seat("bo", admitted=True)
    relative = world.page("bo")
    relative.hello("Bo")
    anna.say(protocol.Telephone())
    assert wishes(relative) == []


def test_asked_twice_within_two_seconds_it_is_written_once(world: World, lise: Page, anna: Page) -> None:
    anna.say(protocol.Telephone())
    anna.hears()
    anna.say(protocol.Telephone())
    assert anna.hears() == []
    world.now += timedelta(seconds=2)
    anna.say(protocol.Telephone())
    assert ("telephone",) in anna.hears()
