"""Calls to others: never to an address inside, never further than asked, never without end."""

from __future__ import annotations

import socket
import time

import pytest

from tests.support.receiver import Receiver, certificate_for
from vdx.lib import outgoing


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("10.0.0.1", False),
        ("172.16.3.4", False),
        ("192.168.1.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("2a02:aa::1", True),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("::ffff:8.8.8.8", True),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::7f00:1", False),
        ("2002:a00:1::", False),
        ("2002:808:808::", True),
    ],
)
def test_which_addresses_everybody_may_reach(address, public):
    assert outgoing.is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "https://",
        "https:///path",
        "https://user:secret@8.8.8.8/",
        "https://8.8.8.8:0/",
        "https://8.8.8.8:99999/",
        "https://8.8.8.8/a b",
        "https://8.8.8.8/a\nHost: other",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://does-not-exist.invalid/",
        "8.8.8.8",
    ],
)
def test_addresses_that_are_refused(url):
    with pytest.raises(outgoing.TargetRefused):
        outgoing.check_target(url, allow_private=False)


def test_a_name_with_one_address_inside_is_refused(monkeypatch):
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)
    with pytest.raises(outgoing.TargetRefused):
        outgoing.check_target("https://mixed.example/", allow_private=False)


def test_a_name_is_looked_up_once_and_that_very_address_is_called(monkeypatch):
    asked = []
    real = socket.getaddrinfo

    def once(host, *args, **kwargs):
        asked.append(host)
        # Whoever asks a second time is led elsewhere, as by a name that changes in between.
        return real("127.0.0.1" if len(asked) == 1 else "192.0.2.1", *args, **kwargs)

    with Receiver() as receiver:
        monkeypatch.setattr(socket, "getaddrinfo", once)
        status = outgoing.post(f"http://hook.example:{receiver.port}/in", b"{}", {}, allow_private=True)

    assert (status, asked) == (200, ["hook.example"])
    assert receiver.calls[0].headers["Host"] == f"hook.example:{receiver.port}"


def test_an_address_that_nobody_answers_at_gives_way_to_the_next(monkeypatch):
    real = socket.getaddrinfo
    with socket.socket() as silent, Receiver() as receiver:
        # Bound, and not listening: it refuses.
        silent.bind(("127.0.0.2", receiver.port))

        def both(host, *args, **kwargs):
            return [entry for each in ("127.0.0.2", "127.0.0.1") for entry in real(each, *args, **kwargs)]

        monkeypatch.setattr(socket, "getaddrinfo", both)
        assert outgoing.post(f"http://hook.example:{receiver.port}/", b"1", {}, allow_private=True) == 200
    assert [call.body for call in receiver.calls] == [b"1"]


def test_an_address_that_swallows_everything_leaves_time_for_the_next(monkeypatch):
    real = socket.getaddrinfo
    tried = []

    class Socket(socket.socket):
        def connect(self, address):
            tried.append(address[0])
            if address[0] == "127.0.0.2":
                time.sleep(self.gettimeout())
                raise TimeoutError
            super().connect(address)

    with Receiver() as receiver:
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *args, **kwargs: [e for a in ("127.0.0.2", "127.0.0.1") for e in real(a, *args, **kwargs)],
        )
        monkeypatch.setattr(outgoing.socket, "socket", Socket)
        url = f"http://hook.example:{receiver.port}/"
        assert outgoing.post(url, b"", {}, allow_private=True, deadline=1) == 200
    assert tried == ["127.0.0.2", "127.0.0.1"]


def test_posts_path_query_body_and_headers():
    with Receiver(answer=lambda call: 202) as receiver:
        assert outgoing.post(receiver.url, b"a=1", {"X-One": "1"}, allow_private=True) == 202

    [call] = receiver.calls
    assert (call.path, call.body, call.headers["X-One"]) == ("/hook?from=vdx", b"a=1", "1")


def test_a_redirect_is_not_followed():
    with Receiver() as inside, Receiver(answer=lambda call: 307, location=inside.url) as receiver:
        assert outgoing.post(receiver.url, b"", {}, allow_private=True) == 307

    assert inside.calls == []


def test_an_address_inside_is_not_called_when_it_is_not_allowed():
    with Receiver() as receiver:
        with pytest.raises(outgoing.TargetRefused) as refused:
            outgoing.post(f"https://127.0.0.1:{receiver.port}/", b"", {}, allow_private=False)
        assert refused.value.reason == "private"
    assert receiver.calls == []


def test_nobody_there_is_said_in_a_word():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(outgoing.CallFailed) as failed:
        outgoing.post(f"http://127.0.0.1:{port}/secret-path", b"", {}, allow_private=True)
    assert str(failed.value) == "no_answer"


def test_an_answer_that_never_ends_is_cut_off():
    with Receiver(drip=True) as receiver:
        begun = time.monotonic()
        with pytest.raises(outgoing.CallFailed) as failed:
            outgoing.post(receiver.url, b"", {}, allow_private=True, deadline=0.5)
    # Headers beyond a hundred end it too; each way it ends.
    assert failed.value.reason in {"timeout", "no_answer"}
    assert time.monotonic() - begun < 30


def test_an_answer_that_does_not_come_is_not_waited_for():
    with Receiver(answer=lambda call: time.sleep(2) or 200) as receiver, pytest.raises(outgoing.CallFailed) as failed:
        outgoing.post(receiver.url, b"", {}, allow_private=True, deadline=0.3)
    assert failed.value.reason == "timeout"


def test_the_certificate_is_held_to_the_name(tmp_path, monkeypatch):
    certificate = certificate_for("hook.example", tmp_path)
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *args, **kwargs: real("127.0.0.1", *args, **kwargs))
    with Receiver(certificate=certificate) as receiver:
        # Signed by nobody we know.
        with pytest.raises(outgoing.CallFailed) as failed:
            outgoing.post(f"https://hook.example:{receiver.port}/", b"", {}, allow_private=True)
        assert failed.value.reason == "tls"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert outgoing.post(f"https://hook.example:{receiver.port}/", b"", {}, allow_private=True) == 200
        with pytest.raises(outgoing.CallFailed) as failed:
            outgoing.post(f"https://other.example:{receiver.port}/", b"", {}, allow_private=True)
        assert failed.value.reason == "tls"
    assert len(receiver.calls) == 1
