"""Direct for two, by the server for more: who is told what, and when the server is listened to."""

from __future__ import annotations

import pytest

from rooms import protocol
from rooms.enums import SeatRole
from tests.rooms.live.world import Page, World, waiting


def third(world: World, lise: Page) -> Page:
    """A relative who has been let in."""
    page = waiting(world, "bo", "Bo")
    lise.say(protocol.Admit("bo"))
    return page


def engines(page: Page) -> list[str]:
    """The engines that the page was told of, one after the other."""
    told = [message["engine"] for message in page.told if message.get("engine") is not None]
    return [engine["name"] for engine in told]


def test_two_are_direct_and_nobody_listens_to_a_server(world: World, lise: Page, anna: Page) -> None:
    assert world.engine is None
    assert lise.listened == anna.listened == []


def test_a_third_device_moves_everybody_and_each_is_told_once(world: World, lise: Page, anna: Page) -> None:
    bo = third(world, lise)
    assert (engines(lise), engines(anna), engines(bo)) == (["fake"], ["fake"], ["fake"])
    assert lise.listened == anna.listened == bo.listened == [("fake", None)]


def test_a_third_who_only_waits_moves_nobody(world: World, lise: Page, anna: Page) -> None:
    waiting(world, "bo", "Bo")
    assert world.engine is None
    assert engines(lise) == engines(anna) == []


def test_there_is_no_way_back_when_two_remain(world: World, lise: Page, anna: Page) -> None:
    bo = third(world, lise)
    bo.say(protocol.Leave())
    for page in (lise, anna):
        page.told.clear()
        page.say(protocol.AskEngine())
    assert (engines(lise), engines(anna)) == (["fake"], ["fake"])
    # Listened to already.
    assert len(lise.listened) == 1


def test_a_move_whose_word_was_lost_is_learnt_at_the_next_beat(world: World, lise: Page, anna: Page) -> None:
    world.deaf = True
    world.move()
    world.deaf = False
    assert engines(anna) == []
    world.passes(6)
    assert (engines(lise), engines(anna)) == (["fake"], ["fake"])


