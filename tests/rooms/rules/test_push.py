"""Where the hub may push to."""

from __future__ import annotations

import pytest

from rooms.rules.push import may_push_to

SERVICES = ["fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"]


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def-_", True),
        ("https://FCM.googleapis.com/fcm/send/abc", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x%2f", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evil.example/fcm.googleapis.com", False),
        ("https://evilpush.apple.com/x", False),
        ("https://push.apple.com/x", False),
        ("https://.push.apple.com/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://user:pass@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com\\@evil.example/x", False),
        ("https://fcm.goo\tgleapis.com/x", False),
        ("https://fcm.googleapis.com/x y", False),
        ("https://fcm.googleapis.com/x#y", False),
        ("https://fcm.googleapis.com:99999/x", False),
        ("https://fcm.googleapis.com/" + "x" * 1000, False),
        ("https://127.0.0.1/x", False),
        ("http://localhost:9/x", False),
        ("https://[::1]/x", False),
        ("https://10.0.0.1/x", False),
        ("https://ƒcm.googleapis.com/x", False),
        ("ftp://fcm.googleapis.com/x", False),
        ("//fcm.googleapis.com/x", False),
        ("", False),
    ],
)
def test_only_known_services_by_https(endpoint: str, allowed: bool) -> None:
    assert may_push_to(endpoint, services=SERVICES) is allowed


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("http://127.0.0.1:9000/x", True),
        ("https://localhost:9000/x", True),
        ("http://[::1]:1/x", True),
        ("http://10.0.0.1/x", False),
        ("ftp://localhost/x", False),
        ("https://fcm.googleapis.com/x", True),
    ],
)
def test_this_machine_is_for_tests(endpoint: str, allowed: bool) -> None:
    assert may_push_to(endpoint, services=SERVICES, loopback=True) is allowed
