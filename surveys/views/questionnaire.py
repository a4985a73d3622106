"""The patients' questionnaire after a call, page by page. Nothing here writes to a log, the session or a message.

What leads to the call (the invitation) and what was answered (the response) are written by services of their own, in
transactions of their own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rooms.access import SEAT_COOKIE, VISITOR_COOKIE
from surveys import access, queries, services
from surveys.enums import InvitationState, ResponseState
from surveys.queries import Paper
from surveys.questionnaire_forms import QuestionnairePage
from surveys.rules import walk
from surveys.rules.asking import Guest, newly_shown, pace, progress
from surveys.rules.questionnaire import LANGUAGES, PATIENTS
from vdx.lib import clock
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from rooms.models import Room


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """POST: open the questionnaire. GET: go on where this browser stands."""
    now = clock.now()
    today = clock.local_date(now)
    room, guest = _asked(request, code, now)
    known = _paper(request, today)
    if known is not None and known.sent:
        return redirect(_resume(code, known))
    version = queries.published_version(PATIENTS)
    if request.method != "POST" or version is None:
        return redirect("rooms:thanks", code=code)
    access.may_begin(room)
    state = services.open_invitation(guest=guest, questionnaire_id=version.questionnaire_id, today=today)
    response = redirect("rooms:thanks", code=code)
    if state == InvitationState.OPENED:
        definition = queries.definition_of(version.pk)
        first = walk.next_page(definition, 0, {}) or 1
        response = redirect("surveys:page", code=code, page=first)
        # Opened in two tabs: both go on under the same id.
        access.set_answers_cookie(response, room, known.study_id if known else uuid4(), now=now)
    access.set_asked_cookie(response, room, guest)
    return response


@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """Nej tak: counted, and that is all."""
    now = clock.now()
    room, guest = _asked(request, code, now)
    services.decline(guest=guest, questionnaire_id=_questionnaire(), today=clock.local_date(now))
    response = redirect("rooms:thanks", code=code)
    access.set_asked_cookie(response, room, guest)
    return response


@require_POST
def shown(request: HttpRequest, code: str) -> HttpResponse:
    """The page's script says that a browser without a seat has shown the offer, so that it is counted."""
    now = clock.now()
    room, guest = _asked(request, code, now)
    access.may_begin(room)
    services.note_offer(guest=guest, questionnaire_id=_questionnaire(), today=clock.local_date(now))
    response = HttpResponse(status=204)
    access.set_asked_cookie(response, room, guest)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def page(request: HttpRequest, code: str, page: int) -> HttpResponse:
    """One page: Næste, Forrige and Stop send it. A page that is not this browser's turn leads to the one that is.

    Sent to be shown alone, as by a change of language, nothing of it is kept: it comes back with what stood on it. So
    a page of another version, published in between, is not taken in either: its codes may mean something else there.
    """
    now = clock.now()
    today = clock.local_date(now)
    room, guest = _asked(request, code, now)
    paper = _paper(request, today)
    if paper is None:
        return _on(request, reverse("rooms:thanks", args=[code]))
    if not paper.is_open or page not in _pages_open(paper):
        return _on(request, _resume(code, paper))
    if request.POST.get("version", str(paper.version_id)) != str(paper.version_id):
        return _on(request, _resume(code, paper))
    go = request.POST.get("go", "next")
    form = QuestionnairePage(
        request.POST if request.method == "POST" and go != "show" else None,
        typed=request.POST if go == "show" else None,
        definition=paper.definition,
        page=page,
        answers=paper.answers,
        today=today,
        forward=go == "next",
    )
    if form.is_valid():
        return _send(request, room, guest, paper, form, go, today)
    return render(
        request, "surveys/questionnaire.html", _context(code, paper, form), status=400 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, code: str) -> HttpResponse:
    """Slet mine svar: asked once more, and then they are gone. After midnight nobody can find them any more."""
    now = clock.now()
    today = clock.local_date(now)
    room, guest = _asked(request, code, now)
    paper = _paper(request, today)
    if request.method != "POST":
        if paper is None or not paper.sent:
            return redirect("rooms:thanks", code=code)
        return render(request, "surveys/erase.html", {"code": code, "back": _resume(code, paper)})
    response = redirect("surveys:erased", code=code)
    if paper is not None and paper.sent:
        services.withdraw(guest=guest, questionnaire_id=paper.questionnaire_id, today=today)
        services.erase(study_id=paper.study_id)
        access.drop_answers_cookie(response, room)
        access.set_asked_cookie(response, room, guest)
    return response


@require_safe
def erased(request: HttpRequest, code: str) -> HttpResponse:
    """They are gone; or it was too late, and they are not."""
    _, guest = _asked(request, code, clock.now())
    return render(request, "surveys/erased.html", {"gone": queries.has_withdrawn(guest)})


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, code: str) -> HttpResponse:
    """POST: let this browser forget the answers, for whoever uses it next. GET: what that means now."""
    room, guest = _asked(request, code, clock.now())
    if request.method != "POST":
        known = _paper(request, clock.local_date(clock.now()))
        if known is not None and known.sent:
            return redirect(_resume(code, known))
        return render(request, "surveys/forgotten.html", {"code": code})
    response = redirect("surveys:forget", code=code)
    access.drop_answers_cookie(response, room)
    access.set_asked_cookie(response, room, guest)
    return response


