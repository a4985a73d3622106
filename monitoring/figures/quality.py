"""How well it worked: the line, the waiting, and what people came with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _

from monitoring.figures.looked import Looked, count_and_share, joined, month_name, number
from monitoring.queries.months import QualitySum
from monitoring.rules.edges import OVER, PICTURES, WAITS, half_within
from monitoring.rules.mos import VERSION, mos
from rooms.enums import DeviceKind
from vdx.lib.browsers import OTHER
from vdx.lib.charts import Bar, Bars, Group, Lines, Series, bars
from vdx.lib.figures import Figure, Line, Row, Table, short_month


class Means:
    """Sums of some devices' quality, as means."""

    def __init__(self, rows: Iterable[QualitySum]) -> None:
        found = list(rows)

        def total(name: str) -> float:
            return float(sum(getattr(row, name) for row in found))

        def mean(name: str, count: str) -> float | None:
            return total(name) / total(count) if total(count) else None

        packets = total("packets_received") + total("packets_lost")
        self.devices = int(total("devices"))
        self.loss = total("packets_lost") / packets if packets else None
        self.rtt_ms = mean("rtt_ms_sum", "rtt_samples")
        self.jitter_ms = mean("jitter_ms_sum", "jitter_samples")
        hours = total("picture_seconds") / 3600
        self.freezes_an_hour = total("freezes") / hours if hours else None
        self.score = score(self.loss, self.rtt_ms, self.jitter_ms)


def score(loss: float | None, rtt_ms: float | None, jitter_ms: float | None) -> float | None:
    """The calculated MOS, where everything is known that it is made of."""
    if loss is None or rtt_ms is None or jitter_ms is None:
        return None
    return mos(loss=loss, rtt_ms=rtt_ms, jitter_ms=jitter_ms)


def by_month(looked: Looked) -> Figure:
    """Loss, delay, jitter, freezes and the calculated MOS, month by month."""
    months = looked.scope.months
    found = [(month, Means(row for row in looked.quality if row.month == month)) for month in months]
    whole = Means(looked.quality)
    title = _("Lyd og billede undervejs")
    lead = (
        _("Beregnet lydkvalitet (MOS): %(score)s på en skala fra 1 til 4,4. Jo højere, jo bedre.")
        % {"score": number(whole.score, 1)}
        if whole.score is not None
        else ""
    )
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Måned"),
            columns=[
                *(_("Enheder"), _("Beregnet MOS"), _("Pakker tabt"), _("Svartid frem og tilbage")),
                *(_("Udsving (jitter)"), _("Frosne billeder pr. time")),
            ],
            rows=[Row(month_name(month), _cells(line)) for month, line in found],
            last=[Row(_("Hele perioden"), _cells(whole))],
        ),
        chart=Lines(
            labels=[short_month(month) for month in months],
            series=[Series(_("Beregnet MOS"), [line.score for _month, line in found])],
            title=title,
            note=joined(lead, looked.note),
            most=5,
        ),
        lines=[
            ("month", "devices", "mos", "mos_formula", "loss", "rtt_ms", "jitter_ms", "freezes_an_hour"),
            *(
                (
                    f"{month:%Y-%m}",
                    line.devices,
                    _plain(line.score, 2),
                    VERSION,
                    _plain(line.loss, 5),
                    _plain(line.rtt_ms, 1),
                    _plain(line.jitter_ms, 1),
                    _plain(line.freezes_an_hour, 2),
                )
                for month, line in found
            ),
        ],
        note=_(
            "MOS er regnet ud af gennemsnittet af tab, svartid og udsving med %(version)s. Den siger noget om lyden "
            "alene og er et skøn. Der måles på computere, telefoner og tablets, ikke på videoudstyr og almindelige "
            "telefoner."
        )
        % {"version": VERSION},
        empty=not whole.devices,
    )


def waiting(looked: Looked) -> Figure:
    """How long guests were in the waiting room."""
    return _steps(
        looked,
        about="wait",
        edges=WAITS,
        title=_("Ventetid"),
        corner=_("Ventede i venteværelset"),
        step=_minutes_step,
        sentence=lambda edge: _("Halvdelen ventede under %(time)s.") % {"time": _time(edge)},
        note=_(
            "Fra en deltager kom til venteværelset, til lægen lukkede ind. Er man kommet før tiden, tæller det med."
        ),
    )


def pictures(looked: Looked) -> Figure:
    """How soon the first picture was there."""
    return _steps(
        looked,
        about="picture",
        edges=PICTURES,
        title=_("Fra link til billede"),
        corner=_("Det første billede kom"),
        step=_seconds_step,
        sentence=lambda edge: _("Halvdelen så det første billede på under %(time)s.") % {"time": _time(edge)},
        note=_(
            "Den tid, teknikken tog: fra trykket på linket til siden stod der, og fra man blev lukket ind til det "
            "første billede af den anden. Den tid, hvor man venter på hinanden, er ikke med."
        ),
    )


