"""That no line of an export singles out a practice or a person.

What somebody else may know about a respondent is the context of the call, the sex and the year of birth. Lines that are
alike in all of these form a class, and every class holds at least ``k`` lines (k-anonymity, Sweeney 2002), and no
context that one or two practices alone can stand behind. Nobody knows which practice a line came from; known is how
many answered from each practice, by region, kind and month. So a context stands when it has more lines than the two
practices with the most answers there gave together: then a third is behind it, whatever else it tells (how the call
ended, on which device). Where a class is too small, values become bands for all lines (years of birth, months,
minutes), then whole columns are left out, and at last, where one line in twenty or fewer is left over, only those lines
give up their values. Other answers than those of ``persons`` are never touched.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# What stands where a value is not told.
HELD = "held_back"
# The smallest class, unless the caller says otherwise.
K = 5
# With two practices, each could take its own lines away and read the other's.
FEWEST_PRACTICES = 3
# Lines that may be left over for giving up their values one by one: one in so many.
LEFT_OVER = 20
# A class as one number: its context, this many bits up, and its person.
SHIFT = 32
_PERSON = (1 << SHIFT) - 1

Told = tuple[str, ...]
# A context and a person.
Pair = tuple[Told, Told]
# How many lines have each.
Pairs = dict[Pair, int]


@dataclass(frozen=True)
class Attribute:
    """Something that others may know. ``bands``: from the finest to the coarsest. ``place``: it tells where."""

    name: str
    bands: tuple[Callable[[str], str], ...] = ()
    place: bool = False

    def at(self, value: str, level: int) -> str:
        """The value as told at a level: 0 exact, then the bands, then not at all."""
        if level == 0:
            return value
        return self.bands[level - 1](value) if level <= len(self.bands) else HELD

    @property
    def top(self) -> int:
        """The level at which nothing is told."""
        return len(self.bands) + 1


@dataclass
class Classes:
    """How many lines have which context and which person, each by its number in the order of first appearance."""

    contexts: list[Told] = field(default_factory=list)
    persons: list[Told] = field(default_factory=list)
    counts: Counter[int] = field(default_factory=Counter)

    def items(self) -> Iterator[tuple[int, int, int]]:
        """Context, person and lines of each class."""
        for key, lines in self.counts.items():
            yield key >> SHIFT, key & _PERSON, lines

    def add(self, context: int, person: int, lines: int = 1) -> None:
        """Count lines."""
        self.counts[context << SHIFT | person] += lines


@dataclass(frozen=True)
class Known:
    """A practice whose patients answered: what is known of the context (name to value), which one, and how many."""

    facts: tuple[tuple[str, str], ...]
    practice: int
    answers: int = 1


def enough_practices(lines: int, answers: Iterable[int]) -> bool:
    """Whether at least three practices stand behind so many lines, of practices with so many answers each."""
    most = sorted(answers, reverse=True)
    return len(most) >= FEWEST_PRACTICES and lines > sum(most[: FEWEST_PRACTICES - 1])


@dataclass(frozen=True)
class Plan:
    """What is told of each class, and what was done to get there."""

    contexts: list[Told]
    persons: list[Told]
    # Classes whose lines alone give up more, by context and person.
    special: dict[Pair, Pair]
    # Attribute to level; only those above 0.
    levels: dict[str, int]
    # Attribute to the number of lines that alone gave up their value.
    held_lines: dict[str, int]
    lines: int
    k: int

    def told(self, context: int, person: int) -> Pair:
        """The context and the person as told of a line."""
        pair = (self.contexts[context], self.persons[person])
        return self.special.get(pair, pair)


def plan(
    classes: Classes,
    *,
    contexts: Sequence[Attribute],
    persons: Sequence[Attribute],
    known: Iterable[Known] = (),
    k: int = K,
) -> Plan:
    """Find how much may be told. The same lines give the same plan."""
    search = _Search(classes, tuple(contexts), tuple(persons), tuple(known), k)
    levels = search.levels()
    return search.finish(levels)


def decade(year: str) -> str:
    """The first year of the ten that a year of birth lies in; a code of a missing answer stays."""
    return year if year.startswith("-") else f"{int(year) // 10 * 10}"


def twenty_years(year: str) -> str:
    """The first year of the twenty that a year of birth lies in."""
    return year if year.startswith("-") else f"{int(year) // 20 * 20}"


def month(day: str) -> str:
    """``2026-03-14`` as ``2026-03``."""
    return day[:7]


def quarter(month: str) -> str:
    """``2026-03`` as ``2026-Q1``."""
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}" if len(month) >= len("2026-03") else month


def year(month: str) -> str:
    """``2026-03`` as ``2026``."""
    return month[:4]


def ten_minutes(band: str) -> str:
    """The bands of minutes as two."""
    return {"under_5": "under_10", "5_9": "under_10"}.get(band, "10_plus") if band else band


class _Search:
    def __init__(
        self,
        classes: Classes,
        contexts: tuple[Attribute, ...],
        persons: tuple[Attribute, ...],
        known: tuple[Known, ...],
        k: int,
    ) -> None:
        self.classes, self.contexts, self.persons, self.known, self.k = classes, contexts, persons, known, k
        self.lines = sum(classes.counts.values())
        names = [attribute.name for attribute in contexts]
        # Where in a context stands what is known of practices too.
        told = {name for fact in known for name, _value in fact.facts}
        told |= {attribute.name for attribute in contexts if attribute.place}
        self.telling = sorted(names.index(name) for name in told if name in names)
        self._behind: dict[tuple[int, ...], dict[Told, Counter[int]]] = {}
        # The search comes by the same levels again and again.
        self._found: dict[tuple[int, ...], int] = {}

    def levels(self) -> list[int]:
        """Bands for all first, then columns left out; last, back again whatever turned out not to be needed."""
        # Persons' values are the most various, so they give way first.
        order = [*range(len(self.contexts), len(self.contexts) + len(self.persons)), *range(len(self.contexts))]
        attributes = [*self.contexts, *self.persons]
        levels = [0] * len(attributes)
        for depth in range(1, max((a.top for a in attributes), default=0)):
            for place in order:
                if self._good(levels):
                    return self._back(levels)
                if depth < attributes[place].top:
                    levels[place] = depth
        while not self._good(levels):
            rest = [place for place in order if levels[place] < attributes[place].top]
            if not rest:
                break
            best = min(rest, key=lambda place: self._rare(_with(levels, place, attributes[place].top)))
            levels[best] = attributes[best].top
        return self._back(levels)

    def finish(self, levels: list[int]) -> Plan:
        """Give up the values of the lines left over, no more of them than needed."""
        contexts, persons = self._generalised(levels)
        groups = self._groups(contexts, persons)
        few = self._few(levels, _by_context(groups))
        rest = {pair: n for pair, n in groups.items() if n < self.k or pair[0] in few}
        special: dict[Pair, Pair] = {}
        nothing = (HELD,) * len(self.contexts), (HELD,) * len(self.persons)
        # The year of birth first (the last of the persons' values), then the whole person, then the call as well.
        for keep in range(len(self.persons) - 1, -1, -1):
            merged: Counter[Pair] = Counter()
            into = {}
            for pair, lines in rest.items():
                into[pair] = (pair[0], (*pair[1][:keep], *(HELD,) * (len(pair[1]) - keep)))
                merged[into[pair]] += lines
            for pair in list(rest):
                if pair[0] not in few and merged[into[pair]] >= self.k:
                    special[pair] = into[pair]
                    del rest[pair]
        while self._take_along(levels, groups, special, rest):
            pass
        special |= dict.fromkeys(rest, nothing)
        held = Counter[str]()
        attributes = (*self.contexts, *self.persons)
        for pair, told in special.items():
            for attribute, before, after in zip(attributes, (*pair[0], *pair[1]), (*told[0], *told[1]), strict=True):
                if after == HELD != before:
                    held[attribute.name] += groups[pair]
        changed = {a.name: level for a, level in zip(attributes, levels, strict=True) if level}
        return Plan(contexts, persons, special, changed, dict(held), self.lines, self.k)

    def _take_along(self, levels: list[int], groups: Pairs, special: dict[Pair, Pair], rest: Pairs) -> bool:
        """Let those give up their values that must, because of those that do (``rest``). Whether there were any."""
        before = len(rest)
        left = sum(rest.values())
        # Too few to hide among themselves: the smallest of the others go with them.
        others = sorted((pair for pair in groups if pair not in rest), key=lambda pair: (groups[pair], pair))
        for pair in others:
            if not 0 < left < self.k:
                break
            rest[pair] = groups[pair]
            left += groups[pair]
            if pair in special:
                left += self._follow(pair, special, groups, rest)
        # What is still told of a context must have practices enough by itself.
        few = self._few(levels, _by_context({pair: n for pair, n in groups.items() if pair not in rest}))
        for pair, lines in groups.items():
            if pair not in rest and pair[0] in few:
                rest[pair] = lines
                special.pop(pair, None)
        return len(rest) > before

    @staticmethod
    def _follow(pair: Pair, special: dict[Pair, Pair], groups: Pairs, rest: Pairs) -> int:
        """Take along all that was told alike, so that no small class stays behind. Says how many lines."""
        told = special[pair]
        more = [other for other, like in special.items() if like == told]
        lines = 0
        for other in more:
            del special[other]
            if other not in rest:
                rest[other] = groups[other]
                lines += groups[other]
        return lines

    def _back(self, levels: list[int]) -> list[int]:
        for place in range(len(levels)):
            while levels[place] and self._good(_with(levels, place, levels[place] - 1)):
                levels[place] -= 1
        return levels

    def _good(self, levels: list[int]) -> bool:
        return self._rare(levels) * LEFT_OVER <= self.lines

    def _rare(self, levels: list[int]) -> int:
        """How many lines are left over at these levels."""
        known = self._found.get(tuple(levels))
        if known is None:
            known = self._found[tuple(levels)] = self._count_rare(levels)
        return known

    def _count_rare(self, levels: list[int]) -> int:
        contexts, persons = self._generalised(levels)
        context_ids, person_ids = _numbers(contexts), _numbers(persons)
        # Of values as they are, the classes are counted already: many of them are much memory.
        changed = any(levels)
        merged: dict[int, int] = defaultdict(int) if changed else self.classes.counts
        lines_of = [0] * len(contexts)
        for key, lines in self.classes.counts.items():
            context = context_ids[key >> SHIFT]
            lines_of[context] += lines
            if changed:
                merged[context << SHIFT | person_ids[key & _PERSON]] += lines
        few = self._few(levels, Counter({contexts[n]: lines_of[context_ids[n]] for n in range(len(contexts))}))
        few_ids = {number for context, number in zip(contexts, context_ids, strict=True) if context in few}
        return sum(n for key, n in merged.items() if n < self.k or key >> SHIFT in few_ids)

    def _generalised(self, levels: list[int]) -> tuple[list[Told], list[Told]]:
        split = len(self.contexts)
        return (
            _generalise(self.classes.contexts, self.contexts, levels[:split]),
            _generalise(self.classes.persons, self.persons, levels[split:]),
        )

    def _groups(self, contexts: list[Told], persons: list[Told]) -> Pairs:
        groups: dict[Pair, int] = defaultdict(int)
        for context, person, lines in self.classes.items():
            groups[contexts[context], persons[person]] += lines
        return groups

    def _few(self, levels: list[int], groups: Counter[Told]) -> set[Told]:
        """The contexts behind which too few practices stand; ``groups``: how many lines are told with each.

        Of imported answers nobody knows the practices, nor where they were: there is nothing to be found out.
        """
        if all(level == attribute.top for level, attribute in zip(levels, self.contexts, strict=False)):
            return set()
        telling = [place for place in self.telling if levels[place] < self.contexts[place].top]
        practices = self._practices(telling, levels)
        places = [place for place in telling if self.contexts[place].place]
        few = set()
        for context, lines in groups.items():
            behind = practices.get(tuple(context[place] for place in telling), Counter())
            known = bool(behind) or any(context[place] for place in places)
            if known and not enough_practices(lines, behind.values()):
                few.add(context)
        return few

    def _practices(self, telling: list[int], levels: list[int]) -> dict[Told, Counter[int]]:
        """How many answered from each practice, by what is told of place and time at these levels."""
        at = tuple(level for place, level in enumerate(levels[: len(self.contexts)]) if place in self.telling)
        found = self._behind.get(at)
        if found is None:
            found = self._behind[at] = defaultdict(Counter)
            for fact in self.known:
                values = dict(fact.facts)
                key = tuple(self.contexts[p].at(values.get(self.contexts[p].name, ""), levels[p]) for p in telling)
                found[key][fact.practice] += fact.answers
        return found


def _generalise(rows: list[Told], attributes: Sequence[Attribute], levels: list[int]) -> list[Told]:
    if not any(levels):
        return rows
    return [
        tuple(attribute.at(value, level) for attribute, value, level in zip(attributes, row, levels, strict=True))
        for row in rows
    ]


def _by_context(pairs: Mapping[Pair, int]) -> Counter[Told]:
    found: Counter[Told] = Counter()
    for (context, _person), lines in pairs.items():
        found[context] += lines
    return found


def _numbers(rows: list[Told]) -> list[int]:
    seen: dict[Told, int] = {}
    return [seen.setdefault(row, len(seen)) for row in rows]


def _with(levels: list[int], place: int, level: int) -> list[int]:
    changed = list(levels)
    changed[place] = level
    return changed
