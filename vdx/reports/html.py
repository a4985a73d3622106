"""The report as one page that opens from a disk: style and charts are in it, and it loads nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from vdx.reports.document import Block, Document, Picture, Section


def page(document: Document, *, drawn: Mapping[str, bytes], style: str) -> bytes:
    """The document as HTML. ``drawn`` are its charts as SVG, by name; ``style`` is our own sheet."""
    chapters = []
    for number, chapter in enumerate(document.chapters, start=1):
        sections = 0
        blocks = []
        for block in chapter.blocks:
            shown = _shown(block, drawn)
            if isinstance(block, Section):
                sections += 1
                shown["id"] = f"k{number}-{sections}"
            blocks.append(shown)
        chapters.append({"id": f"k{number}", "number": number, "heading": chapter.heading, "blocks": blocks})
    context = {
        "document": document,
        "lead": [_shown(block, drawn) for block in document.lead],
        "chapters": chapters,
        # A sheet of ours, and no text of anybody's.
        "style": mark_safe(style),
    }
    return render_to_string("reports/evaluation.html", context).encode()


def _shown(block: Block, drawn: Mapping[str, bytes]) -> dict[str, Any]:
    if isinstance(block, Picture):
        image = f"data:image/svg+xml;base64,{b64encode(drawn[block.name]).decode()}"
        return {"kind": block.kind, "title": block.title, "name": block.name, "image": image}
    return {"kind": block.kind, **asdict(block)}
