"""Static files as they are collected for service: hashed, compressed, and a page's many small ones joined to one.

A first visit is what counts: a patient has never been here, has nothing cached, and waits for every trip that the
telephone makes. Where nothing is collected (tests), pages name the files as they lie in ``static/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from vdx.lib.joining import join_scripts, join_styles

_EVERY_PAGE = (
    "vendor/dkfds/css/dkfds.css",
    "css/tokens.css",
    "css/site.css",
    "css/pages.css",
    "css/help.css",
)
_MEETING_PLACE = (*_EVERY_PAGE, "css/call.css")
#: What one page is dressed in, by the name under which it is joined, in the order in which it counts.
SHEETS: Final[dict[str, tuple[str, ...]]] = {
    "css/joined/page.css": _EVERY_PAGE,
    "css/joined/meeting-place.css": _MEETING_PLACE,
    "css/joined/room.css": (
        *_MEETING_PLACE,
        "css/room.css",
        "css/stage.css",
        "css/exchange.css",
        "css/arrival.css",
        "css/rescue.css",
    ),
}
#: Scripts that pages name themselves; whatever they import is joined to them.
SCRIPTS: Final = ("js/pages/", "js/lib/shell.js")

Paths = dict[str, tuple[Storage, str]]


class JoiningStorage(CompressedManifestStaticFilesStorage):
    """What ``collectstatic`` collects into. Only what has a hashed name is joined; the plain files stay as they are."""

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[tuple[str, str, bool]]:
        """Join, then hash and compress."""
        if not dry_run:
            made = joined(paths)
            for name in made.keys() - paths.keys():
                # A sheet that is only there joined: what compresses the files looks for it among the plain ones.
                storage, path = made[name]
                self.delete(name)
                with storage.open(path) as file:
                    self.save(name, file)
            paths = {**paths, **made}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def joined(paths: Paths) -> Paths:
    """The joined files among so many collected ones, held in memory until they are written under their hashed names."""
    memory = InMemoryStorage()

    def read(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            content: bytes = file.read()
        return content.decode()

    def keep(name: str, text: str) -> None:
        memory.save(name, ContentFile(text.encode()))
        found[name] = (memory, name)

    found: Paths = {}
    for name in paths:
        if name.startswith(SCRIPTS) and name.endswith(".js"):
            keep(name, join_scripts(name, read))
    for name, sources in SHEETS.items():
        if set(sources) <= set(paths):
            keep(name, join_styles(name, sources, read))
    return found