@require_safe
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Thank you; and the way to erase the answers, in this browser until the day is over."""
    now = clock.now()
    _asked(request, code, now)
    paper = _paper(request, clock.local_date(now))
    thanks = paper.definition.thanks.get(_language(), "") if paper else ""
    return render(request, "surveys/done.html", {"code": code, "thanks": thanks, "paper": paper})


def _send(
    request: HttpRequest, room: Room, guest: Guest, paper: Paper, form: QuestionnairePage, go: str, today: date
) -> HttpResponse:
    """Keep the page, and lead on."""
    code = room.short_id or ""
    state = services.note_begun(guest=guest, questionnaire_id=paper.questionnaire_id, today=today)
    if state == InvitationState.COMPLETE:
        return _on(request, reverse("surveys:done", args=[code]))
    if state != InvitationState.BEGUN:
        return _on(request, reverse("rooms:thanks", args=[code]))
    definition, seen, answers = paper.definition, form.seen(), form.answers()
    everything = {**{name: answer for name, answer in paper.answers.items() if name not in seen}, **answers}
    target: int | None = form.page
    if go == "back":
        target = walk.previous_page(definition, form.page, everything) or form.page
    elif go == "next" and not newly_shown(definition, form.page, seen, everything):
        # Without a script the answers may have brought up questions of the same page: it is shown once more.
        target = walk.next_page(definition, form.page, everything)
    kept = services.send_page(
        study_id=paper.study_id,
        version_id=paper.version_id,
        page=form.page,
        answers=answers,
        seen=seen,
        context=queries.context_of(room, guest, definition.context, today=today),
        finish=target is None,
        today=today,
    )
    if queries.has_withdrawn(guest):
        # Erased in another tab meanwhile.
        services.erase(study_id=paper.study_id)
        return _on(request, reverse("surveys:erased", args=[code]))
    if kept == ResponseState.COMPLETE:
        services.note_complete(guest=guest, questionnaire_id=paper.questionnaire_id, today=today)
        return _on(request, reverse("surveys:done", args=[code]))
    if kept == ResponseState.PARTLY:
        return _on(request, reverse("rooms:thanks", args=[code]))
    if go == "stop":
        return _on(request, reverse("surveys:done", args=[code]))
    if target is None:
        # Something before it, which must be answered, is not any more: sent from another tab meanwhile.
        return _on(request, reverse("surveys:begin", args=[code]))
    return _on(request, reverse("surveys:page", args=[code, target]))


def _context(code: str, paper: Paper, form: QuestionnairePage) -> dict[str, Any]:
    number, pages = progress(paper.definition, form.page, paper.answers)
    return {
        "code": code,
        "form": form,
        "items": form.items(),
        "title": paper.definition.title[form.language],
        "introduction": paper.definition.introduction[form.language] if number == 1 else "",
        "number": number,
        "pages": pages,
        "is_first": number == 1,
        "is_last": number == pages,
        # Whoever has given the first minute has done what was asked.
        "may_stop": number < pages and form.page >= pace(paper.definition).first,
        "sent": paper.sent,
        "version": paper.version_id,
    }


def _pages_open(paper: Paper) -> tuple[int, ...]:
    """The pages that may be shown: those met up to the one after the last that was sent."""
    pages = walk.pages_met(paper.definition, paper.answers)
    latest = walk.next_page(paper.definition, paper.reached, paper.answers)
    return tuple(number for number in pages if latest is None or number <= latest)


def _resume(code: str, paper: Paper) -> str:
    if not paper.is_open:
        return reverse("surveys:done", args=[code])
    return reverse("surveys:page", args=[code, max(_pages_open(paper), default=1)])


def _on(request: HttpRequest, url: str) -> HttpResponse:
    """Lead on; a page's script that has sent the form itself is told where to."""
    return JsonResponse({"next": url}) if request.headers.get("X-Requested-With") == "fetch" else redirect(url)


def _asked(request: HttpRequest, code: str, now: datetime) -> tuple[Room, Guest]:
    room, guest = access.guest(
        code,
        token=request.COOKIES.get(SEAT_COOKIE),
        browser=request.COOKIES.get(access.ASKED_COOKIE, ""),
        user=cast(Any, request.user),
        cookie=request.COOKIES.get(VISITOR_COOKIE, ""),
        address=cast(Any, request).client_address,
        now=now,
    )
    return room, access.with_key(guest)


def _paper(request: HttpRequest, today: date) -> Paper | None:
    study_id = access.study_id_of(request.COOKIES.get(access.ANSWERS_COOKIE))
    return None if study_id is None else queries.paper(study_id, today=today)


def _questionnaire() -> int:
    version = queries.published_version(PATIENTS)
    if version is None:
        raise NotFound
    return version.questionnaire_id


def _language() -> str:
    language = get_language() or LANGUAGES[0]
    return language if language in LANGUAGES else LANGUAGES[0]
