"""What video consultations cost, and what they would cost at another volume, share and fee. Money is whole øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitoring.rules.evaluation import rounded


@dataclass(frozen=True)
class Facts:
    """What a period came to: numbers of calls, and øre.

    ``unpaid``: consultations for which no fee is agreed on. ``ordinary`` and ``telephone``: what one such consultation
    costs, and from which day on that fee stands; None where nobody has entered it.
    """

    consultations: int
    consultations_ore: int
    unpaid: int
    conferences: int
    conferences_ore: int
    not_carried_out: int
    not_carried_out_ore: int
    practices_signed_up: int
    signing_up_ore: int
    expenses_ore: int
    # The fee for most of the consultations that were paid.
    usual_fee: int
    ordinary: int | None
    telephone: int | None
    ordinary_since: date | None = None
    telephone_since: date | None = None

    @property
    def fees_ore(self) -> int:
        """All fees, those for signing up included."""
        return self.consultations_ore + self.conferences_ore + self.not_carried_out_ore + self.signing_up_ore

    @property
    def total_ore(self) -> int:
        """Fees and expenses."""
        return self.fees_ore + self.expenses_ore

    @property
    def each_ore(self) -> int | None:
        """Fees and expenses for each consultation, half up; None without any."""
        return rounded(self.total_ore, self.consultations) if self.consultations else None

    @property
    def one_fee(self) -> bool:
        """Whether each consultation was paid the usual fee, so that as many at that fee come to the same."""
        return self.consultations_ore == self.consultations * self.usual_fee

    @property
    def as_ordinary_ore(self) -> int | None:
        """What as many ordinary consultations cost."""
        return None if self.ordinary is None else self.consultations * self.ordinary

    @property
    def as_telephone_ore(self) -> int | None:
        """What as many consultations by telephone cost."""
        return None if self.telephone is None else self.consultations * self.telephone


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: so many consultations in all, so many per cent of them on video, at such a fee in øre."""

    volume: int
    share: int
    fee: int


@dataclass(frozen=True)
class Sums:
    """What comes of it, in øre. ``others``: the consultations that are not on video, held as ordinary ones.

    Conferences and what is not carried out grow and shrink with the consultations on video, and stay as they were where
    there were none; expenses and signing up stay as they were.
    """

    video: int
    video_ore: int
    others: int
    others_ore: int | None
    alongside_ore: int
    fixed_ore: int
    all_ordinary_ore: int | None
    all_telephone_ore: int | None
    # The highest fee at which the whole costs no more than ordinary consultations alone; None where there is none.
    even_fee: int | None

    @property
    def video_total_ore(self) -> int:
        """Everything that is there because of video."""
        return self.video_ore + self.alongside_ore + self.fixed_ore

    @property
    def total_ore(self) -> int | None:
        """Video and the other consultations together."""
        return None if self.others_ore is None else self.video_total_ore + self.others_ore

    @property
    def more_ore(self) -> int | None:
        """By how much that is more than ordinary consultations alone; less below 0."""
        if self.total_ore is None or self.all_ordinary_ore is None:
            return None
        return self.total_ore - self.all_ordinary_ore

    @property
    def each_ore(self) -> int | None:
        """What each consultation on video costs with all that belongs to it, half up; None without any."""
        return rounded(self.video_total_ore, self.video) if self.video else None


def as_it_was(facts: Facts) -> Wish:
    """Where the sliders stand at first: the period's own consultations, all of them on video, at the usual fee."""
    return Wish(volume=facts.consultations, share=100, fee=facts.usual_fee)


def work_out(facts: Facts, wish: Wish) -> Sums:
    """What the wish costs. The number on video is rounded half up."""
    video = rounded(wish.volume * wish.share, 100)
    others = wish.volume - video
    beside = facts.conferences_ore + facts.not_carried_out_ore
    alongside = rounded(beside * video, facts.consultations) if facts.consultations else beside
    fixed = facts.signing_up_ore + facts.expenses_ore
    ordinary = facts.ordinary
    even = None
    if ordinary is not None and video:
        left = video * ordinary - alongside - fixed
        even = left // video if left >= 0 else None
    return Sums(
        video=video,
        video_ore=video * wish.fee,
        others=others,
        others_ore=None if ordinary is None else others * ordinary,
        alongside_ore=alongside,
        fixed_ore=fixed,
        all_ordinary_ore=None if ordinary is None else wish.volume * ordinary,
        all_telephone_ore=None if facts.telephone is None else wish.volume * facts.telephone,
        even_fee=even,
    )
