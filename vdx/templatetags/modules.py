"""A page's script with all the modules that it imports, asked for at once.

A browser finds a module's imports only when it has the module: six levels deep are six trips one after another.
``<link rel="modulepreload">`` (HTML, 4.6.8.13) tells them all in the page's head.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
IMPORTS = re.compile(r"""^(?:import|export)\b(?:[^;"']*?\bfrom)?\s*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


def imports(text: str) -> list[str]:
    """What a module imports when it is loaded, as written there. Imports at a later moment are not among them."""
    return IMPORTS.findall(COMMENTS.sub("", text))


@cache
def graph(script: str) -> tuple[str, ...]:
    """Addresses of a script (``js/pages/room.js``) and all that it imports, nearest first; found once a process.

    Production's names hold a hash of the content, but what stands inside a script is left as it is: a module that
    is imported is fetched under its plain name, and only the page's own script under the other.
    """
    first = static(script)
    sources = {first: script}
    for address in (waiting := [first]):
        found = finders.find(sources[address])
        if found is None:
            raise FileNotFoundError(sources[address])
        for written in imports(Path(found).read_text(encoding="utf-8")):
            imported = urljoin(address, written)
            if imported not in sources:
                # The same step among the sources: hashed names differ in the file's name, never in its folder.
                sources[imported] = urljoin(f"/{sources[address]}", written).lstrip("/")
                waiting.append(imported)
    return tuple(waiting)


@register.simple_tag
def modulepreload(script: str) -> SafeString:
    """The links for a page's head. The addresses are the hub's own, as the content security policy asks."""
    return format_html_join("\n  ", '<link rel="modulepreload" href="{}">', ((address,) for address in graph(script)))
