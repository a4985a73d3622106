"""A room with a doctor and a patient."""

from __future__ import annotations

import pytest

from rooms import protocol
from rooms.enums import SeatRole
from tests.rooms.live.world import Page, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def lise(world: World) -> Page:
    """The doctor, in the room."""
    world.seat("lise", SeatRole.HOST, name="Lise Holm")
    page = world.page("lise")
    page.hello()
    page.hears()
    return page


@pytest.fixture
def anna(world: World, lise: Page) -> Page:
    """A patient who was let in; both know it."""
    world.seat("anna")
    page = world.page("anna")
    page.hello("Anna")
    lise.say(protocol.Admit("anna"))
    page.hears()
    lise.hears()
    return page
