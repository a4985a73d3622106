"""The report's chapters: sentences made from the numbers, and the tables they speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from monitoring.rules.evaluation import Evaluation, percent, rounded
from monitoring.rules.fees import Paid
from vdx.reports.tables import Rows

# Below so many a share says little.
FEW = 30


@dataclass(frozen=True)
class Table:
    """A table as it is shown; ``name`` is its file's."""

    name: str
    title: str
    header: list[str | int]
    rows: Rows


@dataclass(frozen=True)
class Chapter:
    """A heading, what is to be said, and its tables."""

    heading: str
    sentences: list[str]
    tables: list[Table] = field(default_factory=list)


def chapters(numbers: Evaluation, tables: Mapping[str, Rows], paid: list[Paid]) -> list[Chapter]:
    """The chapters for which there are numbers, in the order of MAST."""

    def shown(*named: tuple[str, str]) -> list[Table]:
        return [Table(name, title, tables[name][0], tables[name][1:]) for name, title in named]

    return [
        Chapter(
            _("Teknologi og anvendelse"),
            _use(numbers),
            shown(
                ("table3_consultations", _("Videokonsultationer")),
                ("table4_conferences", _("Videokonferencer")),
                ("table5_app_calls", _("Opkald gennem Min Læge")),
                ("minutes", _("Minutter")),
                ("figure4_long_calls", _("Opkald på over 5 minutter")),
                ("figure5_peak_simultaneous", _("Flest opkald på samme tid")),
            ),
        ),
        Chapter(
            _("Organisation og læger"),
            _practices(numbers),
            shown(
                ("table1_signed_up", _("Tilmeldte praksis")),
                ("table2_active_practices", _("Aktive praksis")),
                ("table6_by_region", _("Regionerne")),
                ("figure7_instant_meetings", _("Straks-møder")),
            ),
        ),
        Chapter(
            _("Økonomi"),
            _money(paid, tables["table7_costs"]),
            shown(
                ("fees", _("Honorarer")),
                ("table7_costs", _("Udgifter")),
                ("table8_rates", _("Takster")),
            ),
        ),
    ]


def _use(numbers: Evaluation) -> list[str]:
    consultations = numbers.total(lambda cell: cell.consultations)
    conferences = numbers.total(lambda cell: cell.conferences)
    if not consultations + conferences:
        return [_("Der blev ikke holdt nogen opkald i perioden.")]
    said = []
    for calls, seconds, sentence in (
        (
            consultations,
            numbers.total(lambda cell: cell.consultation_seconds),
            _("Videokonsultationer: {calls}, i alt {minutes} minutter, i gennemsnit {average} minutter."),
        ),
        (
            conferences,
            numbers.total(lambda cell: cell.conference_seconds),
            _("Videokonferencer: {calls}, i alt {minutes} minutter, i gennemsnit {average} minutter."),
        ),
    ):
        if calls:
            average = _number(rounded(seconds, calls * 60))
            said.append(sentence.format(calls=_number(calls), minutes=_number(seconds // 60), average=average))
    instant, apps = numbers.total(lambda cell: cell.instant_meetings), numbers.total(lambda cell: cell.app_calls)
    said.append(
        _("Straks-møder: {part} af {whole} opkald ({percent} %).").format(
            part=_number(instant),
            whole=_number(consultations + conferences),
            percent=percent(instant, consultations + conferences),
        )
    )
    if consultations:
        said.append(
            _("Opkald gennem Min Læge: {part}, mod {whole} videokonsultationer ({percent} %).").format(
                part=_number(apps), whole=_number(consultations), percent=percent(apps, consultations)
            )
        )
    if consultations + conferences < FEW:
        said.append(_("Der er under {few} opkald i perioden. Tag andele og gennemsnit med forbehold.").format(few=FEW))
    return said


def _practices(numbers: Evaluation) -> list[str]:
    signed_up, active = numbers.signed_up(None, numbers.months[-1]), len(numbers.active())
    said = [
        _("Tilmeldte praksis ved periodens slutning: {count}.").format(count=_number(signed_up)),
        _("Praksis med mindst ét opkald i perioden: {count}.").format(count=_number(active)),
    ]
    if 0 < signed_up < FEW:
        said.append(_("Der er under {few} praksis. Tag andele og gennemsnit med forbehold.").format(few=FEW))
    return said


def _money(paid: list[Paid], costs: Rows) -> list[str]:
    fees = sum(some.amount for some in paid)
    spent = sum(int(row[-1]) for row in costs[1:])
    return [
        _("Honorarer i perioden: {amount} kr.").format(amount=_crowns(fees)),
        _("Andre udgifter i perioden: {amount} kr.").format(amount=_crowns(spent)),
    ]


def _number(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def _crowns(ore: int) -> str:
    return f"{_number(ore // 100)}{number_format(ore % 100 / 100, decimal_pos=2)[1:]}"
