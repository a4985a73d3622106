"""Every fact that an app tells is described in docs/events.md, with its payload."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings

from vdx.lib.events import Fact

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "events.md"


def facts() -> dict[str, tuple[str, ...]]:
    found = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.signals"
        if config.name.startswith("django") or find_spec(name) is None:
            continue
        told = [value for value in vars(import_module(name)).values() if isinstance(value, Fact)]
        found.update({fact.name: fact.provides for fact in told})
    return found


def documented() -> dict[str, str]:
    sections = re.split(r"^### ", DOCUMENT.read_text(), flags=re.MULTILINE)[1:]
    return {section.split("\n", 1)[0].strip("` "): section for section in sections}


def test_every_fact_is_documented_and_nothing_else_is() -> None:
    assert sorted(documented()) == sorted(facts())


def test_every_payload_is_documented() -> None:
    sections = documented()
    missing = [
        f"{name}: {field}" for name, fields in facts().items() for field in fields if f"`{field}`" not in sections[name]
    ]
    assert missing == []


def test_a_fact_is_named_as_it_is_called() -> None:
    for config in apps.get_app_configs():
        name = f"{config.name}.signals"
        if config.name.startswith("django") or find_spec(name) is None:
            continue
        for attribute, fact in vars(import_module(name)).items():
            if isinstance(fact, Fact):
                assert fact.name == attribute
