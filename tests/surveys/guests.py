"""A guest's browser after a call, and what a guest answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from booking.models import Meeting
from rooms import services as rooms
from rooms.access import SEAT_COOKIE
from rooms.enums import CloseReason
from tests.factories.accounts import member
from tests.factories.monitoring import booked_meeting, guest_came, host_came
from vdx.lib import clock

# What a guest who talked with the doctor answers, page by page.
TALKED: dict[int, dict[str, Any]] = {
    1: {"sex": 2, "birth_year": "1946"},
    2: {"contact": 1, "times_used": 1, "device": 3},
    3: {"easy_to_use": 5, "quick_to_learn": 4, "information_clear": 6, "helped": 1, "helped_by": [1, 4],
        "helped_by_text": "nabo", "usability_comments": ""},
    4: {"picture": 1, "sound": 2, "sound_prevented": 2, "other_problems": 2},
    5: {"time_preparing": 3, "time_waiting": 4, "time_talking": 3, "transport_important": 1},
    6: {"good_contact": 5, "felt_safe": 5, "would_recommend": 5, "accept_again": 1},
    7: {"advantages": [1, 6], "drawbacks": [6], "comments": "Tak\r\nfor snakken"},
}  # fmt: skip


class Guest:
    """A guest's browser, at a call's link."""

    def __init__(self, meeting: Meeting, token: str = "") -> None:
        self.client = Client()
        self.link = f"/m/{meeting.short_id}"
        if token:
            self.client.cookies[SEAT_COOKIE] = token

    def begin(self) -> str:
        answer = self.client.post(f"{self.link}/svar")
        assert answer.status_code == 302
        return answer.url

    def send(self, page: int, answers: dict[str, Any], *, go: str = "next", seen: list[str] | None = None) -> Any:
        data: dict[str, Any] = {f"q-{name}": value for name, value in answers.items()}
        return self.client.post(f"{self.link}/svar/{page}", {**data, "seen": seen or list(answers), "go": go})

    def answer_all(self) -> None:
        self.begin()
        for page, answers in TALKED.items():
            assert self.send(page, answers).status_code == 302


def over(*, minutes_ago: int = 10) -> tuple[Meeting, str]:
    """A call that a guest was in, and the guest's cookie."""
    doctor = member()
    start = clock.now() - timedelta(minutes=minutes_ago)
    meeting = booked_meeting(doctor, start=start)
    host, _, _ = host_came(meeting, doctor, at=start)
    _, token, _ = guest_came(meeting, at=start, let_in_by=host)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=start + timedelta(minutes=5))
    return meeting, token
