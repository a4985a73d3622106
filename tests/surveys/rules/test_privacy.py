"""Nobody is singled out by what an export tells of a call and of a person."""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.rules import privacy
from surveys.rules.privacy import FEWEST_PRACTICES, HELD, Attribute, Classes, Known, Plan, plan

CONTEXTS = (Attribute("region", place=True), Attribute("month", (privacy.quarter, privacy.year)))
PERSONS = (Attribute("sex"), Attribute("birth_year", (privacy.decade, privacy.twenty_years)))

Line = tuple[tuple[str, ...], tuple[str, ...]]


def classes_of(lines: list[Line]) -> Classes:
    contexts: dict[tuple[str, ...], int] = {}
    persons: dict[tuple[str, ...], int] = {}
    classes = Classes()
    for context, person in lines:
        classes.add(contexts.setdefault(context, len(contexts)), persons.setdefault(person, len(persons)))
    classes.contexts, classes.persons = list(contexts), list(persons)
    return classes


def told(lines: list[Line], found: Plan) -> list[Line]:
    contexts: dict[tuple[str, ...], int] = {}
    persons: dict[tuple[str, ...], int] = {}
    return [
        found.told(contexts.setdefault(context, len(contexts)), persons.setdefault(person, len(persons)))
        for context, person in lines
    ]


def practices(region: str, count: int, month: str = "2026-03") -> list[Known]:
    return [Known((("region", region), ("month", month)), hash((region, n))) for n in range(count)]


def made(lines: list[Line], known: list[Known]) -> tuple[list[Line], Plan]:
    found = plan(classes_of(lines), contexts=CONTEXTS, persons=PERSONS, known=known)
    return told(lines, found), found


def test_large_classes_are_told_as_they_are() -> None:
    lines: list[Line] = [(("nord", "2026-03"), ("1", "1950"))] * 5 + [(("midt", "2026-03"), ("2", "1960"))] * 5

    shown, found = made(lines, practices("nord", 3) + practices("midt", 3))

    assert shown == lines
    assert found.levels == {}
    assert found.held_lines == {}


def test_years_of_birth_become_bands_before_anything_is_left_out() -> None:
    lines: list[Line] = [(("nord", "2026-03"), ("1", f"195{n}")) for n in range(10)]

    shown, found = made(lines, practices("nord", 3))

    assert shown == [(("nord", "2026-03"), ("1", "1950"))] * 10
    assert found.levels == {"birth_year": 1}


def test_one_line_that_is_rare_gives_up_its_values_and_takes_others_along_to_hide_among() -> None:
    lines: list[Line] = [(("nord", "2026-03"), ("1", "1950"))] * 99 + [(("midt", "2026-03"), ("1", "1950"))]

    shown, found = made(lines, practices("nord", 3) + practices("midt", 3))

    # Alone it could not hide: the only others are the 99, so the region is told of nobody.
    assert found.held_lines["region"] == 100
    assert {line[0][0] for line in shown} == {HELD}


def test_a_practice_alone_in_its_region_is_not_told_apart_however_many_answer() -> None:
    alone: list[Line] = [(("nord", "2026-03"), ("1", "1950"))] * 20
    lines = alone + [(("midt", "2026-03"), ("1", "1950"))] * 80

    shown, _found = made(lines, practices("nord", 1) + practices("midt", FEWEST_PRACTICES))

    assert not [line for line in shown if line[0][0] == "nord"]


def answered_from(region: str, answers: list[int], month: str = "2026-03") -> list[Known]:
    return [Known((("region", region), ("month", month)), hash((region, n)), count) for n, count in enumerate(answers)]


def test_an_outcome_that_one_practice_could_have_had_alone_is_not_told() -> None:
    # Ten practices, but twenty of the region's answers are one's: the seven failures may all be of that one.
    attributes = (*CONTEXTS, Attribute("outcome"))
    lines: list[Line] = [(("nord", "2026-03", "carried_out"), ("1", "1950"))] * 93
    lines += [(("nord", "2026-03", "technical_failure"), ("1", "1950"))] * 7
    known = answered_from("nord", [20, 20, *[10] * 6])

    found = plan(classes_of(lines), contexts=attributes, persons=PERSONS, known=known)

    shown = set(told(lines, found))
    assert ("nord", "2026-03", HELD) in {context for context, _person in shown}
    assert "technical_failure" not in {context[2] for context, _person in shown}


