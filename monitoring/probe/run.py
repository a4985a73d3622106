"""One run: everything that a consultation takes, leg by leg, each timed, and the first that fails named."""

from __future__ import annotations

import asyncio
import base64
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from media.peer import MARK_OCTETS
from monitoring.probe.http import Browser, NoAnswer
from monitoring.probe.legs import LEGS, PARTS, Run, slot_of
from monitoring.probe.seat import Gone, Seat

# A leg that takes longer has failed: nobody would wait for it. The hub itself gives up its database after ten.
LEG_SECONDS = 12.0
# From the booking: what the worker was not told is found by its sweep five seconds later.
DELIVERY_SECONDS = 20.0
# All legs together; what comes after them takes no longer than AFTER_SECONDS.
RUN_SECONDS = 50.0
_LOOK_SECONDS = 0.25
# The shortest meeting that the window's rules know; its room closes by itself should nobody end it.
_MEETING = timedelta(minutes=5)
_HEALTH_SECONDS = 4.0
_TIDY_SECONDS = 3.0
AFTER_SECONDS = _HEALTH_SECONDS + 2 * _TIDY_SECONDS


@dataclass(frozen=True)
class Service:
    """The hub, as the probe is told of it. ``origin`` is the address that people's browsers see."""

    base: str
    origin: str
    client_id: str
    secret: str
    inbox: str


class LegFailed(Exception):
    """What a leg failed by, in a word without an address."""


