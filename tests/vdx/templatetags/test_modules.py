"""Where nothing is collected, a page asks at once for all that its script imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.conf import settings as current
from django.template import Context, Template

from vdx.lib.joining import imports
from vdx.templatetags.modules import graph, modulepreload

PAGES = ["js/pages/door.js", "js/pages/room.js", "js/pages/test.js", "js/pages/desk.js"]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    graph.cache_clear()
    yield
    graph.cache_clear()


def fetched(first: str, folder: Path) -> set[str]:
    """The addresses that a browser fetches for a script, read from the files that stand under those addresses."""
    seen = {first}
    waiting = [first]
    for address in waiting:
        text = (folder / address.removeprefix("/static/")).read_text(encoding="utf-8")
        for written in imports(text):
            if (imported := urljoin(address, written)) not in seen:
                seen.add(imported)
                waiting.append(imported)
    return seen


@pytest.mark.parametrize("page", PAGES)
def test_all_that_is_imported_is_asked_for_once(page: str) -> None:
    found = graph(page)
    assert found[0] == f"/static/{page}"
    assert len(found) == len(set(found)) > 5
    assert set(found) == fetched(f"/static/{page}", current.BASE_DIR / "static")


@pytest.mark.parametrize("page", PAGES)
def test_no_import_of_ours_is_overlooked(page: str) -> None:
    """A cruder look: each file that an import statement names by its last part is among them."""
    found = graph(page)
    for address in found:
        text = (current.BASE_DIR / "static" / address.removeprefix("/static/")).read_text(encoding="utf-8")
        named = [line.split('from "')[1].split('"')[0] for line in text.splitlines() if '} from "' in line]
        # A type's import stands in a comment.
        named = [name for name in named if f"@import {name}" not in text]
        assert {urljoin(address, name) for name in named} <= set(found), address


def test_a_script_that_is_not_there_is_not_passed_over() -> None:
    with pytest.raises(FileNotFoundError):
        graph("js/pages/nowhere.js")


def test_the_links_in_a_page() -> None:
    drawn = Template('{% load modules %}{% modulepreload "js/pages/room.js" %}').render(Context())
    assert drawn == modulepreload("js/pages/room.js")
    assert drawn.count('<link rel="modulepreload" href="/static/js/') == len(graph("js/pages/room.js"))
