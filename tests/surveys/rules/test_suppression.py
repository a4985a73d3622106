"""No table gives away a cell with few answers: not by itself, and not with the one turned round."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.rules.suppression import Table, held_back

K = 5


def table(rows: list[list[int]]) -> Table:
    cells = {(r, c): count for r, row in enumerate(rows) for c, count in enumerate(row)}
    return Table(
        cells,
        {r: sum(row) for r, row in enumerate(rows)},
        {c: sum(row[c] for row in rows) for c in range(len(rows[0]))},
        sum(map(sum, rows)),
    )


def fitting(made: Table, held: frozenset[tuple[int, int]]) -> list[dict[tuple[int, int], int]]:
    """Every way to fill in what is held back so that the totals fit: what somebody who reads the table can know."""
    cells = sorted(held)
    rows = {
        r: total - sum(made.cells[r, c] for c in made.columns if (r, c) not in held) for r, total in made.rows.items()
    }
    columns = {
        c: total - sum(made.cells[r, c] for r in made.rows if (r, c) not in held) for c, total in made.columns.items()
    }
    found = []

    def fill(place: int, tried: dict[tuple[int, int], int]) -> None:
        if place == len(cells):
            if not any(rows.values()) and not any(columns.values()):
                found.append(dict(tried))
            return
        r, c = cells[place]
        # The last of a row is what is left of it.
        last = place + 1 == len(cells) or cells[place + 1][0] != r
        for number in range(rows[r] if last else 0, min(rows[r], columns[c]) + 1):
            rows[r] -= number
            columns[c] -= number
            fill(place + 1, {**tried, (r, c): number})
            rows[r] += number
            columns[c] += number

    fill(0, {})
    return found


def test_a_table_without_small_cells_is_told_whole() -> None:
    assert held_back(table([[9, 0], [5, 7]]), K) == frozenset()


def test_one_small_cell_takes_others_of_its_row_and_column_along() -> None:
    held = held_back(table([[9, 1, 20], [7, 6, 5]]), K)

    assert held == {(0, 1), (0, 2), (1, 1), (1, 2)}


def test_where_the_totals_alone_give_all_away_nothing_but_the_totals_is_told() -> None:
    # All of the first row gave one answer: the totals say so whatever is hidden.
    assert held_back(table([[3, 0], [0, 9]]), K) == {(0, 0), (0, 1), (1, 0), (1, 1)}


ROWS = st.integers(2, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 7), min_size=width, max_size=width), min_size=2, max_size=3)
)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_nobody_can_work_out_a_small_cell(rows: list[list[int]]) -> None:
    made = table(rows)
    held = held_back(made, K)
    small = {cell for cell, count in made.cells.items() if 0 < count < K}

    assert small <= held
    assume(len(held) <= 6)
    if len(held) < len(made.cells):
        ways = fitting(made, held)
        for cell in small:
            assert len({way[cell] for way in ways}) > 1, (rows, cell)
        # What is missing in a row or column is no small number either, but for a total that says so itself.
        for r, total in made.rows.items():
            missing = sum(made.cells[cell] for cell in held if cell[0] == r)
            assert not 0 < missing < min(K, total)


@given(ROWS)
def test_of_several_answers_the_small_cells_are_held_back_too(rows: list[list[int]]) -> None:
    whole = table(rows)
    made = Table(whole.cells, whole.rows, whole.columns, max(whole.both, 1), one_a_row=False)

    assert {cell for cell, count in made.cells.items() if 0 < count < K} <= held_back(made, K)
