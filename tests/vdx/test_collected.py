"""In service a page asks for one style sheet and one script, under names that hold a hash of what is in them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.conf import LazySettings
from django.conf import settings as current
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from vdx.collected import SHEETS
from vdx.lib.joining import imports
from vdx.settings import STORAGES
from vdx.templatetags.modules import graph, modulepreload, stylesheets

SCRIPTS = [
    *(f"js/pages/{page.name}" for page in sorted((current.BASE_DIR / "static" / "js" / "pages").glob("*.js"))),
    "js/lib/shell.js",
]


@pytest.fixture
def collected(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """The files as `make run` collects them."""
    settings.STORAGES = STORAGES
    settings.STATIC_ROOT = tmp_path
    settings.DEBUG = False
    graph.cache_clear()
    call_command("collectstatic", verbosity=0, interactive=False)
    yield tmp_path
    graph.cache_clear()


def file(folder: Path, address: str) -> Path:
    return folder / address.removeprefix("/static/")


def test_a_script_asks_for_nothing_more(collected: Path) -> None:
    assert "js/pages/room.js" in SCRIPTS
    for script in SCRIPTS:
        address = staticfiles_storage.url(script)
        assert address != f"/static/{script}"
        assert imports(file(collected, address).read_text(encoding="utf-8")) == [], script
        assert file(collected, f"{address}.gz").exists() or file(collected, address).stat().st_size < 400
        assert modulepreload(script).count("<link") == 1
        assert address in modulepreload(script)


@pytest.mark.skipif(shutil.which("node") is None, reason="asks Node")
def test_a_joined_script_is_one_that_a_browser_can_read(collected: Path, tmp_path: Path) -> None:
    for script in SCRIPTS:
        read = tmp_path / f"{Path(script).stem}.mjs"
        shutil.copy(file(collected, staticfiles_storage.url(script)), read)
        subprocess.run(["node", "--check", read], check=True)


def test_what_was_collected_before_is_joined_anew(collected: Path, settings: LazySettings, tmp_path: Path) -> None:
    first = staticfiles_storage.url("js/pages/room.js")
    call_command("collectstatic", verbosity=0, interactive=False)
    assert staticfiles_storage.url("js/pages/room.js") == first
    assert imports(file(collected, first).read_text(encoding="utf-8")) == []


def test_a_sheet_holds_all_that_its_page_is_dressed_in(collected: Path) -> None:
    for name, sources in SHEETS.items():
        link = stylesheets(Path(name).stem)
        (address,) = re.findall(r'href="([^"]+)"', link)
        text = file(collected, address).read_text(encoding="utf-8")
        for source in sources:
            rules = (current.BASE_DIR / "static" / source).read_text(encoding="utf-8")
            # A rule that names no other file stands there as it was.
            kept = [rule.strip() for rule in rules.split("}") if "url(" not in rule]
            assert len(kept) > 1
            assert [rule for rule in kept if rule not in text] == [], source
        named = re.findall(r"url\([\"']?([^\"')#?]+)", text)
        assert len(named) > 10
        for one in named:
            if not one.startswith("data:"):
                assert file(collected, urljoin(address, one)).exists(), one


def test_where_nothing_is_collected_each_sheet_has_its_link_in_order() -> None:
    named = re.findall(r'href="/static/([^"]+)"', stylesheets("room"))
    assert tuple(named) == SHEETS["css/joined/room.css"]
    assert all((current.BASE_DIR / "static" / name).exists() for name in named)
