"""The dashboard that docs bring along, and the list of numbers, name what /metrics writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import get_resolver

from vdx.lib.metrics import exposition

pytestmark = pytest.mark.django_db
DOCS = Path(settings.BASE_DIR) / "docs"
# What Prometheus itself adds, or Grafana puts in.
GIVEN = {"job", "instance", "le"}
ENDINGS = {"histogram": ("_bucket", "_sum", "_count")}


@pytest.fixture
def written() -> dict[str, str]:
    """Each number that /metrics writes, and its kind. Those of the API are there with its addresses."""
    assert get_resolver().url_patterns
    return dict(re.findall(r"^# TYPE (\w+) (\w+)$", exposition(), flags=re.MULTILINE))


def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
    return loaded


def queries() -> Iterator[str]:
    """Every question that the dashboard asks."""
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"]
    for variable in dashboard()["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]["query"]


def test_it_can_be_imported_anywhere_and_again() -> None:
    found = dashboard()
    assert (found["id"], found["uid"], found["title"]) == (None, "vdx-hub", "VDX")
    assert found["schemaVersion"] >= 36
    assert [one["type"] for one in found["templating"]["list"]] == ["datasource", "query"]
    asking = [panel for panel in found["panels"] if panel["type"] != "row"]
    assert asking
    # No source of data of somebody's own, and each panel and each question in its place once.
    assert {panel["datasource"]["uid"] for panel in asking} == {"${datasource}"}
    assert {target["datasource"]["uid"] for panel in asking for target in panel["targets"]} == {"${datasource}"}
    ids = [panel["id"] for panel in found["panels"]]
    assert len(ids) == len(set(ids))
    taken = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in found["panels"]]
    assert len(taken) == len(set(taken))
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in found["panels"])


def test_every_question_is_of_a_number_that_there_is(written: dict[str, str]) -> None:
    series = {name + ending for name, kind in written.items() for ending in ENDINGS.get(kind, ("",))}
    asked = {name for query in queries() for name in re.findall(r"\b(?:vdx|api)_\w+", query)}
    assert asked <= series, asked - series


def test_every_label_that_is_asked_for_is_one_that_the_number_has() -> None:
    labels: dict[str, set[str]] = {}
    for name, inside in re.findall(r"^(\w+)(?:\{([^}]*)\})? ", exposition(), flags=re.MULTILINE):
        labels.setdefault(name, set()).update(re.findall(r'(\w+)="', inside))
    for query in queries():
        (name,) = set(re.findall(r"\b(?:vdx|api)_\w+", query))
        if name not in labels:
            # It stands there from its first event on only.
            continue
        asked = {label for group in re.findall(r"by \(([^)]*)\)", query) for label in group.split(", ")}
        asked |= {label for inside in re.findall(r"\{([^}]*)\}", query) for label in re.findall(r"(\w+)=", inside)}
        assert asked - GIVEN <= labels[name], query


def test_every_number_is_on_the_dashboard_and_in_the_operators_list(written: dict[str, str]) -> None:
    asked = " ".join(queries())
    listed = (DOCS / "numbers.md").read_text(encoding="utf-8")
    for name in written:
        assert re.search(rf"\b{name}(?:_bucket|_count)?\b", asked), name
        assert f"`{name}`" in listed, name
