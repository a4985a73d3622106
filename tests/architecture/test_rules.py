"""Rules are given the present moment; they never ask for it."""

from __future__ import annotations

import ast
from pathlib import Path

from django.conf import settings

APPS = ["vdx/accounts", "rooms", "booking", "monitoring", "surveys"]
ASKING = {"now", "utcnow", "today", "monotonic"}


def asked(tree: ast.AST) -> list[str]:
    """Calls like ``clock.now()``, ``datetime.now(UTC)`` and ``date.today()``."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if isinstance(call, ast.Attribute) and call.attr in ASKING]


def test_no_rule_asks_what_time_it_is() -> None:
    root = Path(settings.BASE_DIR)
    rules = [path for app in APPS for path in root.glob(f"{app}/rules/*.py")]
    assert len(rules) > 10
    calls = {path.relative_to(root).as_posix(): asked(ast.parse(path.read_text())) for path in rules}
    assert {name: found for name, found in calls.items() if found} == {}


def test_a_question_would_be_found() -> None:
    text = "a = clock.now()\nb = datetime.now(UTC)\nc = date.today()\nd = moment.time()\ne = now + delta"
    assert asked(ast.parse(text)) == ["clock.now", "datetime.now", "date.today"]
