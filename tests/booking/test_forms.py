"""What the portal's form takes and refuses. Its times are a Danish wall clock's."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from booking import access
from booking.forms import BookingForm
from tests.factories.accounts import OrganisationFactory, member
from vdx.accounts.enums import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)


def form(hosts=None, *, now=NOW, **typed):
    hosts = access.hosts(member()) if hosts is None else hosts
    data = {
        "key": str(uuid4()),
        "host": hosts[0].key,
        "day": "2026-10-24",
        "start": "10:15",
        "end": "10:30",
        "subject": "",
    }
    return BookingForm(data | typed, hosts=hosts, now=now)


@pytest.mark.parametrize(
    ("day", "start", "moment"),
    [
        ("2026-10-24", "10:15", datetime(2026, 10, 24, 8, 15, tzinfo=UTC)),
        ("2026-10-25", "10:15", datetime(2026, 10, 25, 9, 15, tzinfo=UTC)),
        ("2027-03-27", "10:15", datetime(2027, 3, 27, 9, 15, tzinfo=UTC)),
        ("2027-03-28", "10:15", datetime(2027, 3, 28, 8, 15, tzinfo=UTC)),
        # Where a browser has no field for dates, people write them their own way.
        ("28.03.2027", "10.15", datetime(2027, 3, 28, 8, 15, tzinfo=UTC)),
    ],
)
def test_keeps_the_wall_clock_time_across_the_change_to_and_from_summer_time(day, start, moment):
    sent = form(day=day, start=start)

    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data["start_moment"] == moment


def test_a_time_that_the_clock_skips_is_explained():
    sent = form(day="2027-03-28", start="02:30", end="03:30")

    assert sent.errors == {
        "start": ["Det klokkeslæt findes ikke den dag: uret stilles frem fra 02.00 til 03.00. Vælg et andet."]
    }


@pytest.mark.parametrize("end", ["10:15", "09:00"])
def test_an_end_that_is_not_after_the_start_is_refused(end):
    assert form(end=end).errors == {"end": ["Sluttiden skal ligge efter starttiden."]}


def test_midnight_is_the_end_of_the_day():
    sent = form(start="23:45", end="00:00")

    assert sent.is_valid()
    assert sent.cleaned_data["end_moment"] == datetime(2026, 10, 24, 22, 0, tzinfo=UTC)


def test_a_past_start_is_refused():
    assert form(now=datetime(2026, 10, 24, 8, 16, tzinfo=UTC)).errors == {
        "start": ["Tidspunktet er passeret. Vælg et senere, eller brug Start nu."]
    }


def test_the_minute_that_has_just_begun_is_not_past():
    assert form(now=datetime(2026, 10, 24, 8, 15, 59, tzinfo=UTC)).is_valid()


def test_a_cpr_number_is_refused_in_a_sentence_that_does_not_repeat_it():
    sent = form(subject="Kontrol 010203-1234")

    [sentence] = sent.errors["subject"]
    assert "CPR-nummer" in sentence
    assert "1234" not in sentence


@pytest.mark.parametrize(
    ("field", "typed"), [("day", "i morgen"), ("day", ""), ("start", "ti"), ("start", ""), ("end", "25:00")]
)
def test_what_cannot_be_read_is_said_at_its_field(field, typed):
    sent = form(**{field: typed})

    assert list(sent.errors) == [field]
    assert sent[field].value() == typed


def test_the_end_of_the_calendar_is_refused():
    assert form(day="0001-01-01", start="00:10", end="00:20").is_valid() is False


def test_a_secretary_must_choose_a_doctor_of_the_practice():
    practice = OrganisationFactory.create()
    for _ in range(2):
        member(organisation=practice)
    hosts = access.hosts(member(Role.SECRETARY, practice))
    [stranger] = access.hosts(member())

    sentence = ["Vælg den læge, som konsultationen er hos."]
    assert form(hosts, host="").errors == {"host": sentence}
    assert form(hosts, host=stranger.key).errors == {"host": sentence}
    chosen = form(hosts, host=hosts[1].key)
    assert chosen.is_valid()
    assert chosen.chosen == hosts[1]
