"""Every file that a stylesheet, a script or a template names is there: production's hashed names need them."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from vdx.collected import SHEETS

STATIC: Path = settings.BASE_DIR / "static"
TEMPLATES: Path = settings.BASE_DIR / "templates"


def test_production_can_give_every_file_its_hashed_name(tmp_path: Path) -> None:
    """As `collectstatic` does it: it fails on a stylesheet that names a file which is not there."""
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for file in STATIC.rglob("*"):
        if file.is_file():
            name = str(file.relative_to(STATIC))
            with file.open("rb") as content:
                storage.save(name, content)  # type: ignore[arg-type]
            paths[name] = (storage, name)
    failed = [result for _, _, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failed == []
    assert len(storage.hashed_files) == len(paths) > 100


def test_every_file_a_template_names_is_there() -> None:
    named = {
        name
        for template in TEMPLATES.rglob("*.html")
        for name in re.findall(r"{% static [\"']([^\"']+)[\"'] %}", template.read_text(encoding="utf-8"))
    }
    named |= {sheet for sheets in SHEETS.values() for sheet in sheets}
    # Ours, or a library's: the description of the API brings its page with it.
    assert {name for name in named if finders.find(name) is None} == set()
    assert "css/site.css" in named


def test_every_icon_a_template_names_is_in_its_sheet() -> None:
    for part, sheet in (
        ("_icon.html", "vendor/dkfds/img/icons.svg"),
        ("_alert_icon.html", "vendor/dkfds/img/icons.svg"),
        ("_call_icon.html", "img/call.svg"),
    ):
        drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / sheet).read_text(encoding="utf-8")))
        named = {
            name
            for template in TEMPLATES.rglob("*.html")
            for name in re.findall(rf'include "{part}" with name="([\w-]+)"', template.read_text(encoding="utf-8"))
        }
        assert named - drawn == set()
        assert drawn


def test_no_stylesheet_reaches_outside_the_hub() -> None:
    """Patients' browsers talk to the hub alone."""
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", text) == []
        assert "@import" not in text


def test_the_design_system_comes_with_its_version_and_licences() -> None:
    vendored = STATIC / "vendor" / "dkfds"
    assert re.fullmatch(r"dkfds \d+\.\d+\.\d+\n", (vendored / "VERSION").read_text(encoding="utf-8"))
    assert "MIT" in (vendored / "LICENSE.md").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in (vendored / "fonts" / "license.txt").read_text(encoding="utf-8")
