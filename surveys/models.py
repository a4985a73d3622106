"""Answers. docs/data.md says why each table is kept, and for how long."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.enums import Edition, GoodPoor, Replaced, YesNo


class Postcard(models.Model):
    """A doctor's five answers about one consultation, without the doctor.

    Nothing leads from here to a meeting, a room or a person: the key is random, the date has no time, and
    ``services`` mixes the rows of the day when it adds one, so that not even their order in the table tells who
    answered when. The region is filled in by the edition that says so, and by no other.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    date = models.DateField(_("dato"), db_index=True)
    edition = models.CharField(_("udgave"), max_length=12, choices=Edition)
    region_code = models.CharField(_("region"), max_length=250, blank=True, default="")
    carried_out = models.PositiveSmallIntegerField(_("gennemført"), choices=YesNo, null=True)
    picture = models.PositiveSmallIntegerField(_("billede"), choices=GoodPoor, null=True)
    sound = models.PositiveSmallIntegerField(_("lyd"), choices=GoodPoor, null=True)
    longer = models.PositiveSmallIntegerField(_("tog længere tid"), choices=YesNo, null=True)
    replaced = models.PositiveSmallIntegerField(_("erstattede"), choices=Replaced, null=True)

    class Meta:
        verbose_name = _("postkort")
        verbose_name_plural = pgettext_lazy("plural", "postkort")
        constraints = [
            models.CheckConstraint(
                name="postcard_region_by_edition",
                condition=~models.Q(edition=Edition.NATIONAL) | models.Q(region_code=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}"


class PostcardDay(models.Model):
    """A date with postcards. Whoever adds a card holds this row until the day's cards are mixed."""

    date = models.DateField(unique=True)

    class Meta:
        verbose_name = _("dag med postkort")
        verbose_name_plural = _("dage med postkort")

    def __str__(self) -> str:
        return f"{self.date}"


class PostcardRequest(models.Model):
    """That a host was asked about a call, and whether an answer came: a bare flag, without the answer or its time.

    Written in a transaction of its own, apart from the card's. The order of these rows may follow the order of the
    calls, or of the answers: who called when stands in the rooms anyway, and the cards have no order to compare
    it with. Gone when nobody can answer any more.
    """

    room_uuid = models.UUIDField()
    seat_key = models.CharField(max_length=12)
    answered = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("spurgt om postkort")
        verbose_name_plural = _("spurgt om postkort")
        constraints = [models.UniqueConstraint(name="postcard_request_once_a_seat", fields=["room_uuid", "seat_key"])]

    def __str__(self) -> str:
        return f"{self.pk}"
