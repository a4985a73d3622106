"""Names live in memory, bounded, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rooms.names import NameBook

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_name_is_remembered_by_room_and_seat() -> None:
    book = NameBook()
    book.remember("room", "seat", "Anna", NINE)
    assert book.recall("room", "seat", NINE) == "Anna"
    assert book.recall("other", "seat", NINE) == ""
    assert book.recall("room", "other", NINE) == ""


def test_it_is_forgotten_in_time() -> None:
    book = NameBook(keep=timedelta(hours=1))
    book.remember("room", "seat", "Anna", NINE)
    assert book.recall("room", "seat", NINE + timedelta(minutes=59)) == "Anna"
    assert book.recall("room", "seat", NINE + timedelta(minutes=60)) == ""
    book.remember("room", "other", "Bo", NINE + timedelta(minutes=61))
    assert len(book) == 1


def test_the_longest_unheard_goes_first_when_it_is_full() -> None:
    book = NameBook(most=2)
    book.remember("room", "a", "Anna", NINE)
    book.remember("room", "b", "Bo", NINE)
    book.remember("room", "a", "Anna", NINE)
    book.remember("room", "c", "Cilie", NINE)
    assert [book.recall("room", seat, NINE) for seat in "abc"] == ["Anna", "", "Cilie"]


def test_a_seat_or_a_room_is_forgotten() -> None:
    book = NameBook()
    for room, seat in [("one", "a"), ("one", "b"), ("two", "a")]:
        book.remember(room, seat, "Anna", NINE)
    book.forget("one", "a")
    book.forget("one", "a")
    assert len(book) == 2
    book.forget_room("one")
    assert book.recall("two", "a", NINE) == "Anna"
    assert len(book) == 1
