"""The hub is full: who is told so."""

from __future__ import annotations

from rooms.live import events
from tests.rooms.live.world import Page, World, waiting

SAID = {"type": "no-place", "text": "Der er ikke plads."}


def full(world: World, seat: str) -> None:
    """The database said that this seat could not come in."""
    world.publish(events.no_place(seat))
    world.deliver()


def test_who_waits_and_the_doctor_hear_so(world: World, lise: Page) -> None:
    anna, bo = waiting(world), waiting(world, "bo", "Bo")
    for page in (lise, anna, bo):
        page.hears()
    full(world, "anna")
    assert (anna.told, lise.told) == ([SAID], [SAID])
    # Another one who waits has asked for nothing yet.
    assert bo.told == []


def test_who_sits_in_the_room_hears_that_the_other_cannot_come(world: World, lise: Page, anna: Page) -> None:
    lise.breaks()
    anna.hears()
    full(world, "lise")
    assert anna.told == [SAID]


def test_before_the_welcome_nothing_is_said(world: World, lise: Page) -> None:
    world.seat("anna", admitted=True)
    page = world.page("anna")
    full(world, "anna")
    assert page.told == []
