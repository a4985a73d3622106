"""Texts for people stand where ``makemessages`` finds them.

``xgettext`` reads an f-string as one string and looks at none of the calls within it: such a text never reaches the
catalogue, and a reader of English gets Danish.
"""

from __future__ import annotations

import ast
from pathlib import Path

from django.conf import settings

APPS = ["vdx", "rooms", "booking", "monitoring", "surveys"]


def is_text(name: str) -> bool:
    return name == "_" or "gettext" in name


def hidden(tree: ast.AST) -> list[str]:
    """Texts marked for translation within f-strings."""
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if is_text(ast.unparse(call.func))]


def test_no_text_hides_in_an_f_string() -> None:
    root = Path(settings.BASE_DIR)
    paths = [path for app in APPS for path in (root / app).rglob("*.py")]
    assert len(paths) > 300
    found = {path.relative_to(root).as_posix(): hidden(ast.parse(path.read_text())) for path in paths}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_hidden_text_would_be_found() -> None:
    text = """a = f"{said} {_('Svar')}"\nb = f"{ngettext('et', 'to', n) % n}"\nc = _("Svar")\nd = f"{c} {n}"\n"""
    assert hidden(ast.parse(text)) == ["_('Svar')", "ngettext('et', 'to', n)"]
