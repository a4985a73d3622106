"""What stands first: the report in a few lines."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.queries.evaluation import Answers, Asked
from surveys.wording import in_language, question_text
from vdx.reports.data import Data
from vdx.reports.document import Block, Caveat, Paragraph, Points
from vdx.reports.words import FEW, average_minutes, cautious, number, part_of, share

# What the two surveys are known by: whether the call was carried out, and whether patients would have another.
DOCTORS, PATIENTS = "carried_out", "accept_again"


def lead(data: Data) -> list[Block]:
    """A sentence for each of the main numbers that there are."""
    said: list[Block] = [
        Paragraph(
            _(
                "Praksis, opkald og honorarer er talt op af hubben for de praksis, der deltager i pilotprojektet. "
                "Svar fra patienter og læger, oppetid og andre udgifter er hele hubbens. Hver tabel og figur ligger "
                "også som CSV-fil ved siden af rapporten."
            )
        )
    ]
    lines = [*_calls(data), *_uptime(data)]
    for answers, name, asked_whom in (
        (data.postcards, DOCTORS, _("Lægerne: {question} {answer}: {share}.")),
        (data.patients, PATIENTS, _("Patienterne: {question} {answer}: {share}.")),
    ):
        line = first_answer(answers, name, asked_whom)
        if line:
            lines.append(line)
    if not data.total("calls") and not data.patients.counted and not data.postcards.counted:
        said.append(Caveat(_("Der er ingen opkald og ingen svar i perioden. Tabellerne er derfor tomme.")))
    return [*said, Points(lines)]


def _calls(data: Data) -> list[str]:
    totals = data.totals
    lines = [
        _("Tilmeldte praksis ved periodens slutning: {signed_up}. Heraf holdt {active} mindst ét opkald.").format(
            signed_up=number(totals["practices_signed_up"]), active=number(totals["practices_active"])
        )
    ]
    if not totals["calls"]:
        return [*lines, _("Der blev ikke holdt nogen opkald i perioden.")]
    for kind, sentence in (
        ("consultation", _("Videokonsultationer: {calls}, i gennemsnit {average}.")),
        ("conference", _("Videokonferencer: {calls}, i gennemsnit {average}.")),
    ):
        calls = data.total(f"{kind}s")
        if calls:
            average = average_minutes(data.total(f"{kind}_seconds"), calls)
            said = sentence.format(calls=number(calls), average=average)
            lines.append(" ".join([said, *few_calls(kind, calls)]))
    return lines


def _uptime(data: Data) -> list[str]:
    totals = data.totals
    if not totals["probes"]:
        return []
    said = _("Oppetid: {share} af målingerne lykkedes.").format(share=share(totals["uptime_percent"]))
    return [cautious(said, data.total("probes"))]


def few_calls(kind: str, calls: int) -> list[str]:
    """The caveat of an average of so few consultations or conferences; nothing where there are enough, or none."""
    if not 0 < calls < FEW:
        return []
    caveat = {
        "consultation": _("Der er under {few} videokonsultationer ({count}). Tag gennemsnittet med forbehold."),
        "conference": _("Der er under {few} videokonferencer ({count}). Tag gennemsnittet med forbehold."),
    }[kind]
    return [caveat.format(few=FEW, count=number(calls))]


def found(answers: Answers, name: str) -> Asked | None:
    """A question with answers that may be shown."""
    return next(
        (each for each in answers.questions if each.name == name and each.tally.answered and not each.withheld), None
    )


def first_answer(answers: Answers, name: str, sentence: str) -> str:
    """How many gave the first answer to a question, in a sentence; nothing where nobody answered."""
    asked = found(answers, name)
    if asked is None or not asked.variable.choices:
        return ""
    choice, tally = asked.variable.choices[0], asked.tally
    count = tally.codes.get(choice.code, 0)
    said = sentence.format(
        question=question_text(asked.variable),
        answer=in_language(choice.text),
        share=part_of(count, tally.answered, tally.per_cent(choice.code)),
    )
    return said if tally.answered >= FEW else f"{said} {few_answered(tally.answered)}"


def few_answered(answered: int) -> str:
    """The caveat of so few answers; nothing where there are enough, or none."""
    if not 0 < answered < FEW:
        return ""
    return _("Der er under {few} svar ({answered}). Tag andelene med forbehold.").format(
        few=FEW, answered=number(answered)
    )
