"""The columns of an export, with the words of their facts in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from booking.enums import Outcome
from rooms.enums import DeviceKind
from surveys.enums import ContextFact, Edition, MinutesBand, QualityBand
from surveys.models import QuestionnaireVersion
from surveys.queries.context import UNKNOWN
from surveys.queries.definition import definition_of, latest_version
from surveys.rules.export import dataset
from surveys.rules.export.dataset import HELD_TEXT, NOTHING, Dataset, Field
from surveys.rules.privacy import HELD
from surveys.rules.questionnaire import LANGUAGES, Text, postcard_key
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import OrganisationKind
from vdx.lib.errors import NotFound

Words = Iterable[tuple[str, str | Promise]]

_WORDS: Mapping[ContextFact, Words] = {
    ContextFact.PRACTICE_KIND: OrganisationKind.choices,
    ContextFact.PLANNED: (("planned", _("Planlagt")), ("straks", _("Straks-møde"))),
    ContextFact.OUTCOME: Outcome.choices,
    ContextFact.DEVICE_KIND: DeviceKind.choices,
    ContextFact.MINUTES: (
        *MinutesBand.choices,
        ("under_10", _("Under 10 minutter")),
        ("10_plus", _("10 minutter eller mere")),
    ),
    ContextFact.QUALITY: [choice for choice in QualityBand.choices if choice[0] != UNKNOWN],
}


def responses_dataset(version: QuestionnaireVersion) -> Dataset:
    """The columns of an export of a version's responses."""
    facts = [ContextFact(name) for name in version.context if name in ContextFact.values]
    words = {**_WORDS, ContextFact.REGION: region_names() if ContextFact.REGION in facts else []}
    return dataset.of_questionnaire(
        definition_of(version.pk),
        [_field(fact.value, fact.label, [*words.get(fact, []), (UNKNOWN, _("Ukendt"))]) for fact in facts],
    )


def region_names() -> list[tuple[str, str]]:
    """Code and name of every region, by name."""
    regions = accounts_queries.organisations_at(None).filter(kind=OrganisationKind.REGION)
    return list(regions.order_by("name", "code").values_list("code", "name"))


def postcards_dataset() -> Dataset:
    """The columns of an export of postcards, closed ones too. Raises NotFound where the card was never published."""
    national, syddanmark = (latest_version(postcard_key(edition)) for edition in (Edition.NATIONAL, Edition.SYDDANMARK))
    if national is None:
        raise NotFound
    other = None if syddanmark is None else definition_of(syddanmark.pk)
    facts = [_field("edition", _("Udgave"), Edition.choices), _field("date", _("Dato"), [])]
    return dataset.of_postcards(definition_of(national.pk), facts, other)


def _field(name: str, label: str | Promise, words: Words) -> Field:
    known = {word: _both(text) for word, text in words}
    return Field(name, "word", _both(label), {}, NOTHING, {**known, "": _both(_("Ikke oplyst")), HELD: HELD_TEXT})


def _both(text: str | Promise) -> Text:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(text)
    return said
