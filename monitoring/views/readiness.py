"""How far a practice has come: for its own people with what to do next, and for region and MedCom as a list."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from booking import services as booking
from monitoring import access, queries, services
from monitoring.access import MachineTest, Scope
from monitoring.forms import ReadinessForm, TestCallForm
from monitoring.queries import PracticeLine
from monitoring.rules.export import READINESS_HEADER, readiness_row
from monitoring.rules.readiness import Readiness, State, Step
from rooms import services as rooms
from rooms.access import set_seat_cookie
from rooms.enums import DeviceKind
from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role
from vdx.lib import clock
from vdx.lib.errors import InvalidInput, NotFound

# The filter's word for those who stand at no step.
READY = "klar"


@dataclass(frozen=True)
class StepShown:
    """A step in words. ``action`` and ``url`` only on the practice's own page, and where a page helps.

    ``machine`` says of the device test how it stands with the very machine that shows the page.
    """

    key: str
    title: str
    note: str
    done: bool
    is_next: bool
    action: str = ""
    url: str = ""
    machine: str = ""


@dataclass(frozen=True)
class OwnPlace:
    """Where the person works, with all steps. ``key`` is of the form that makes the test call."""

    organisation_id: int
    name: str
    steps: list[StepShown]
    readiness: Readiness
    key: str


@require_GET
@require_roles(Role.MEDCOM, Role.ADMINISTRATOR, Role.DOCTOR, Role.SECRETARY)
def show(request: HttpRequest) -> HttpResponse:
    """One's own practice step by step, and the list of all that the person may see where there are more."""
    user: Any = request.user
    scope = access.statistics_scope(user)
    own = access.workplaces(user)
    lines = _lines(scope)
    machine = access.machine_test(request.COOKIES.get(access.MACHINE_COOKIE))
    places = [
        OwnPlace(place.pk, line.practice.name, _own_steps(line.readiness, machine), line.readiness, uuid4().hex)
        for line in lines
        # Once a practice, also for who works in several of its units.
        for place in [place for place in own if place.pk in line.units][:1]
    ]
    form, shown = _chosen(request, lines)
    oversees = len(lines) > len(places)
    context = {
        "places": places,
        "form": form,
        "rows": [(line, _stands(line.readiness)) for line in shown] if oversees else [],
        "oversees": oversees,
        "count": len(lines),
        "ready": sum(line.readiness.stuck_at is None for line in lines),
        "csv_url": f"{reverse('monitoring:readiness_csv')}?{urlencode(_filters(form))}",
    }
    return render(request, "monitoring/readiness.html", context)


@require_GET
@require_roles(Role.MEDCOM, Role.ADMINISTRATOR, Role.DOCTOR, Role.SECRETARY)
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice's steps, for those who help it on."""
    user: Any = request.user
    line = next((line for line in _lines(access.statistics_scope(user)) if line.practice.pk == pk), None)
    if line is None:
        raise NotFound
    context = {"line": line, "steps": _steps(line.readiness, own=False), "stands": _stands(line.readiness)}
    return render(request, "monitoring/readiness_practice.html", context)


