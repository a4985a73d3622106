"""Moving a question among the pages of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TypeVar

Item = TypeVar("Item")


class Move(Enum):
    """Where a question may go. At the edge of a page up and down lead to the page beside it."""

    UP = "up"
    DOWN = "down"
    # The question and those after it go to a page of their own, or back to the page before when they have one.
    BREAK = "break"


def moved(pages: Sequence[Sequence[Item]], item: Item, move: Move) -> list[list[Item]]:
    """The pages with ``item`` moved; unchanged where it cannot go any further. Empty pages are gone."""
    found = [list(page) for page in pages]
    at = next(index for index, page in enumerate(found) if item in page)
    page = found[at]
    index = page.index(item)
    if move == Move.BREAK:
        if index:
            found[at : at + 1] = [page[:index], page[index:]]
        elif at:
            found[at - 1 : at + 1] = [found[at - 1] + page]
    elif move == Move.UP:
        if index:
            page[index - 1 : index + 1] = [item, page[index - 1]]
        elif at:
            found[at - 1].append(page.pop(0))
    elif index < len(page) - 1:
        page[index : index + 2] = [page[index + 1], item]
    elif at < len(found) - 1:
        found[at + 1].insert(0, page.pop())
    return [page for page in found if page]
