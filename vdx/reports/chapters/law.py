"""Law and ethics: what the hub keeps and what it does not, as docs/data.md has it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vdx.reports.document import Chapter, Paragraph


def chapter() -> Chapter:
    """What is true of the hub, whatever the numbers."""
    return Chapter(
        _("Jura og etik"),
        [
            Paragraph(
                _(
                    "Praksis er dataansvarlig for samtalen, og MedCom driver hubben som databehandler. Forbindelsen"
                    " mellem et møde og en patient ligger i lægens eget system. Lyd og billede er krypteret "
                    "undervejs og gemmes aldrig; det gør det heller ikke, hvad nogen skriver eller viser under "
                    "samtalen."
                )
            ),
            Paragraph(
                _(
                    "Patienten får linket fra sin læge og bestemmer selv, om det skal bruges. Læge og patient ser "
                    "begge, hvilke enheder der er med i samtalen."
                )
            ),
            Paragraph(
                _(
                    "Postkort og spørgeskemaer er frivillige og fører ikke tilbage til et møde, en praksis eller en "
                    "person. Det, nogen har skrevet med egne ord, er ikke med i rapporten. Når rapporten kun har en "
                    "del af patienternes svar, vises intet spørgsmål, som færre end fem har svaret på."
                )
            ),
        ],
    )