@require_GET
@require_roles(Role.MEDCOM, Role.ADMINISTRATOR, Role.DOCTOR, Role.SECRETARY)
def download(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, one line a practice, as a file for a spreadsheet or a program."""
    user: Any = request.user
    form, shown = _chosen(request, _lines(access.statistics_scope(user)))
    if not form.is_valid():
        raise InvalidInput(_("Valget kan ikke bruges. Gå tilbage, og vælg noget andet."))
    services.note_readiness_download(actor=user, practice_count=len(shown))
    day = clock.local_date(clock.now())
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="vdx-klar-{day.isoformat()}.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(READINESS_HEADER)
    for line in shown:
        region = ("", "") if line.region is None else (line.region.code, line.region.name)
        writer.writerow(readiness_row(line.readiness, practice=(line.practice.code, line.practice.name), region=region))
    return response


@require_POST
@require_roles(Role.DOCTOR, Role.SECRETARY)
def test_call(request: HttpRequest) -> HttpResponse:
    """A call between two of the person's own devices: one click, and the first of them is in it."""
    now = clock.now()
    user: Any = request.user
    sent = TestCallForm(request.POST)
    if not sent.is_valid():
        raise NotFound
    organisation = access.workplace(user, sent.cleaned_data["organisation"])
    meeting = booking.book_instant_once(
        key=sent.cleaned_data["key"],
        organisation=organisation,
        organiser=user,
        actor=user,
        now=now,
        subject=_("Prøveopkald"),
        is_test=True,
    )
    _seat, token = rooms.take_host_seat(room_id=meeting.room_id, user=user, device_kind=DeviceKind.BROWSER, now=now)
    response = redirect("rooms:room", meeting.short_id)
    set_seat_cookie(response, meeting.room, token)
    return response


def _lines(scope: Scope) -> list[PracticeLine]:
    return queries.practices_readiness(organisation_ids=scope.organisation_ids, today=clock.local_date(clock.now()))


def _chosen(request: HttpRequest, lines: list[PracticeLine]) -> tuple[ReadinessForm, list[PracticeLine]]:
    regions = {line.region.code: line.region for line in lines if line.region is not None}
    steps = {**{step.value: _standing_at(step) for step in Step}, READY: _standing_at(None)}
    form = ReadinessForm(request.GET.dict(), regions=list(regions.values()), steps=steps)
    if not form.is_valid():
        return form, lines
    region, step = form.cleaned_data["region"], form.cleaned_data["trin"]
    return form, [
        line
        for line in lines
        if (not region or (line.region is not None and line.region.code == region))
        and (not step or (line.readiness.stuck_at or READY) == step)
    ]


def _filters(form: ReadinessForm) -> dict[str, str]:
    return {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}


def _stands(readiness: Readiness) -> str:
    return _standing_at(readiness.stuck_at)


def _standing_at(step: Step | None) -> str:
    words = {
        Step.LOGGED_IN: _("Ingen er logget ind endnu"),
        Step.SECOND_FACTOR: _("Mangler totrinslogin"),
        Step.DEVICE_TEST: _("Mangler at teste udstyret"),
        Step.TEST_CALL: _("Mangler et prøveopkald"),
        Step.REAL_CALL: _("Klar, men har ikke haft en samtale endnu"),
    }
    return _("I gang med rigtige samtaler") if step is None else words[step]


def _steps(readiness: Readiness, *, own: bool) -> list[StepShown]:
    actions = {
        Step.SECOND_FACTOR: (_("Gå til din profil"), reverse("accounts:profile")),
        Step.DEVICE_TEST: (_("Test udstyret på denne computer"), "/test"),
        Step.REAL_CALL: (_("Gå til min dag"), reverse("booking:day")),
    }
    titles = {
        Step.LOGGED_IN: _("Log ind"),
        Step.SECOND_FACTOR: _("Totrinslogin"),
        Step.DEVICE_TEST: _("Test kamera, mikrofon og forbindelse"),
        Step.TEST_CALL: _("Lav et prøveopkald"),
        Step.REAL_CALL: _("Den første rigtige samtale"),
    }
    shown = []
    for state in readiness.states:
        action, url = actions.get(state.step, ("", "")) if own and not state.done else ("", "")
        is_next = state.step == readiness.stuck_at
        shown.append(StepShown(state.step.value, titles[state.step], _note(state), state.done, is_next, action, url))
    return shown


def _own_steps(readiness: Readiness, machine: MachineTest | None) -> list[StepShown]:
    """The steps of one's own practice. A test that was passed elsewhere says nothing of this machine."""
    return [
        step
        if step.key != Step.DEVICE_TEST
        else replace(
            step,
            machine=_machine_note(machine),
            action="" if machine and machine.passed else _("Test udstyret på denne computer"),
            url="" if machine and machine.passed else "/test",
        )
        for step in _steps(readiness, own=True)
    ]


def _machine_note(machine: MachineTest | None) -> str:
    if machine is None:
        return _("Den computer, du sidder ved nu, er ikke testet endnu.")
    told = {"verdict": machine.verdict.label, "day": date_format(machine.day, "j. F Y")}
    return _("Den computer, du sidder ved nu, blev testet %(day)s: %(verdict)s.") % told


def _note(state: State) -> str:
    numbers = {"count": state.count, "of": state.of}
    if state.step is Step.LOGGED_IN:
        return _("%(count)s af %(of)s har været logget ind.") % numbers
    if state.step is Step.SECOND_FACTOR:
        if not state.of:
            return _("Ingen hos jer behøver det.") if state.done else _("Kommer, når I har været logget ind.")
        return _("%(count)s af %(of)s, der skal have det, har slået det til.") % numbers
    if state.step is Step.DEVICE_TEST:
        return (
            _("%(count)s af %(of)s har testet med godt resultat på en computer eller telefon, hvor de var logget ind.")
            % numbers
        )
    if state.day is not None:
        return _("Første gang %(day)s.") % {"day": date_format(state.day, "j. F Y")}
    if state.step is Step.TEST_CALL:
        return _("Åbn samtalen her, og vær selv patienten på din telefon. Det tæller ikke med i statistikken.")
    return _("Book en konsultation, eller start en nu.")