def test_an_outcome_that_must_be_of_three_practices_is_told() -> None:
    attributes = (*CONTEXTS, Attribute("outcome"))
    lines: list[Line] = [(("nord", "2026-03", "carried_out"), ("1", "1950"))] * 60
    lines += [(("nord", "2026-03", "technical_failure"), ("1", "1950"))] * 9

    found = plan(
        classes_of(lines), contexts=attributes, persons=PERSONS, known=answered_from("nord", [4, 4, *[3] * 20])
    )

    assert told(lines, found) == lines


def test_an_outcome_alone_is_held_to_the_practices_of_the_nation() -> None:
    lines: list[Line] = [(("carried_out",), ("1", "1950"))] * 95 + [(("technical_failure",), ("1", "1950"))] * 5

    found = plan(
        classes_of(lines),
        contexts=(Attribute("outcome"),),
        persons=PERSONS,
        known=answered_from("nord", [40, 30, 30]),
    )

    assert "technical_failure" not in {context[0] for context, _person in told(lines, found)}


def test_a_practice_alone_in_a_month_hides_in_the_quarter() -> None:
    lines: list[Line] = [
        *[(("nord", "2026-01"), ("1", "1950"))] * 20,
        *[(("nord", "2026-03"), ("1", "1950"))] * 20,
    ]
    known = practices("nord", 1, "2026-01") + [
        Known((("region", "nord"), ("month", "2026-03")), number) for number in (11, 12, 13)
    ]

    shown, found = made(lines, known)

    assert {line[0] for line in shown} == {("nord", "2026-Q1")}
    assert found.levels == {"month": 1}


def test_imported_answers_have_no_practice_and_no_region_and_keep_their_month() -> None:
    lines: list[Line] = [(("", "2019-11"), ("1", "1950"))] * 6

    assert made(lines, [])[0] == lines


def test_why_a_year_is_missing_stays_told() -> None:
    lines: list[Line] = [(("nord", "2026-03"), ("1", "-1"))] * 5 + [
        (("nord", "2026-03"), ("1", f"195{n}")) for n in range(5)
    ]

    shown, _found = made(lines, practices("nord", 3))

    assert [line[1][1] for line in shown] == ["-1"] * 5 + ["1950"] * 5


def test_fewer_lines_than_a_class_needs_tell_nothing() -> None:
    shown, _found = made([(("nord", "2026-03"), ("1", "1950"))] * 4, practices("nord", 3))

    assert shown == [((HELD, HELD), (HELD, HELD))] * 4


LINES = st.lists(
    st.tuples(
        st.tuples(st.sampled_from(["nord", "midt", "syd"]), st.sampled_from(["2026-01", "2026-02", "2026-07"])),
        st.tuples(st.sampled_from(["1", "2", "-1"]), st.integers(1920, 2005).map(str) | st.just("-1")),
    ),
    min_size=privacy.K,
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(lines=LINES, counts=st.lists(st.integers(0, 4), min_size=3, max_size=3))
def test_every_class_that_is_told_is_large_enough_and_has_practices_enough(
    lines: list[Line], counts: list[int]
) -> None:
    known = [
        each
        for region, count in zip(["nord", "midt", "syd"], counts, strict=True)
        for month in ("2026-01", "2026-02", "2026-07")
        for each in practices(region, count, month)
    ]

    known = [Known(each.facts, each.practice, 1 + each.practice % 3) for each in known]

    shown, found = made(lines, known)

    assert min(Counter(shown).values()) >= privacy.K
    behind = defaultdict(set)
    for each in known:
        facts = dict(each.facts)
        behind[facts["region"]].add(each.practice)
    for (region, _month), _person in shown:
        assert region == HELD or len(behind[region]) >= FEWEST_PRACTICES
    # More lines than the two with the most answers there could have given.
    for region, lines_told in Counter(context[0] for context, _person in shown).items():
        from_each: Counter[int] = Counter()
        for each in known:
            if dict(each.facts)["region"] == region and all(month == HELD for (_r, month), _p in shown):
                from_each[each.practice] += each.answers
        assert region == HELD or lines_told > sum(sorted(from_each.values())[-2:])
    # What is told is never wrong.
    for before, after in zip(lines, shown, strict=True):
        assert after[0][0] in {before[0][0], HELD}
        assert after[1][0] in {before[1][0], HELD}
    assert sum(Counter(shown).values()) == len(lines) == found.lines
