"""Postcards."""

from __future__ import annotations

import factory

from surveys.enums import Edition, GoodPoor, Replaced, YesNo
from surveys.models import Postcard
from vdx.lib import clock


class PostcardFactory(factory.django.DjangoModelFactory[Postcard]):
    """A card of today's, filled in throughout, all well."""

    class Meta:
        model = Postcard

    date = factory.LazyFunction(lambda: clock.local_date(clock.now()))
    edition = Edition.NATIONAL
    carried_out = YesNo.YES
    picture = GoodPoor.GOOD
    sound = GoodPoor.GOOD
    longer = YesNo.NO
    replaced = Replaced.CONSULTATION
