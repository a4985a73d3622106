"""The evaluation report's chapters, in the order of MAST: sentences made from the numbers, tables and charts.

MAST, the Model for Assessment of Telemedicine, asks of an evaluation: health problem and technology, safety, patients'
experience, organisation, economy, law and ethics.
"""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vdx.reports.chapters import economy, law, method, organisation, patients, safety, summary, technology
from vdx.reports.data import Data
from vdx.reports.document import Document
from vdx.reports.words import day


def document(data: Data) -> Document:
    """The report in the language that is switched on."""
    return Document(
        title=_("Evaluering af videokonsultationer"),
        period=_("{first} – {last}").format(first=day(data.first), last=day(data.last)),
        language=(get_language() or "da")[:2],
        lead=summary.lead(data),
        chapters=[
            technology.chapter(data),
            safety.chapter(data),
            patients.chapter(data),
            organisation.chapter(data),
            economy.chapter(data),
            law.chapter(),
            method.chapter(data),
        ],
    )
