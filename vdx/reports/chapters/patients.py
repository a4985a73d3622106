"""Patients' experience: the questionnaire, a question at a time."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vdx.reports import surveys
from vdx.reports.chapters import questions
from vdx.reports.chapters.summary import few_answered
from vdx.reports.data import Data
from vdx.reports.document import Block, Caveat, Chapter, Paragraph, Points, Section
from vdx.reports.words import number

# The questions that get a chart beside their table, where the questionnaire asks them.
MAIN = frozenset(
    {
        "contact", "easy_to_use", "picture", "sound", "good_contact", "felt_safe", "would_recommend", "accept_again",
        "time_talking", "advantages", "drawbacks",
    }
)  # fmt: skip


def chapter(data: Data) -> Chapter:
    """How many answered, and what."""
    answers = data.patients
    shares = {str(row[0]): row for row in data.tables["response_rates"]}
    _name, part, whole, percent = shares["answered_of_invitations"]
    lines = [
        _("Besvarelser, der tæller: {count}.").format(count=number(answers.counted)),
        *questions.rate(
            _("Besvarelser set i forhold til videokonsultationer: {share}."),
            answers.counted,
            data.total("consultations"),
            shares["patients_of_consultations"][3],
        ),
        *questions.rate(_("Besvarelser blandt dem, hubben spurgte: {share}."), int(part), int(whole), percent),
        *questions.kept(answers),
    ]
    blocks: list[Block] = [
        Section(_("Hvem der svarede")),
        Points(lines),
        Paragraph(
            _(
                "Svarene er anonyme og kan ikke føres tilbage til en praksis. De er fra alle, der svarede i perioden. "
                "Patienternes svar gemmes med måneden alene og tælles i den periode, der har månedens første dag."
            )
        ),
    ]
    if answers.counted:
        blocks.append(Paragraph(questions.whose()))
    few = few_answered(answers.counted)
    if few:
        blocks.append(Caveat(few))
    if not answers.counted:
        return Chapter(_("Patienterne"), [*blocks, Paragraph(_("Ingen patienter svarede i perioden."))])
    blocks.append(Section(_("Svarene, spørgsmål for spørgsmål")))
    for asked in answers.questions:
        blocks += questions.question(surveys.PATIENTS, asked, chart=asked.name in MAIN)
    return Chapter(_("Patienterne"), blocks)
