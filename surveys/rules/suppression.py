"""Which cells of a table of two questions are held back, so that nobody is singled out by what others know.

A cell with fewer than ``k`` answers may be one person: who knows the sex, the year of birth or the call of somebody
reads the other answer from it. Its row and its column say what it holds as soon as it is the only one that is missing
there. So a whole block is held back: the rows and columns of all small cells, at least two of each, and more of them
until nothing small can be worked out from what is still told, of a cell or of what is missing together. In the end the
table is empty, and what stands around it is no more than each question told by itself. The totals are exact, always.

The same cells are held back whichever question stands first: two tables of the same answers would otherwise give away
what each of them hides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """A table of two questions. ``both``: who answered both. ``one_a_row``, ``one_a_column``: whether the cells of a
    row (of a column) add up to its total, because the question across it (down it) takes one answer only.
    """

    cells: Mapping[Cell, int]
    rows: Mapping[int, int]
    columns: Mapping[int, int]
    both: int
    one_a_row: bool = True
    one_a_column: bool = True

    def turned(self) -> Table:
        """Rows as columns."""
        cells = {(column, row): count for (row, column), count in self.cells.items()}
        return Table(cells, self.columns, self.rows, self.both, self.one_a_column, self.one_a_row)


def held_back(table: Table, k: int) -> frozenset[Cell]:
    """The cells that are not told; of a table without small cells none."""
    small = [cell for cell, count in sorted(table.cells.items()) if 0 < count < k]
    if not small:
        return frozenset()
    block = _Block(table, sorted({row for row, _column in small}), sorted({column for _row, column in small}))
    while wider := block.wider():
        # As little as possible: one row or column more, if one of them is enough.
        for each in (block, *wider):
            if each.is_safe(small, k):
                return each.cells
        block = wider[-1]
    # Every row and column that holds anything: only the totals are left.
    return frozenset((row, column) for row in table.rows for column in table.columns)


def _rest(totals: Mapping[int, int], taken: Sequence[int]) -> list[tuple[int, int]]:
    """The others that hold anything, and how much."""
    return [(code, count) for code, count in totals.items() if count and code not in taken]


class _Block:
    """Rows and columns whose cells are held back, and what can still be worked out of them."""

    def __init__(self, table: Table, rows: Sequence[int], columns: Sequence[int]) -> None:
        self.table, self.rows, self.columns = table, rows, columns
        self.cells = frozenset((row, column) for row in rows for column in columns)

    def wider(self) -> list[_Block]:
        """The same with one row or column more that holds anything, those with the fewest answers first."""
        table = self.table
        more = [(count, _Block(table, [*self.rows, row], self.columns)) for row, count in _rest(table.rows, self.rows)]
        more += [
            (count, _Block(table, self.rows, [*self.columns, column]))
            for column, count in _rest(table.columns, self.columns)
        ]
        return [block for _count, block in sorted(more, key=lambda each: each[0])]

    def is_safe(self, small: Sequence[Cell], k: int) -> bool:
        """Whether nothing small can be worked out: no single cell, nor what is missing in a row or column together."""
        if len(self.rows) < 2 or len(self.columns) < 2 or any(self.gives_away(cell) for cell in small):
            return False
        sums = [(self._missing_in_row(row), self.table.rows[row]) for row in self.rows if self.table.one_a_row]
        sums += [
            (self._missing_in_column(column), self.table.columns[column])
            for column in self.columns
            if self.table.one_a_column
        ]
        return not any(0 < missing < min(k, total) for missing, total in sums)

    def gives_away(self, cell: Cell) -> bool:
        """Whether only one number can stand in the cell."""
        low, high = self.bounds(cell)
        return low >= high

    def bounds(self, cell: Cell) -> tuple[int, int]:
        """The least and the most that the cell can hold, by the totals and by the cells that are told."""
        table, (row, column) = self.table, cell
        low = max(0, table.rows[row] + table.columns[column] - table.both)
        high = min(table.rows[row], table.columns[column])
        in_row = self._missing_in_row(row)
        in_column = self._missing_in_column(column)
        if table.one_a_row:
            high = min(high, in_row)
            low = max(low, in_row - sum(min(table.columns[c], in_row) for c in self.columns if c != column))
        if table.one_a_column:
            high = min(high, in_column)
            low = max(low, in_column - sum(min(table.rows[r], in_column) for r in self.rows if r != row))
        if table.one_a_row and table.one_a_column:
            # Exact for a block of a table whose cells add up both ways (Fréchet's bounds).
            low = max(low, in_row + in_column - sum(map(self._missing_in_row, self.rows)))
        return low, high

    def _missing_in_row(self, row: int) -> int:
        told = sum(self.table.cells.get((row, c), 0) for c in self.table.columns if c not in self.columns)
        return self.table.rows[row] - told

    def _missing_in_column(self, column: int) -> int:
        told = sum(self.table.cells.get((r, column), 0) for r in self.table.rows if r not in self.rows)
        return self.table.columns[column] - told