def test_a_move_from_server_to_server_whose_word_was_lost_is_learnt_too(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    world.deaf = True
    world.move("other")
    world.deaf = False
    world.passes(6)
    assert (engines(lise)[-1], engines(anna)[-1]) == ("other", "other")


def test_who_asks_more_than_once_a_second_gets_the_same_answer(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    anna.told.clear()
    anna.say(protocol.AskEngine())
    # Nobody is asked now.
    world.down = True
    anna.say(protocol.AskEngine())
    assert (engines(anna), anna.errors) == (["fake", "fake"], [])
    world.passes(1)
    anna.say(protocol.AskEngine())
    assert anna.errors == [("no_media", False)]


def test_new_connections_are_made_once_a_second_at_most(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    for _ in range(3):
        anna.say(protocol.Signal("media", "", {"again": True}))
    assert world.heard == [("anna", {"again": True})]
    anna.say(protocol.Signal("media", "", {"want": {}}))
    world.passes(1)
    anna.say(protocol.Signal("media", "", {"again": True}))
    assert [said for _, said in world.heard] == [{"again": True}, {"want": {}}, {"again": True}]


def test_a_direct_way_that_failed_stays_the_rooms_way_while_no_server_answers(
    world: World, lise: Page, anna: Page
) -> None:
    world.down = True
    anna.say(protocol.AskEngine(failed=True))
    assert (world.engine, anna.errors, lise.errors) == (None, [("no_media", False)], [])
    world.down = False
    world.passes(5)
    assert (engines(lise), engines(anna)) == ([], [])


def test_a_direct_way_that_failed_takes_both_to_the_server(world: World, lise: Page, anna: Page) -> None:
    anna.say(protocol.AskEngine(failed=True))
    assert world.engine == "fake"
    assert engines(lise) == ["fake"]
    # The word of its own move comes back to it, and changes nothing.
    assert set(engines(anna)) == {"fake"}
    assert lise.listened == anna.listened == [("fake", None)]


def test_only_a_direct_way_can_have_failed(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    world.engine = "other"
    anna.say(protocol.AskEngine(failed=True))
    assert world.engine == "other"


def test_another_server_engine_takes_everybody_over(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    world.move("other")
    world.deliver()
    assert (engines(lise)[-1], engines(anna)[-1]) == ("other", "other")
    assert anna.listened == [("fake", None), ("other", None)]


def test_a_broken_socket_comes_back_to_the_connections_that_live_on(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    anna.breaks()
    assert "anna" not in world.left
    again = world.page("anna", instance=anna.instance)
    again.hello("Anna", resumed=True, epoch=41)
    assert engines(again) == ["fake"]
    assert again.listened == [("fake", 41)]


def test_who_lives_on_a_server_is_not_taken_back_to_the_direct_way(world: World, lise: Page, anna: Page) -> None:
    world.move()
    world.deliver()
    anna.breaks()
    # The record of the room is gone, as it is a day after the last device came.
    world.engine = None
    again = world.page("anna", instance=anna.instance)
    again.hello("Anna", resumed=True, epoch=41)
    assert engines(again) == ["fake"]


def test_a_reload_has_no_connections_that_live_on(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    anna.breaks()
    again = world.page("anna")
    again.hello("Anna", epoch=41)
    assert again.listened == [("fake", None)]


def test_words_for_the_server_need_no_participant_of_that_name(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    anna.say(protocol.Signal("media", "", {"again": True}))
    assert world.heard == [("anna", {"again": True})]
    assert anna.errors == []


def test_who_waits_says_nothing_to_the_server_and_hears_nothing(world: World, lise: Page) -> None:
    bo = waiting(world, "bo", "Bo")
    bo.told.clear()
    bo.say(protocol.Signal("media", "", {"again": True}))
    bo.do(bo.live.told({"event": "offer"}))
    assert world.heard == []
    assert (bo.errors, bo.told) == ([("not_allowed", False)], [])


def test_the_servers_words_reach_the_browser(world: World, lise: Page, anna: Page) -> None:
    third(world, lise)
    anna.told.clear()
    anna.do(anna.live.told({"event": "up", "epoch": 1, "leg": "publish"}))
    assert anna.told == [
        {
            "type": "signal",
            "from": "media",
            "instance": None,
            "data": {"event": "up", "epoch": 1, "leg": "publish"},
        }
    ]


@pytest.mark.usefixtures("anna")
def test_who_is_let_in_without_a_server_can_call_for_help_on_the_hosts_page_too(world: World, lise: Page) -> None:
    world.down = True
    bo = third(world, lise)
    seen = [message["participant"] for message in lise.told if message["type"] == "participant"]
    assert [who["state"] for who in seen if who["seat"] == bo.row.key][-1] == "admitted"
    bo.say(protocol.Signal(lise.row.key, lise.instance, {"rescue": True}))
    assert bo.errors == [("no_media", False)]
    heard = [message for message in lise.told if message["type"] == "signal"]
    assert [(message["from"], message["data"]) for message in heard] == [(bo.row.key, {"rescue": True})]


def test_without_a_server_a_third_is_let_in_and_told_so_and_comes_to_it_later(
    world: World, lise: Page, anna: Page
) -> None:
    world.down = True
    bo = third(world, lise)
    assert bo.errors == [("no_media", False)]
    [admitted] = [message for message in bo.told if message["type"] == "admitted"]
    assert (admitted["engine"], [one["seat"] for one in admitted["participants"]]) == (None, ["lise", "anna"])
    # The two who talk are left in peace.
    assert (engines(lise), engines(anna), anna.errors) == ([], [], [])

    world.down = False
    bo.say(protocol.AskEngine())
    assert [message["type"] for message in bo.told if "engine" in message][-1] == "engine"
    assert (engines(lise), engines(anna)) == (["fake"], ["fake"])


def test_a_welcome_without_a_server_says_who_is_there_and_the_engine_follows(world: World, lise: Page) -> None:
    world.move()
    world.deliver()
    world.down = True
    world.seat("ole", SeatRole.HOST, name="Ole Bro")
    ole = world.page("ole")
    welcome = ole.hello()
    assert (welcome["engine"], [one["seat"] for one in welcome["participants"]]) == (None, ["lise"])
    # What happens meanwhile is told all the same.
    ole.told.clear()
    lise.say(protocol.MediaState({"microphone": True, "camera": False, "screen": False, "paused": False}))
    assert [message["type"] for message in ole.told] == ["participant"]

    world.down = False
    ole.told.clear()
    ole.say(protocol.AskEngine())
    assert [message["type"] for message in ole.told] == ["engine"]
    assert ole.listened == [("fake", None)]


def test_who_leaves_is_let_go_of_and_who_only_vanishes_is_not(world: World, lise: Page, anna: Page) -> None:
    anna.breaks()
    assert world.left == []
    again = world.page("anna")
    again.hello("Anna")
    again.say(protocol.Leave())
    assert world.left == ["anna"]
    world.close()
    assert world.left == ["anna", "lise"]
