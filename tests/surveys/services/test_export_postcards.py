"""The doctors' postcards as researchers read them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from surveys.enums import Edition
from surveys.models import Questionnaire
from surveys.queries.dataset import postcards_dataset
from surveys.queries.export import Chosen
from surveys.services import export as services
from surveys.services import versions
from tests.factories.surveys import PostcardFactory
from tests.surveys.services.test_export import NOW, researcher, unpack
from vdx.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db


def take_cards(folder: Path) -> Path:
    export = services.export_postcards(
        actor=researcher(), dataset=postcards_dataset(), chosen=Chosen(), language="da", now=NOW
    )
    return unpack(b"".join(export.pieces()), folder)


def test_each_answer_stays_under_its_name_when_a_card_asks_in_another_order_and_is_closed(tmp_path: Path) -> None:
    for _ in range(6):
        PostcardFactory.create(date=date(2026, 11, 2), picture=1, sound=2)
    version = Questionnaire.objects.get(key="postcard_national").versions.get()
    draft = versions.start_version(questionnaire_id=version.questionnaire_id, actor=None)
    draft.questions.filter(name="sound").update(position=0)
    versions.publish(version_id=draft.pk, actor=None, now=NOW)
    versions.close(version_id=draft.pk, actor=None, now=NOW)

    data = pd.read_csv(take_cards(tmp_path) / "data.csv")

    assert list(data.columns)[3:6] == ["sound", "carried_out", "picture"]
    assert (set(data["sound"]), set(data["picture"])) == ({2}, {1})


def test_postcards_are_exported_the_same_way(tmp_path: Path) -> None:
    for _ in range(6):
        PostcardFactory.create(date=date(2026, 11, 2), sound=2)
    for _ in range(5):
        PostcardFactory.create(
            date=date(2026, 11, 2), edition=Edition.SYDDANMARK, region_code="region-syddanmark", replaced=None
        )

    folder = take_cards(tmp_path)

    data = pd.read_csv(folder / "data.csv")
    assert list(data.columns) == ["card", "edition", "date", "carried_out", "picture", "sound", "longer", "replaced"]
    assert Counter(data["sound"]) == {2: 6, 1: 5}
    assert Counter(data["replaced"]) == {1: 6, -2: 5}
    assert Counter(data["edition"]) == {"national": 6, "syddanmark": 5}
    assert set(data["date"]) == {"2026-11-02"}
    again, _meta = pyreadstat.read_sav(folder / "data.sav", user_missing=True)
    assert list(again["date"]) == list(data["date"])
    assert AuditEntry.objects.filter(action="postcards.exported").count() == 1
