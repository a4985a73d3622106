"""The hub's numbers: for whoever has the token, and without a person in them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories.rooms import SeatFactory, visit
from vdx.lib import clock
from vdx.version import VERSION

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-at-least-32-characters"


def read(client: Client) -> str:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return answer.content.decode()


def test_without_a_token_in_the_settings_there_is_no_such_address(client):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer æ"])
def test_another_token_is_refused(client, settings, shown):
    settings.VDX_METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": shown} if shown else {})
    assert (answer.status_code, answer.content, answer["WWW-Authenticate"]) == (401, b"", "Bearer")


def test_nothing_is_changed_by_it(client, settings):
    settings.VDX_METRICS_TOKEN = TOKEN
    assert client.post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_every_app_s_numbers_stand_there(client, settings):
    settings.VDX_METRICS_TOKEN = TOKEN
    text = read(client)
    assert f'vdx_information{{version="{VERSION}"}} 1' in text
    assert 'vdx_ready{part="database"} 1' in text
    assert 'vdx_booking_waiting_to_go_out{way="sms"} 0' in text
    assert 'vdx_booking_pool_rooms{which="free"} 0' in text
    assert 'vdx_deliveries_last_day{way="email",result="failed"} 0' in text
    assert 'vdx_survey_funnel{audience="patient",step="offered"} 0' in text
    assert 'vdx_joins_total{result="not_open"} 0' in text
    assert 'vdx_rooms{state="open"} 0' in text
    assert "vdx_queue_length " in text
    assert "vdx_link_to_picture_seconds_count 0" in text
    assert 'api_request_fields_usage_total{method="POST",object="create-meeting",field="subject",type="String"}' in text


def test_every_line_is_one_that_prometheus_reads(client, settings):
    settings.VDX_METRICS_TOKEN = TOKEN
    name = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
    series = re.compile(rf'{name}({{{name}="[^"]*"(,{name}="[^"]*")*}})? -?[0-9.e+-]+')
    for line in read(client).splitlines():
        assert re.fullmatch(rf"# (HELP|TYPE) {name} .+", line) or series.fullmatch(line), line


def test_answers_are_timed_by_whose_page_it_is_and_no_path_is_told(client, settings):
    settings.VDX_METRICS_TOKEN = TOKEN
    client.get("/m/abcdefghjkmn")
    client.get("/hemmelig-side")
    text = read(client)
    counts = dict(re.findall(r'vdx_http_request_seconds_count({area="\w+",status="4xx"}) (\d+)', text))
    assert counts['{area="rooms",status="4xx"}'] == "1"
    assert counts['{area="other",status="4xx"}'] == "1"
    assert "abcdefghjkmn" not in text
    assert "hemmelig" not in text


def test_reading_them_is_a_handful_of_questions_however_much_goes_on(client, settings, django_assert_max_num_queries):
    settings.VDX_METRICS_TOKEN = TOKEN
    for count in (1, 3):
        for _ in range(count):
            visit(SeatFactory.create(admitted=True), clock.now(), None)
        with django_assert_max_num_queries(20):
            read(client)
