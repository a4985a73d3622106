"""Mails in the reader's language, as text and, where there is one, as HTML."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core import mail as outbox

from vdx.lib import mail


@pytest.fixture
def templates(tmp_path: Path, settings) -> Path:
    folder = tmp_path / "mail"
    folder.mkdir()
    options = {**settings.TEMPLATES[0], "DIRS": [tmp_path]}
    settings.TEMPLATES = [options]
    (folder / "hello.subject").write_text("{% load i18n %}  {% translate 'Ja' %},\n {{ name }} \n")
    (folder / "hello.text").write_text("{% load i18n %}{% get_current_language as code %}{{ code }} {{ name }}")
    return folder


def test_a_mail_is_rendered_in_the_readers_language(templates: Path) -> None:
    mail.send("hello", to="bodil@example.dk", language="en", context={"name": "Bodil"})
    [message] = outbox.outbox
    assert (message.to, message.body, message.alternatives) == (["bodil@example.dk"], "en Bodil", [])


def test_a_subject_is_one_line(templates: Path) -> None:
    mail.send("hello", to="bodil@example.dk", language="da", context={"name": "Bodil"})
    assert outbox.outbox[0].subject == "Ja, Bodil"


def test_html_is_added_where_there_is_a_template_and_escapes_names(templates: Path) -> None:
    (templates / "hello.html").write_text("<p>{{ name }}</p>")
    mail.send("hello", to="bodil@example.dk", language="da", context={"name": "<b>"})
    [alternative] = outbox.outbox[0].alternatives
    assert (alternative[0], alternative[1]) == ("<p>&lt;b&gt;</p>", "text/html")
