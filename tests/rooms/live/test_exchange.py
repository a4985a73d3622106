"""Text, pictures and links between those who take part, and what keeps them from flooding each other."""

from __future__ import annotations

from rooms import protocol
from rooms.live.exchange import PICTURES, WINDOW
from rooms.protocol import Got, Piece, Wire
from tests.rooms.live.world import Page, World, waiting

ID = "0123456789abcdef"


def text(said: str, to: str = "", *, part: int = 0, sent: bool = False) -> Piece:
    return Piece(to, ID, "text", part, 1, {"text": said, "sent": sent})


def picture(part: int = 0, to: str = "anna", *, size: int = 1000, id: str = ID) -> Piece:
    return Piece(to, id, "picture", part, 64, {"bytes": "A" * size})


def pieces(page: Page) -> list[Wire]:
    """What was handed to a page since it was last asked."""
    told, page.told = page.told, []
    return [message for message in told if message["type"] in ("piece", "got")]


def test_text_goes_to_all_who_take_part_and_to_nobody_else(world: World, lise: Page, anna: Page) -> None:
    bo = waiting(world, "bo", "Bo")
    anna.say(text("Det gør o"))
    data = {"text": "Det gør o", "sent": False}
    assert pieces(lise) == [protocol.piece(sender="anna", id=ID, kind="text", part=0, parts=1, data=data)]
    assert (pieces(anna), pieces(bo)) == ([], [])
    lise.say(protocol.Admit("bo"))
    anna.say(text("Det gør ondt", part=1))
    assert [one["data"]["text"] for one in pieces(bo)] == ["Det gør ondt"]


def test_a_piece_for_one_seat_reaches_that_one_alone(world: World, lise: Page, anna: Page) -> None:
    bo = waiting(world, "bo", "Bo")
    lise.say(protocol.Admit("bo"))
    lise.say(picture(3))
    assert [(one["from"], one["part"], one["parts"]) for one in pieces(anna)] == [("lise", 3, 64)]
    assert pieces(bo) == []
    anna.say(Got("lise", ID, 3))
    assert pieces(lise) == [protocol.got(sender="anna", id=ID, part=3)]


def test_who_waits_neither_hands_nor_gets(world: World, lise: Page) -> None:
    anna = waiting(world)
    for said in (text("Hej"), picture(to="lise"), Got("lise", ID, 0)):
        anna.say(said)
    lise.say(picture())
    lise.say(Got("anna", ID, 0))
    assert anna.errors == [("not_allowed", False)] * 3
    assert lise.errors == [("not_there", False)] * 2
    assert (pieces(anna), pieces(lise)) == ([], [])


def test_only_a_host_sends_links(lise: Page, anna: Page) -> None:
    def link(to: str) -> Piece:
        return Piece(to, ID, "link", 0, 1, {"url": "https://borger.dk/"})

    anna.say(link("lise"))
    assert anna.errors == [("not_allowed", False)]
    lise.say(link("anna"))
    assert [one["data"] for one in pieces(anna)] == [{"url": "https://borger.dk/"}]
    assert pieces(lise) == []


def test_no_more_is_on_its_way_than_the_window(world: World, lise: Page, anna: Page) -> None:
    for part in range(20):
        lise.say(picture(part))
    assert [one["part"] for one in pieces(anna)] == list(range(WINDOW))
    assert lise.errors == [("too_much", False)] * (20 - WINDOW)
    anna.say(Got("lise", ID, 0))
    anna.say(Got("lise", ID, 99))
    lise.say(picture(WINDOW))
    lise.say(picture(WINDOW + 1))
    assert [one["part"] for one in pieces(anna)] == [WINDOW]
    # What was not answered is lost at last, and may be sent again.
    world.passes(11)
    lise.say(picture(0))
    assert [one["part"] for one in pieces(anna)] == [0]


def test_a_seat_that_never_answers_does_not_fill_the_hub(world: World, lise: Page, anna: Page) -> None:
    seconds = 60
    for _ in range(seconds):
        for part in range(40):
            lise.say(picture(part, size=45_000))
        world.passes(1)
    assert len(pieces(anna)) <= WINDOW * (seconds / 10 + 1)


def test_one_slow_seat_holds_up_nobody_elses_pieces(world: World, lise: Page, anna: Page) -> None:
    bo = waiting(world, "bo", "Bo")
    lise.say(protocol.Admit("bo"))
    for part in range(WINDOW + 1):
        lise.say(picture(part))
    lise.say(picture(0, "bo"))
    lise.say(text("Kan du høre mig?"))
    assert [one["kind"] for one in pieces(bo)] == ["picture", "text"]


def test_so_many_bytes_a_second_and_no_more(world: World, lise: Page, anna: Page) -> None:
    def handed_on(seconds: int) -> int:
        size = 0
        for _ in range(seconds):
            for part in range(64):
                lise.say(picture(part, size=45_000))
                anna.say(Got("lise", ID, part))
            size += sum(len(one["data"].get("bytes", "")) for one in pieces(anna))
            world.passes(1)
        return size

    assert handed_on(20) < 20 * 512 * 1024 + 2 * 1024 * 1024
    assert ("too_much", False) in lise.errors
    # Coming back with a new connection gives nothing extra.
    lise.breaks()
    again = world.page("lise")
    again.hello()
    assert not again.errors
    for part in range(64):
        again.say(picture(part, size=45_000))
        anna.say(Got("lise", ID, part))
    assert sum(len(one["data"].get("bytes", "")) for one in pieces(anna)) <= 512 * 1024


def test_so_many_pictures_a_minute(world: World, lise: Page, anna: Page) -> None:
    shown = 0
    for number in range(120):
        lise.say(picture(0, id=f"{number:016x}", size=10))
        anna.say(Got("lise", f"{number:016x}", 0))
        world.passes(1)
        shown += len([one for one in pieces(anna) if one["type"] == "piece"])
    assert 2 * PICTURES <= shown <= 3 * PICTURES
    # A picture that is under way counts once, however many pieces it has.
    world.passes(10)
    for part in range(30):
        lise.say(picture(part, size=10))
        anna.say(Got("lise", ID, part))
    assert len([one for one in pieces(anna) if one["type"] == "piece"]) == 30
