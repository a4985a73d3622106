"""A room of the hub in Janus' words."""

from __future__ import annotations

from uuid import UUID, uuid4

from media.engines.janus import rooms
from media.engines.janus.rooms import Roll

OFFER = "\r\n".join(
    [
        "v=0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=mid:a",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=mid:b",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=mid:c",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=mid:d",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=mid:e",
        "",
    ]
)


def feed(number: int, seat: str, *described: str) -> dict[str, object]:
    streams = [{"type": "x", "mid": str(mid), "description": name} for mid, name in enumerate(described)]
    return {"id": number, "display": seat, "streams": streams}


def test_a_rooms_number_is_one_that_json_holds_and_its_own() -> None:
    numbers = {rooms.number_of(uuid4()) for _ in range(1000)}
    assert len(numbers) == 1000
    assert all(0 < number < 2**53 for number in numbers)
    assert rooms.number_of(UUID(int=1)) == rooms.number_of(UUID(int=1))


def test_every_web_process_has_the_same_key_for_a_room_and_each_room_its_own() -> None:
    one, other = uuid4(), uuid4()
    assert rooms.creation(one, "north")["secret"] == rooms.destruction(one, "north")["secret"]
    assert len({rooms.key_of(one, "north"), rooms.key_of(other, "north"), rooms.key_of(one, "south")}) == 3


def test_nothing_is_recorded_and_no_room_is_listed() -> None:
    made = rooms.creation(uuid4(), "north")
    assert (made["record"], made["lock_record"], made["is_private"], made["permanent"]) == (False, True, True, False)


def test_ids_of_connections_grow_and_fit_in_json() -> None:
    ids = [rooms.new_feed() for _ in range(100)]
    assert ids == sorted(set(ids))
    assert ids[-1] < 2**53


def test_the_order_of_sections_names_the_sources() -> None:
    assert rooms.sources_of(OFFER) == {"a": "microphone", "b": "camera", "c": "screen"}


def test_a_description_without_sections_or_names_has_no_sources() -> None:
    assert rooms.sources_of("") == {}
    assert rooms.sources_of("m=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\na=mid:v\r\n") == {"v": "camera"}


def test_the_newest_connection_of_a_seat_counts() -> None:
    roll = Roll("anna")
    assert roll.hear({"publishers": [feed(20, "bent", "microphone"), feed(10, "bent", "camera")]}) == {"bent"}
    assert roll.streams() == {(20, "0")}
    roll.hear({"unpublished": 20})
    assert roll.streams() == {(10, "0")}


def test_own_connections_and_streams_that_nobody_described_are_passed_over() -> None:
    roll = Roll("anna")
    told = {"publishers": [feed(1, "anna", "microphone"), feed(2, "bent", "", "camera"), feed(3, "", "camera")]}
    assert roll.hear(told) == {"bent"}
    assert roll.streams() == {(2, "1")}


def test_who_is_there_without_publishing_is_known_until_it_leaves() -> None:
    roll = Roll("anna")
    roll.hear({"attendees": [{"id": 1, "display": "bent"}]})
    assert roll.hear({"joining": {"id": 2, "display": "cila"}}) == {"cila"}
    assert roll.seats == {"bent", "cila"}
    assert roll.hear({"leaving": 1}) == {"bent"}
    assert roll.seats == {"cila"}
    assert roll.somebody_left == {"bent"}
    assert roll.hear({"unpublished": "ok", "leaving": "ok"}) == set()


def test_a_seat_that_has_stopped_publishing_is_remembered() -> None:
    roll = Roll("anna")
    roll.hear({"publishers": [feed(1, "bent", "microphone")]})
    assert roll.hear({"unpublished": 1}) == {"bent"}
    assert roll.published == {"bent"}
    assert roll.feed_of("bent") is None
