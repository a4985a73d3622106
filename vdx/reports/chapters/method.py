"""How the numbers are counted, so that anybody may count again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vdx.reports.data import Data
from vdx.reports.document import Chapter, Paragraph, Points, Section
from vdx.reports.words import FEW, day


def chapter(data: Data) -> Chapter:
    """The definitions, and where the numbers lie."""
    return Chapter(
        _("Sådan er der talt"),
        [
            Section(_("Definitioner")),
            Points(
                [
                    _("Perioden går fra {first} til {last}, begge dage med, efter dansk tid.").format(
                        first=day(data.first), last=day(data.last)
                    ),
                    _(
                        "Et opkald tæller i den måned, det begynder i, og kun når mindst to enheder var med på "
                        "samme tid."
                    ),
                    _(
                        "En enhed er en plads, der er lukket ind. Den, der mister forbindelsen eller skifter "
                        "browser og kommer igen, er stadig den samme enhed. Telefoner og mødelokaler tæller med."
                    ),
                    _("En videokonsultation er et bestilt møde med netop to enheder."),
                    _("En videokonference er et bestilt møde med flere enheder og ethvert møde, der ikke er bestilt."),
                    _(
                        "Minutter er den tid, hvor mindst to enheder var med. De lægges sammen i sekunder og skæres"
                        " til sidst."
                    ),
                    _(
                        "Et opkald gennem Min Læge er en enhed, der kom ind gennem appen til et bestilt møde, også "
                        "når der ikke kom andre."
                    ),
                    _("En praksis er aktiv i en måned, hvor den holdt mindst ét opkald, der tæller."),
                    _(
                        "En praksis tæller fra og med den dag, den kom med i pilotprojektet, til og med den dag, "
                        "den gik ud. Den bliver stående blandt de tilmeldte. Prøvepraksis og hubbens egne målinger "
                        "tæller ikke."
                    ),
                    _("En praksis, der flytter region, beholder sine tidligere opkald i den gamle region."),
                    _(
                        "Procenter og gennemsnit er hele tal, rundet op fra en halv. Under {few} svar er der et "
                        "forbehold."
                    ).format(few=FEW),
                    _(
                        "Oppetiden er andelen af de målinger, der skulle have været, som lykkedes. Hver måling "
                        "bruger hele tjenesten. En måned er med i sin helhed."
                    ),
                ]
            ),
            Section(_("Filerne")),
            Paragraph(
                _(
                    "Hvert tal i rapporten står i en af CSV-filerne ved siden af: tabellernes i filen, der er nævnt"
                    " over tabellen, tekstens i totals.csv, response_rates.csv og survey_answers.csv. Beløb i "
                    "filerne er i øre."
                )
            ),
        ],
    )
