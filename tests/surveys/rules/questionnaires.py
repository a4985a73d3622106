"""Small questionnaires for the tests of the rules."""

from __future__ import annotations

from typing import Any

from surveys.rules.questionnaire import QuestionnaireDef, from_json


def question(name: str, kind: str = "single", *, when: Any = None, **fields: Any) -> dict[str, Any]:
    """A question with Yes (1) and No (2); of several answers with none (9); a grid with two lines."""
    data: dict[str, Any] = {"name": name, "kind": kind, "text": said(f"{name} på dansk", f"{name} in English")}
    if kind in ("single", "several", "grid"):
        data["choices"] = [{"code": 1, "text": said("Ja", "Yes")}, {"code": 2, "text": said("Nej", "No")}]
    if kind == "several":
        data["choices"].append({"code": 9, "text": said("Ingen", "None"), "exclusive": True})
    if kind == "grid":
        data["rows"] = [{"name": f"{name}_{each}", "text": said(each, each)} for each in ("one", "two")]
    if when is not None:
        data["activation"] = when
    return {**data, **fields}


def said(danish: str, english: str) -> dict[str, str]:
    """A text in both languages."""
    return {"da": danish, "en": english}


def raw(pages: list[list[dict[str, Any]]], **fields: Any) -> dict[str, Any]:
    """The JSON of a questionnaire."""
    return {"key": "small", "audience": "patient", "title": said("Lille", "Small"), "pages": pages, **fields}


def made(pages: list[list[dict[str, Any]]], **fields: Any) -> QuestionnaireDef:
    """A questionnaire of these pages."""
    return from_json(raw(pages, **fields))