def devices(looked: Looked) -> Figure:
    """What people came with."""
    counts = looked.counts("device")
    whole = counts.total()
    found = [(kind, counts[kind.value]) for kind in DeviceKind if counts[kind.value]]
    title = _("Enheder")
    lead = _("%(number)s enheder var med i samtalerne.") % {"number": number(whole)}
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Enhed"),
            columns=[_("Antal og andel")],
            rows=[Row(str(kind.label), [count_and_share(count, whole)]) for kind, count in found],
            last=[Row(_("I alt"), [number(whole)])],
        ),
        chart=bars(
            [Bar(str(kind.label), count, count_and_share(count, whole)) for kind, count in found],
            title=title,
            note=joined(lead, looked.note),
            most=whole or 1,
        ),
        lines=[("device", "n"), *((kind.value, count) for kind, count in found)],
        empty=not whole,
    )


def browsers(looked: Looked) -> Figure:
    """Families of browsers and systems, the commonest first."""
    title = _("Browsere og systemer")
    parts = [
        (heading, about, looked.counts(about).most_common())
        for heading, about in ((_("Browser"), "browser"), (_("System"), "system"))
    ]
    whole = {about: sum(count for _word, count in counts) for _heading, about, counts in parts}
    lead = _("Kendt for %(number)s enheder.") % {"number": number(whole["browser"])}
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=_("Browser eller system"),
            columns=[_("Antal og andel")],
            rows=[
                Row(f"{heading}: {_family(word)}", [count_and_share(count, whole[about])])
                for heading, about, counts in parts
                for word, count in counts
            ],
        ),
        chart=Bars(
            [
                Group(
                    [
                        Bar(_family(word), 100 * count / whole[about], count_and_share(count, whole[about]))
                        for word, count in counts
                    ],
                    heading=heading,
                )
                for heading, about, counts in parts
                if counts
            ],
            title=title,
            note=joined(lead, looked.note),
        ),
        lines=[
            ("what", "family", "n"),
            *((about, word, count) for _heading, about, counts in parts for word, count in counts),
        ],
        note=_("Kun slægten huskes, for eksempel Chrome på Android: ingen udgave og intet, der peger på nogen."),
        empty=not whole["browser"],
    )


def _steps(
    looked: Looked,
    *,
    about: str,
    edges: Sequence[int],
    title: str,
    corner: str,
    step: Callable[[int | None, int | None], str],
    sentence: Callable[[int], str],
    note: str,
) -> Figure:
    counts = looked.counts(about)
    whole = counts.total()
    half = half_within(counts, edges)
    lead = "" if half is None else sentence(half)
    bounds = [*zip([None, *edges], [*edges, None], strict=True)]
    found = [
        (step(above, below), counts[OVER if below is None else str(below)], above, below) for above, below in bounds
    ]
    lines: list[Line] = [("from_seconds", "below_seconds", "n")]
    lines += [(above or 0, "" if below is None else below, count) for _text, count, above, below in found]
    return Figure(
        title=title,
        lead=lead,
        table=Table(
            corner=corner,
            columns=[_("Antal og andel")],
            rows=[Row(text, [count_and_share(count, whole)]) for text, count, _above, _below in found],
            last=[Row(_("I alt"), [number(whole)])],
        ),
        chart=bars(
            [Bar(text, count, count_and_share(count, whole)) for text, count, _above, _below in found],
            title=title,
            note=joined(lead, looked.note),
            most=whole or 1,
        ),
        lines=lines,
        note=note,
        empty=not whole,
    )


def _minutes_step(above: int | None, below: int | None) -> str:
    if below is None:
        return _("%(number)d minutter eller mere") % {"number": (above or 0) // 60}
    if above is None:
        return _("Under %(time)s") % {"time": _time(below)}
    return _("%(from)d til %(to)d minutter") % {"from": above // 60, "to": below // 60}


def _seconds_step(above: int | None, below: int | None) -> str:
    if below is None:
        return _("Efter %(number)d sekunder eller mere") % {"number": above or 0}
    if above is None:
        return _("Inden %(number)d sekunder") % {"number": below}
    return _("Efter %(from)d til %(to)d sekunder") % {"from": above, "to": below}


def _time(seconds: int) -> str:
    if seconds < 60:
        return _("%(number)d sekunder") % {"number": seconds}
    return _("ét minut") if seconds == 60 else _("%(number)d minutter") % {"number": seconds // 60}


def _family(word: str) -> str:
    return _("Andet") if word == OTHER else word


def _cells(line: Means) -> list[str]:
    return [
        number(line.devices),
        "" if line.score is None else number(line.score, 1),
        "" if line.loss is None else _("%(number)s %%") % {"number": number(100 * line.loss, 1)},
        "" if line.rtt_ms is None else _("%(number)s ms") % {"number": number(line.rtt_ms)},
        "" if line.jitter_ms is None else _("%(number)s ms") % {"number": number(line.jitter_ms)},
        "" if line.freezes_an_hour is None else number(line.freezes_an_hour, 1),
    ]


def _plain(value: float | None, decimals: int) -> str | float:
    return "" if value is None else round(value, decimals)
