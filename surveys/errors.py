"""What surveys refuses.

::

    Conflict
    ├── VersionIsFixed     it is published or closed, and never changes
    ├── DraftExists        there is a draft of this questionnaire already
    ├── ChangedMeanwhile   somebody else has saved the question in between
    └── NotPublished       only what is published can be closed
    InvalidInput
    └── BadQuestionnaireFile   a questionnaire that cannot be read, or cannot be published as it stands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from vdx.lib.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from surveys.rules.faults import Fault


class VersionIsFixed(Conflict):
    """A published version never changes: answers are tied to it."""

    code = "version_is_fixed"
    message = _("Versionen er udgivet og kan ikke ændres. Lav en ny version.")


class DraftExists(Conflict):
    """One draft at a time, so that no two people's changes pass each other."""

    code = "draft_exists"
    message = _("Der er allerede en kladde til dette spørgeskema. Ret den, eller slet den først.")


class ChangedMeanwhile(Conflict):
    """Somebody else was faster; their change is kept."""

    code = "changed_meanwhile"
    message = _("En anden har ændret spørgsmålet imens. Hent siden igen, og lav din ændring på ny.")


class NotPublished(Conflict):
    """Nothing to close."""

    code = "not_published"
    message = _("Kun en udgivet version kan lukkes.")


class BadQuestionnaireFile(InvalidInput):
    """``faults`` says what is wrong, and where."""

    code = "bad_questionnaire"
    message = _("Spørgeskemaet kan ikke bruges, som det er. Se, hvad der skal rettes.")

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__()
        self.faults = faults


# What each code of surveys.rules.faults.Fault means to people.
FAULTS = {
    "bad_code": _("Koden skal være et tal fra 1 til 999."),
    "bad_name": _("Navnet skal begynde med et lille bogstav og må kun have a-z, tal og _ (højst 32 tegn)."),
    "bound_negative": _("Grænsen må ikke være under 0."),
    "bound_unused": _("Kun tal og årstal kan have en mindste og en højeste værdi."),
    "bounds_crossed": _("Den mindste værdi er højere end den højeste."),
    "choices_missing": _("Der skal være mindst to svarmuligheder."),
    "choices_unused": _("Denne slags spørgsmål har ingen svarmuligheder."),
    "code_twice": _("To svarmuligheder har samme kode."),
    "cycle": _("Reglen går i ring: spørgsmålene venter på hinanden."),
    "empty_page": _("Siden har intet at svare på."),
    "empty_text": _("Teksten mangler på dette sprog."),
    "exclusive_alone": _("Kun et spørgsmål med flere svar kan have et svar, der udelukker de andre."),
    "holds_cpr": _("Teksten ser ud til at indeholde et CPR-nummer. Slet det."),
    "known_kind": _("Kun ét svar, et tal eller et årstal kan være noget, som andre kan kende."),
    "later_variable": _("Reglen må kun se på spørgsmål, der kommer før."),
    "missing_key": _("Oplysningen mangler."),
    "name_twice": _("To spørgsmål har samme navn."),
    "no_questions": _("Der er ingen spørgsmål."),
    "not_a_flag": _("Her skal stå true eller false."),
    "not_a_list": _("Her skal stå en liste."),
    "not_a_number": _("Her skal stå et helt tal."),
    "not_a_text": _("Her skal stå en tekst."),
    "not_an_object": _("Her skal stå et objekt med navne og værdier."),
    "not_json": _("Filen er ikke en JSON-fil i UTF-8."),
    "person_kind": _("Køn skal være ét valg, og fødselsår et årstal, så ingen kan genkendes i data til forskning."),
    "postcard_question": _(
        "Postkortets svarkoder ligger fast, og alle må springe over. Kun ord og rækkefølge kan ændres."
    ),
    "postcard_questions": _("Postkortet skal have netop sine egne spørgsmål. Kun ord og rækkefølge kan ændres."),
    "rows_missing": _("Skalaen mangler linjer."),
    "rows_unused": _("Kun en skala kan have linjer."),
    "rule_on_text": _("En regel kan ikke se på, hvad nogen har skrevet med egne ord."),
    "rule_too_deep": _("Reglen er for indviklet."),
    "rule_unreadable": _("Reglen kan ikke læses ved dette ord."),
    "rule_unknown": _("Reglen kan ikke forstås."),
    "section_required": _("En overskrift kan ikke besvares."),
    "taken_name": _("Navnet er optaget. Vælg et andet."),
    "title_too_long": _("Titlen må højst være på 200 tegn."),
    "too_large": _("Filen er for stor."),
    "unknown_code": _("Reglen nævner en kode, som spørgsmålet ikke har."),
    "unknown_fact": _("Oplysningen om samtalen kendes ikke, eller den står der to gange."),
    "unknown_key": _("Navnet kendes ikke her."),
    "unknown_variable": _("Reglen nævner et spørgsmål, der ikke findes."),
    "unknown_word": _("Værdien kendes ikke."),
}
