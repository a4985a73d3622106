"""Questions and their answers, as tables and charts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys import figures
from surveys.queries.evaluation import Answers, Asked, Crossed
from surveys.rules.results import scale
from surveys.wording import in_language, question_text
from vdx.reports import surveys
from vdx.reports.chapters.summary import few_answered
from vdx.reports.document import Block, Caveat, Paragraph, Picture, Table
from vdx.reports.words import FEW, cautious, number, part_of, share


def question(survey: str, asked: Asked, *, chart: bool) -> list[Block]:
    """A question: how many answered, the chart where it is a main one, and the table."""
    title, name, tally = question_text(asked.variable), surveys.file_name(survey, asked), asked.tally
    if asked.withheld:
        return [Paragraph(f"{title} {too_few()}")]
    if not tally.answered:
        return [Paragraph(_("{question} Ingen svarede.").format(question=title))]
    options = scale(asked.variable, tally.codes)
    banded = tally.on(options)
    rows = [
        [in_language(each.text), number(banded.codes.get(each.code, 0)), share(banded.per_cent(each.code))]
        for each in options.options
    ]
    table = Table(name, title, [_("Svar"), _("Antal"), _("Procent af dem, der svarede")], rows)
    blocks: list[Block] = []
    if chart:
        blocks.append(Picture(name, title, figures.one(asked.variable, tally).chart))
    blocks.append(table)
    blocks += said_below(asked)
    return blocks


def said_below(asked: Asked) -> list[Block]:
    """How many answered of those who were asked, how else it was asked, and the caveat of few answers."""
    tally = asked.tally
    said = [figures.one(asked.variable, tally).lead]
    said += [_("Også spurgt som: {text}").format(text=in_language(text)) for text in asked.wordings]
    blocks: list[Block] = [Paragraph(" ".join(said))]
    few = few_answered(tally.answered)
    if few:
        blocks.append(Caveat(few))
    return blocks


def together(survey: str, crossed: Crossed) -> list[Block]:
    """Two questions: for each answer to the first how the second was answered."""
    one, other, cross = crossed.first, crossed.second, crossed.cross
    title = figures.pair_title(question_text(one), question_text(other))
    if not cross.both:
        return []
    rows = [
        [
            in_language(down.text),
            in_language(across.text),
            number(cross.cells.get((down.code, across.code), 0)),
            share(cross.per_cent(down.code, across.code)),
        ]
        for down in one.choices
        for across in other.choices
    ]
    header = [question_text(one), question_text(other), _("Antal"), _("Procent inden for det første svar")]
    name = surveys.cross_name(survey, crossed)
    blocks: list[Block] = [
        Picture(name, title, figures.together(one, other, cross).chart),
        Table(name, title, header, rows, texts=2),
    ]
    few = few_answered(cross.both)
    if few:
        blocks.append(Caveat(few))
    elif any(0 < cross.rows.get(down.code, 0) < FEW for down in one.choices):
        blocks.append(
            Caveat(
                _("Nogle af svarene på det første spørgsmål er under {few}. Tag deres andele med forbehold.").format(
                    few=FEW
                )
            )
        )
    return blocks


def too_few() -> str:
    """Instead of the numbers of a part of the answers that fewer than five gave."""
    return _("For få svar til at vise.")


def rate(sentence: str, part: int, whole: int, percent: str | int) -> list[str]:
    """A response rate with its denominator; nothing where there is no denominator."""
    if not whole:
        return []
    return [cautious(sentence.format(share=part_of(part, whole, percent)), whole)]


def whose() -> str:
    """Whose answers a response rate is made of, and whose calls: the two are not the same."""
    return _(
        "Svarene er fra hele hubben, mens opkaldene kun er fra de praksis, der deltager i pilotprojektet. Svar uden "
        "dato er talt med. Derfor kan andelen blive for høj."
    )


def kept(answers: Answers) -> list[str]:
    """What else there is to know of the answers that are counted."""
    said = []
    if answers.background_only:
        said.append(
            _("Besvarelser med baggrund alene, som ikke er talt med: {count}.").format(
                count=number(answers.background_only)
            )
        )
    if answers.undated:
        said.append(
            _("Svar uden dato fra tidligere undersøgelser, som hører til enhver periode: {count}.").format(
                count=number(answers.undated)
            )
        )
    return said
