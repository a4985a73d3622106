"""A page's style sheets, and its script with all the modules that it imports.

Collected files are joined (:mod:`vdx.collected`): one sheet, one script. Where nothing is collected, each sheet has its
link, and ``<link rel="modulepreload">`` (HTML, 4.6.8.13) tells of all the script's modules at once: a browser finds a
module's imports only when it has the module, and six levels deep are six trips one after another.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from vdx.collected import SHEETS, JoiningStorage
from vdx.lib.joining import imports

register = template.Library()


def _collected() -> bool:
    # While one develops, pages name the files as they lie there.
    return isinstance(staticfiles_storage, JoiningStorage) and not settings.DEBUG


@cache
def graph(script: str) -> tuple[str, ...]:
    """Addresses of a script (``js/pages/room.js``) and all that it imports, nearest first; found once a process."""
    first = static(script)
    if _collected():
        return (first,)
    waiting = [first]
    for address in waiting:
        name = address.removeprefix(static(""))
        found = finders.find(name)
        if found is None:
            raise FileNotFoundError(name)
        for written in imports(Path(found).read_text(encoding="utf-8")):
            imported = urljoin(address, written)
            if imported not in waiting:
                waiting.append(imported)
    return tuple(waiting)


@register.simple_tag
def modulepreload(script: str) -> SafeString:
    """The links for a page's head. The addresses are the hub's own, as the content security policy asks."""
    return format_html_join("\n  ", '<link rel="modulepreload" href="{}">', ((address,) for address in graph(script)))


@register.simple_tag
def stylesheets(name: str) -> SafeString:
    """The links to a page's style sheets, by the name of the whole: one of :data:`vdx.collected.SHEETS`."""
    whole = f"css/joined/{name}.css"
    names = (whole,) if _collected() else SHEETS[whole]
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', ((static(one),) for one in names))
