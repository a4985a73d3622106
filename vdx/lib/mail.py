"""Mail to people who work with the hub, and to patients who get their link by it.

One template folder, two languages, plain text and HTML: ``templates/mail/<name>.subject``, ``.text`` and, where there
is one, ``.html``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation


def send(
    name: str, *, to: str, language: str, context: dict[str, Any], headers: Mapping[str, str] | None = None
) -> None:
    """Render and send one mail. Raises whatever the mail server's client raises (``OSError``, ``SMTPException``)."""
    with translation.override(language):
        subject = " ".join(render_to_string(f"mail/{name}.subject", context).split())
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"mail/{name}.text", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[to],
            headers=dict(headers or {}),
        )
        try:
            html: str = render_to_string(f"mail/{name}.html", context)
        except TemplateDoesNotExist:
            html = ""
        if html:
            message.attach_alternative(html, "text/html")
        message.send()
