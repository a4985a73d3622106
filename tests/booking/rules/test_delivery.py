"""When a link is tried again, and given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking.rules import delivery, webhook
from booking.rules.message import LIMIT, message, septets

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(("tries", "seconds"), [(1, 30), (2, 60), (3, 120), (6, 960), (7, 1200), (1000, 1200)])
def test_the_wait_grows(tries, seconds):
    assert delivery.retry_delay(tries) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("end", "given_up"), [(timedelta(days=3), timedelta(hours=4)), (timedelta(hours=1),) * 2])
def test_given_up_after_hours_or_when_the_meeting_is_over(end, given_up):
    assert delivery.give_up_at(first_due=NOW, meeting_end=NOW + end) == NOW + given_up


@pytest.mark.parametrize(("ahead", "worth"), [(29, False), (30, True), (600, True), (-5, False)])
def test_a_reminder_on_the_heels_of_the_link_is_left_out(ahead, worth):
    assert delivery.reminder_is_worth_it(start=NOW + timedelta(minutes=ahead), now=NOW) is worth


@pytest.mark.parametrize(("tries", "seconds"), [(1, 10), (2, 20), (9, 2560), (10, 3600), (99, 3600)])
def test_a_record_system_is_tried_again_for_a_day(tries, seconds):
    assert webhook.retry_delay(tries) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("status", "taken", "down"), [
    (200, True, False), (204, True, False), (301, False, False), (400, False, False), (404, False, False),
    (410, False, False), (408, False, True), (429, False, True), (500, False, True), (503, False, True),
])  # fmt: skip
def test_what_an_answer_means(status, taken, down):
    assert (webhook.taken(status), webhook.target_is_down(status)) == (taken, down)


def test_the_signature_is_the_documented_one():
    # echo -n '1700000000.{"a":1}' | openssl dgst -sha256 -hmac hemmelig
    assert webhook.signature("hemmelig", 1700000000, b'{"a":1}') == (
        "v1=896c4491137871ab815a6a65a114d8fdc6a8bc5c19ba2014bd10eefc7a36133b"
    )
    assert webhook.signature("hemmelig", 1700000001, b'{"a":1}') != webhook.signature(
        "hemmelig", 1700000000, b'{"a":1}'
    )


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    "name", ["Lægehuset Nord", "Øre-, næse- og halsspecialist Åse Østergaard-Løvenskiold og Søn" * 2]
)
def test_the_reminder_fits_one_text_message_too(language, name):
    link = "https://vdx.example.dk/m/7k3m9p2qx4rt"
    text = message(practice=name, start=NOW, link=link, language=language, reminder=True)
    assert septets(text) <= LIMIT
    assert text.endswith(link)
    assert ("10.00" if language == "da" else "10:00") in text
