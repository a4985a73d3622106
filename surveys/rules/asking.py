"""Whom the patients' questionnaire is offered to, for how long, and in which words the call is kept beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from surveys.enums import MinutesBand, QualityBand, QuestionKind
from surveys.rules import walk
from surveys.rules.activation import Answers, verdict
from surveys.rules.questionnaire import QuestionnaireDef

# Whoever was in a call, or never got in, finds the questionnaire at the same short link for a week.
ASK_WITHIN = timedelta(days=7)
# Stands first in the key of an invitation that no longer leads to a call: no key of a seat or a browser begins so.
FORGOTTEN = "-"
# As many other responses of the day change place with one that becomes final (docs/data.md).
MIXED_WITH = 63
# Seconds that somebody takes who reads slowly: to answer, or to leave what is to be written with a word or none
# (docs/decisions/0025). A line of a grid is one answer.
SECONDS: Mapping[QuestionKind, int] = {QuestionKind.SEVERAL: 15, QuestionKind.YEAR: 10, QuestionKind.NUMBER: 10}
USUAL_SECONDS = 8

Stay = tuple[datetime, datetime]


@dataclass(frozen=True)
class Guest:
    """Who is asked, and about which call: by the seat, or by a key in the browser of who never got in."""

    room_uuid: UUID
    organisation_id: int
    seat_key: str = ""
    browser: str = ""


@dataclass(frozen=True)
class Pace:
    """How long a questionnaire takes: all of it in whole minutes, rounded up, and its first pages within a minute.

    ``first`` is the last page that can be done with in the first minute; 0 where page 1 takes longer.
    """

    minutes: int
    first: int


def pace(definition: QuestionnaireDef) -> Pace:
    """How long the questionnaire takes whoever meets every question of it."""
    behind, first = 0, 0
    for number in range(1, len(definition.pages) + 1):
        here = [variable.kind for variable in definition.variables if variable.page == number]
        behind += sum(SECONDS.get(kind, USUAL_SECONDS) for kind in here)
        if behind <= 60:
            first = number
    return Pace(max(1, -(-behind // 60)), first)


def may_be_asked(*, closed_at: datetime | None, now: datetime) -> bool:
    """Whether a guest may still be asked: while the room is open, and for a week after."""
    return closed_at is None or now - closed_at <= ASK_WITHIN


def week_of(day: date) -> date:
    """The Monday of the week that a day belongs to."""
    return day - timedelta(days=day.weekday())


def newly_shown(definition: QuestionnaireDef, page: int, seen: Set[str], answers: Answers) -> bool:
    """Whether the answers have brought up something on the page that was not among what was seen of it."""
    here = {variable.name for variable in definition.variables if variable.page == page}
    return not (here & walk.shown(definition, answers)) <= seen


def possible(definition: QuestionnaireDef, page: int, answers: Answers) -> dict[int, set[str]]:
    """The questions that are met from a page on, or may be by what is answered there: names, by page.

    ``answers`` to the pages before are settled; what is answered from this page on is still open.
    """
    before = {variable.name for variable in definition.variables if variable.page < page}
    settled = walk.kept(definition, {name: answer for name, answer in answers.items() if name in before})
    names: dict[str, list[str]] = {}
    for variable in definition.variables:
        names.setdefault(variable.question.name, []).append(variable.name)
    open_here: set[str] = set()
    found: dict[int, set[str]] = {}
    for number, questions in enumerate(definition.pages, start=1):
        for question in questions if number >= page else ():
            rule = question.activation
            if rule is None or verdict(rule, settled, open_here) is not False:
                found.setdefault(number, set()).add(question.name)
                open_here.update(names.get(question.name, ()))
    return found


def progress(definition: QuestionnaireDef, page: int, answers: Answers) -> tuple[int, int]:
    """Which page this is with these answers, and how many there may be. Pages of sections only are none."""
    behind = walk.progress(definition, page, answers)[0]
    ahead = {variable.page for variable in definition.variables if variable.page >= page}
    open_questions = possible(definition, page, answers)
    asked = {variable.question.name for variable in definition.variables}
    return behind + 1, behind + sum(bool(open_questions.get(number, set()) & asked) for number in ahead)


def minutes_band(stays: Iterable[Iterable[Stay]]) -> MinutesBand:
    """How long at least two devices were there at the same time, in bands. ``stays``: for each device."""
    moments = sorted((moment, change) for device in stays for stay in device for moment, change in _ends(stay))
    seconds, here, since = 0.0, 0, None
    for moment, change in moments:
        if here >= 2 and since is not None:
            seconds += (moment - since).total_seconds()
        here, since = here + change, moment
    minutes = seconds / 60
    bands = ((5, MinutesBand.UNDER_5), (10, MinutesBand.FROM_5), (15, MinutesBand.FROM_10), (20, MinutesBand.FROM_15))
    return next((band for below, band in bands if minutes < below), MinutesBand.FROM_20)


def _ends(stay: Stay) -> tuple[tuple[datetime, int], tuple[datetime, int]]:
    return (stay[0], 1), (stay[1], -1)


def quality_band(*, outcome: str, cause: str) -> QualityBand:
    """How the connection was, as the judgement of the call has it: good where nothing was wrong with it.

    ``outcome`` and ``cause`` are words of booking's; empty where nothing is judged yet.
    """
    if outcome == "carried_out":
        return QualityBand.GOOD if cause in {"", "none"} else QualityBand.FAIR
    if outcome == "sound_only":
        return QualityBand.FAIR
    if outcome in {"moved_to_telephone", "technical_failure"}:
        return QualityBand.POOR
    return QualityBand.UNKNOWN
