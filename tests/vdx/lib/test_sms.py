"""Text messages: what every provider does, with a real gateway of the test's own."""

from __future__ import annotations

import json
import logging
from urllib.parse import parse_qs

import pytest

from tests.support.receiver import Receiver
from vdx.lib import sms

JSON = '{"to": "__to__", "from": "__from__", "text": "__text__", "reference": "__key__"}'
FORM = "to=__to__&sender=__from__&message=__text__&id=__key__"
MESSAGE = {"to": "+4512345678", "text": 'Åbn "linket": __to__ & kom', "sender": "Nord", "key": "k-1"}


@pytest.fixture
def gateway():
    with Receiver(answer=lambda call: 201) as receiver:
        yield receiver


@pytest.fixture(params=["console", "http"])
def provider(request, gateway):
    if request.param == "console":
        return sms.ConsoleProvider()
    return sms.HttpGateway(url=gateway.url, template=JSON, authorization="")


def test_every_provider_takes_a_message_and_says_the_number_nowhere(provider, caplog):
    with caplog.at_level(logging.DEBUG):
        assert provider.send(**MESSAGE) is None
        assert provider.send(**MESSAGE) is None
    assert "12345678" not in caplog.text
    assert "linket" not in caplog.text


def test_json_is_filled_in_once_and_safely(gateway):
    sms.HttpGateway(url=gateway.url, template=JSON, authorization="Bearer abc").send(**MESSAGE)

    [call] = gateway.calls
    assert json.loads(call.body) == {
        "to": "+4512345678",
        "from": "Nord",
        "text": 'Åbn "linket": __to__ & kom',
        "reference": "k-1",
    }
    assert (call.headers["Authorization"], call.headers["Idempotency-Key"]) == ("Bearer abc", "k-1")
    assert call.headers["Content-Type"] == "application/json"


def test_a_form_is_filled_in_too(gateway):
    sms.HttpGateway(url=gateway.url, template=FORM, authorization="").send(**MESSAGE)

    [call] = gateway.calls
    assert parse_qs(call.body.decode()) == {
        "to": ["+4512345678"],
        "sender": ["Nord"],
        "message": ['Åbn "linket": __to__ & kom'],
        "id": ["k-1"],
    }
    assert call.headers["Authorization"] is None


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (404, True), (422, True), (401, False), (429, False), (500, False), (503, False), (302, False)],
)
def test_what_the_gateway_refuses_for_good_and_what_may_work_later(status, permanent):
    with Receiver(answer=lambda call: status) as receiver, pytest.raises(sms.SmsFailed) as failed:
        sms.HttpGateway(url=receiver.url, template=JSON, authorization="").send(**MESSAGE)
    assert (failed.value.permanent, failed.value.reason) == (permanent, f"status {status}")


def test_a_gateway_that_is_away_may_be_back_later():
    with Receiver() as receiver:
        url = receiver.url
    with pytest.raises(sms.SmsFailed) as failed:
        sms.HttpGateway(url=url, template=JSON, authorization="").send(**MESSAGE)
    assert not failed.value.permanent
    assert "12345678" not in str(failed.value)


def test_the_settings_choose(settings):
    settings.VDX_SMS_URL, settings.VDX_EMBEDDED = "", True
    assert isinstance(sms.provider(), sms.ConsoleProvider)
    settings.VDX_EMBEDDED = False
    assert sms.provider() is None
    settings.VDX_SMS_URL = "https://sms.example.dk/send"
    assert isinstance(sms.provider(), sms.HttpGateway)
