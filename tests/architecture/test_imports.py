"""Who may import whom: docs/architecture.md, held here and by the contracts in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from django.conf import settings

APPS = ["vdx.accounts", "media", "rooms", "booking", "monitoring", "surveys"]
# What an app offers the others. An abstract model stands alone in rooms.layout, and in vdx.accounts.watched what every
# admin.py builds on, and in vdx.accounts.callers the bearer tokens.
OPEN = {"services", "queries", "access", "signals", "enums", "errors"}
OPEN_BESIDES = {
    ("booking", "rooms.layout"),
    # The probe calls as a browser does.
    ("monitoring", "media.peer"),
    # Who calls an API, and by which token.
    ("booking", "vdx.accounts.callers"),
    *((app, "vdx.accounts.watched") for app in ("rooms", "booking", "monitoring", "surveys")),
}


def test_the_floors_hold() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "vdx", "media", "rooms", "booking", "monitoring", "surveys", exclude_type_checking_imports=True, cache_dir=None
    )


def home(module: str) -> str | None:
    return next((app for app in APPS if module == app or module.startswith(f"{app}.")), None)


def test_apps_meet_only_at_their_doors(graph: grimp.ImportGraph) -> None:
    wrong = []
    for importer in graph.modules:
        here = home(importer)
        if here is None or ".migrations" in importer:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            there = home(imported)
            if there is None or there == here:
                continue
            part = imported.removeprefix(there).lstrip(".").split(".")[0]
            if part not in OPEN and (here, imported) not in OPEN_BESIDES:
                wrong.append(f"{importer} imports {imported}")
    assert sorted(wrong) == []


def test_template_tags_are_for_templates(graph: grimp.ImportGraph) -> None:
    tags = [module for module in graph.modules if ".templatetags." in module]
    assert tags
    assert {tag: graph.find_modules_that_directly_import(tag) for tag in tags} == {tag: set() for tag in tags}


def test_no_app_is_reached_around_its_own_package(graph: grimp.ImportGraph) -> None:
    """Nobody imports ``booking.services.book`` from outside: ``booking.services`` is the door."""
    wrong = []
    for importer in graph.modules:
        here = home(importer)
        if here is None:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            there = home(imported)
            if there and there != here and imported.removeprefix(there).lstrip(".").count("."):
                wrong.append(f"{importer} imports {imported}")
    assert sorted(wrong) == []