@dataclass
class _Call:
    """What one run has got hold of so far."""

    service: Service
    system: Browser
    patient: Browser
    doctor: Browser
    token: str = ""
    meeting: str = ""
    code: str = ""
    link: str = ""
    pin: int = 0
    host: Seat | None = None
    guest: Seat | None = None
    guest_key: str = ""
    arrival: asyncio.Task[float] | None = None
    seats: list[Seat] = field(default_factory=list)

    def authorised(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def both(self) -> tuple[Seat, Seat]:
        if self.host is None or self.guest is None:
            raise LegFailed("not_open")
        return self.host, self.guest


async def run(service: Service, *, interval: int, seconds: float = RUN_SECONDS) -> Run:
    """Try the service once, from the token to the end of the call. Never raises for anything that the hub does.

    ``seconds``: what the legs may take together.
    """

    def browser() -> Browser:
        return Browser(service.base, LEG_SECONDS, service.origin)

    call = _Call(service, browser(), browser(), browser())
    began = time.time()
    legs: dict[str, int] = {}
    failed = reason = ""
    until = time.monotonic() + seconds
    try:
        for name in LEGS:
            since = time.perf_counter()
            try:
                async with asyncio.timeout(min(_SECONDS.get(name, LEG_SECONDS), until - time.monotonic())):
                    taken = await _LEGS[name](call)
            except (LegFailed, NoAnswer, Gone) as error:
                failed, reason = name, "no_answer" if isinstance(error, NoAnswer) else str(error)
            except TimeoutError:
                failed, reason = name, "timeout"
            except (ValueError, KeyError, TypeError):
                # An answer of another shape than the contract's.
                failed, reason = name, "unreadable"
            if failed:
                break
            legs[name] = round((time.perf_counter() - since if taken is None else taken) * 1000)
        missing = await _missing(call) if failed else ()
    finally:
        await _tidy(call, ended="end" in legs)
    return Run(
        key=uuid4(),
        slot=slot_of(began, interval),
        interval=interval,
        started_at=datetime.fromtimestamp(began, UTC),
        legs=legs,
        failed=failed,
        reason=reason,
        missing=missing,
    )


# --- The legs, in their order ------------------------------------------------------------------------------


async def _token(call: _Call) -> None:
    pair = base64.b64encode(f"{call.service.client_id}:{call.service.secret}".encode()).decode()
    answer = await call.system.post(
        "/oauth/token", form={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {pair}"}
    )
    _expect(answer.status, 200)
    call.token = str(answer.json()["access_token"])


async def _booking(call: _Call) -> None:
    now = datetime.now(UTC)
    call.pin = 100_000 + secrets.randbelow(900_000)
    body = {
        "subject": "VDX",
        "startTime": now.isoformat(),
        "endTime": (now + _MEETING).isoformat(),
        "hostPin": call.pin,
        "maxParticipants": 2,
    }
    answer = await call.system.post("/videoapi/v2/meetings", body=body, headers=call.authorised())
    _expect(answer.status, 200)
    booked = answer.json()
    call.meeting, call.code, call.link = str(booked["uuid"]), str(booked["shortId"]), str(booked["shortLink"])
    call.arrival = asyncio.create_task(_arrived(call, time.perf_counter()))


async def _link(call: _Call) -> None:
    # Where the probe comes by another way than people do, the short link's host may not be reached from here.
    page = call.link if call.service.base == call.service.origin else f"/m/{call.code}"
    for _ in range(4):
        answer = await call.patient.get(page)
        if answer.status not in {301, 302, 307, 308}:
            break
        page = answer.location
    _expect(answer.status, 200)
    headers = call.patient.page_headers()
    knocked = await call.patient.post(f"/m/{call.code}/bank", body={}, headers=headers)
    _expect(knocked.status, 200)
    call.guest_key = str(knocked.json()["seat"])
    _expect((await call.doctor.get(f"/m/{call.code}/vaert")).status, 200)
    entered = await call.doctor.post(
        f"/m/{call.code}/vaert", form={"pin": str(call.pin)}, headers=call.doctor.page_headers()
    )
    _expect(entered.status, 302)


async def _socket(call: _Call) -> None:
    marks = secrets.token_bytes(MARK_OCTETS), secrets.token_bytes(MARK_OCTETS)
    call.host = Seat(call.doctor, call.code, mark=marks[0], wanted=marks[1])
    call.guest = Seat(call.patient, call.code, mark=marks[1], wanted=marks[0])
    call.seats = [call.host, call.guest]
    await call.host.open()
    await call.guest.open()
    await call.host.say("admit", seat=call.guest_key)
    admitted = await call.guest.hear("admitted", "no-place")
    if admitted["type"] == "no-place":
        # As many calls as there may be: patients are turned away just as the probe is.
        raise LegFailed("hub_full")
    engine = (admitted.get("engine") or {}).get("name", "")
    if engine in {"direct", "fake"}:
        # Nothing would go through a server, or nothing at all.
        raise LegFailed(f"engine_{engine}")


async def _ice(call: _Call) -> None:
    await asyncio.gather(*(seat.reach(seat.peer.routed) for seat in call.both()))


async def _dtls(call: _Call) -> None:
    await asyncio.gather(*(seat.reach(seat.peer.keyed) for seat in call.both()))


async def _media(call: _Call) -> None:
    await asyncio.gather(*(seat.reach(seat.peer.heard) for seat in call.both()))


async def _delivery(call: _Call) -> float:
    if call.arrival is None:
        raise LegFailed("not_booked")
    return await call.arrival


async def _end(call: _Call) -> None:
    host, guest = call.both()
    await host.say("end")
    closed = await guest.hear("closed")
    if closed.get("reason") != "ended":
        raise LegFailed("closed_otherwise")
    # The door is shut: the patient's page says that the call is over.
    answer = await call.patient.post(f"/m/{call.code}/bank", body={}, headers=call.patient.page_headers())
    if answer.status < 400:
        raise LegFailed("still_open")


_LEGS: dict[str, Callable[[_Call], Awaitable[float | None]]] = {
    "token": _token,
    "booking": _booking,
    "link": _link,
    "socket": _socket,
    "ice": _ice,
    "dtls": _dtls,
    "media": _media,
    "delivery": _delivery,
    "end": _end,
}
_SECONDS = {"delivery": DELIVERY_SECONDS}


# --- Beside them -------------------------------------------------------------------------------------------


async def _arrived(call: _Call, since: float) -> float:
    """Seconds from the booking until the hub's worker has delivered the word of it. Asked while the call goes on.

    Raises ``TimeoutError``.
    """
    async with asyncio.timeout(DELIVERY_SECONDS):
        while True:
            with suppress(NoAnswer, ValueError):
                answer = await call.system.get(f"{call.service.inbox}/{call.meeting}", headers=call.authorised())
                if answer.status == 200 and answer.json()["arrived"] is True:
                    return time.perf_counter() - since
            await asyncio.sleep(_LOOK_SECONDS)


async def _missing(call: _Call) -> tuple[str, ...]:
    """What the hub's own page of health says is missing: a hint at why. Empty where it does not answer."""
    with suppress(NoAnswer, ValueError, AttributeError, TimeoutError):
        async with asyncio.timeout(_HEALTH_SECONDS):
            state: dict[str, Any] = (await call.system.get("/sundhed/klar")).json()
            return tuple(sorted(part for part in PARTS if state.get(part, "ok") != "ok"))
    return ()


async def _tidy(call: _Call, *, ended: bool) -> None:
    """Let go of everything; a meeting that was not ended is ended by the API, or else by its own time."""
    if call.arrival is not None:
        call.arrival.cancel()
        await asyncio.gather(call.arrival, return_exceptions=True)
    with suppress(TimeoutError):
        async with asyncio.timeout(_TIDY_SECONDS):
            await asyncio.gather(*(seat.close() for seat in call.seats), return_exceptions=True)
    if call.meeting and not ended:
        with suppress(NoAnswer, TimeoutError):
            async with asyncio.timeout(_TIDY_SECONDS):
                body = {"endTime": datetime.now(UTC).isoformat()}
                await call.system.patch(f"/videoapi/v2/meetings/{call.meeting}", body=body, headers=call.authorised())


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise LegFailed(f"status_{status}")
