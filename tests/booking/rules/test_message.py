"""The patient's message always fits one text message, whole link included."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.rules.message import LIMIT, LONGEST_LINK, message, septets, shortened, transliterated

MONDAY = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
LINK = "https://vdx.example.dk/m/7k3m9p2qx4rt"


def test_names_practice_weekday_date_time_and_link_in_danish():
    text = message(practice="Lægehuset Nord", start=MONDAY, link=LINK, language="da")

    assert text == (
        "Videokonsultation hos Lægehuset Nord mandag den 23. november kl. 10.15. "
        "Åbn linket, når det er tid: https://vdx.example.dk/m/7k3m9p2qx4rt"
    )
    assert septets(text) <= LIMIT


def test_says_the_same_in_english():
    text = message(practice="Lægehuset Nord", start=MONDAY, link=LINK, language="en")

    assert text == (
        "Video consultation with Lægehuset Nord on Monday 23 November at 10:15. "
        "Open the link when it is time: https://vdx.example.dk/m/7k3m9p2qx4rt"
    )


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "søndag den 25. oktober kl. 02.30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "søndag den 25. oktober kl. 02.30"),
        (datetime(2026, 10, 25, 9, 15, tzinfo=UTC), "søndag den 25. oktober kl. 10.15"),
        (datetime(2027, 3, 28, 8, 15, tzinfo=UTC), "søndag den 28. marts kl. 10.15"),
        (datetime(2026, 6, 30, 22, 5, tzinfo=UTC), "onsdag den 1. juli kl. 00.05"),
    ],
)
def test_tells_the_time_of_a_danish_wall_clock(moment, said):
    assert said in message(practice="Lægehuset Nord", start=moment, link=LINK, language="da")


@pytest.mark.parametrize("language", ["da", "en"])
def test_shortens_the_longest_name_and_never_the_link(language):
    longest = "Speciallægeklinikken for øre-, næse- og halssygdomme ved Universitetshospitalet i Region Midtjylland "[
        :100
    ]
    link = "https://" + "x" * (LONGEST_LINK - 8)

    text = message(practice=longest, start=datetime(2026, 9, 23, 8, 15, tzinfo=UTC), link=link, language=language)

    assert text.endswith(link)
    assert text.startswith("Special")
    assert "10" in text
    assert septets(text) <= LIMIT


def test_keeps_the_kind_words_when_a_long_name_still_has_enough_room():
    text = message(
        practice="Lægefællesskabet ved Den Gamle Havn i Rudkøbing " * 2, start=MONDAY, link=LINK, language="da"
    )

    assert text.startswith("Videokonsultation hos Lægefællesskabet ved Den Gamle Havn")
    assert text.endswith(LINK)


def test_refuses_a_link_that_leaves_no_room():
    with pytest.raises(ValueError, match="too long"):
        message(practice="Lægehuset", start=MONDAY, link="h" * (LONGEST_LINK + 1), language="da")


@given(
    practice=st.text(max_size=100),
    start=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),
    base=st.integers(min_value=1, max_value=LONGEST_LINK - 12),
    language=st.sampled_from(["da", "en"]),
)
def test_always_fits_whatever_the_practice_is_called(practice, start, base, language):
    link = "h" * base + "7k3m9p2qx4rt"

    text = message(practice=practice, start=start, link=link, language=language)

    assert septets(text) <= LIMIT
    assert text.endswith(link)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Lægehuset Nord", "Lægehuset Nord"),
        ("Læge Šimić – “Øjet”", 'Læge Simic - "Øjet"'),
        ("Łódź Clinic…", "Lodz Clinic..."),
        ("Café `Sund´", "Café 'Sund'"),
        ("Klinik 🙂 Øst", "Klinik Øst"),
        ("診療所", ""),
    ],
)
def test_writes_names_in_the_letters_of_a_text_message(written, sent):
    assert transliterated(written) == sent


def test_a_practice_without_a_writable_name_is_the_doctor():
    assert message(practice="診療所", start=MONDAY, link=LINK, language="da").startswith("Videokonsultation hos lægen")


def test_counts_the_extension_table_twice():
    assert septets("ab[]€") == 8


def test_refuses_to_count_what_is_outside_the_alphabet():
    with pytest.raises(ValueError, match="GSM"):
        septets("ż")


@pytest.mark.parametrize(
    ("name", "room", "kept"),
    [
        ("Lægehuset Nord", 14, "Lægehuset Nord"),
        ("Lægehuset Nordvest", 14, "Lægehuset."),
        ("Speciallægeklinikken", 10, "Specialla"[:7] + "læ."),
    ],
)
def test_cuts_a_name_at_a_word_where_it_can(name, room, kept):
    assert shortened(name, room) == kept
