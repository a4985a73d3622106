"""Many small files as one: what a telephone fetches in one trip instead of a hundred.

Ours alone, not a bundler: it knows the few ways in which this hub's own modules and style sheets are written, and
refuses whatever else it meets. What it makes does the same as the files it is made of.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

Read = Callable[[str], str]

COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
IMPORTS = re.compile(r"""^(?:import|export)\b(?:[^;"']*?\bfrom)?\s*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)

_IMPORT = re.compile(
    r"""^import\s+(?:(?:\*\s+as\s+(?P<whole>\w+)|\{(?P<names>[^}]*)\})\s+from\s+)?["'](?P<source>\.{1,2}/[^"']+)["'];""",
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^export\s+(?P<rest>(?:const|class|function|async\s+function)\b\*?\s*(?P<name>[\w$]+))", re.MULTILINE
)
_NOTHING = re.compile(r"^export\s*\{\s*\};", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import\b(?!\()|export\b)|\bimport\.meta\b|\bimport\(", re.MULTILINE)
# Whole lines only: what stands beside code, or in a string, is left alone.
_REMARKS = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE)
_MANY_LINES = re.compile(r"`[^`\n]*\n[^`]*`")
_URL = re.compile(r"""url\(\s*(?P<mark>["']?)(?P<address>[^"')]+)(?P=mark)\s*\)""")


class CannotJoinError(ValueError):
    """A file is written in a way that is not known here."""


def imports(text: str) -> list[str]:
    """What a module imports when it is loaded, as written there. Imports at a later moment are not among them."""
    return IMPORTS.findall(COMMENTS.sub("", text))


def join_scripts(name: str, read: Read) -> str:
    """A module and all that it imports as one module without imports.

    Each module becomes a function that runs once, after those that it imports, and returns what it exports. ``read``
    gives a module's text by its name. Raises :class:`CannotJoinError` for circles, and for exports that may change.
    """
    parts: list[str] = []
    names: dict[str, str] = {}
    _add_script(posixpath.normpath(name), read, names, parts, ())
    return "".join(parts)


def _add_script(name: str, read: Read, names: dict[str, str], parts: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise CannotJoinError(f"{name} imports itself, by way of {' and '.join(above)}.")
    if name in names:
        return
    text = read(name)
    if not _MANY_LINES.search(COMMENTS.sub("", text)):
        text = _REMARKS.sub("", text)
    found: list[str] = []
    for match in _IMPORT.finditer(text):
        source = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["source"]))
        _add_script(source, read, names, parts, (*above, name))
        found.append(_imported(match, names[source]))
    exported = [match["name"] for match in _EXPORT.finditer(text)]
    body = _NOTHING.sub("", _EXPORT.sub(r"\g<rest>", _IMPORT.sub("", text)))
    if unknown := _UNKNOWN.search(COMMENTS.sub("", body)):
        raise CannotJoinError(f"{name} has an import or export that is not known here: {unknown.group()}")
    names[name] = own = f"_{len(names)}"
    head = "".join(found)
    if above:
        returned = ", ".join(exported)
        parts.append(
            f"const {own} = (() => {{\n{head}{body.strip()}\nreturn Object.freeze({{ {returned} }});\n}})();\n"
        )
    else:
        # The page's own script may wait for something before it goes on.
        parts.append(f"{{\n{head}{body.strip()}\n}}\n")


def _imported(match: re.Match[str], module: str) -> str:
    if match["whole"]:
        return f"const {match['whole']} = {module};\n"
    if match["names"] is None:
        return ""
    wanted = [one.strip() for one in match["names"].split(",") if one.strip()]
    return f"const {{ {', '.join(re.sub(r' +as +', ': ', one) for one in wanted)} }} = {module};\n"


def join_styles(name: str, sources: Sequence[str], read: Read) -> str:
    """Style sheets one after the other, as if each had been linked. ``name`` is where the whole will lie."""
    folder = posixpath.dirname(name)
    return "".join(_moved(read(source), posixpath.dirname(source), folder) for source in sources)


def _moved(text: str, old: str, new: str) -> str:
    """The text of a sheet with its addresses as seen from another folder."""

    def seen(match: re.Match[str]) -> str:
        address = match["address"]
        if re.match(r"[a-z]+:|/|#", address):
            return match.group()
        path = posixpath.relpath(posixpath.join(old, address), new or ".")
        return f"url({match['mark']}{path}{match['mark']})"

    if "@import" in text or "@charset" in text:
        raise CannotJoinError("A rule that must come first cannot stand in the middle of a style sheet.")
    return _URL.sub(seen, text).strip() + "\n"
