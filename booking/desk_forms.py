"""What the waiting room's page sends."""

from __future__ import annotations

from django import forms

from rooms.enums import ReadySentence


class SeatForm(forms.Form):
    """Who waits, by the key of the seat. ``leave``: another call is left for it."""

    seat = forms.CharField(max_length=12)
    leave = forms.BooleanField(required=False)


class SayForm(forms.Form):
    """Which ready sentence, and to whom."""

    seat = forms.CharField(max_length=12)
    sentence = forms.ChoiceField(choices=ReadySentence.choices)


class DelayForm(forms.Form):
    """Which doctor is late, and by how many minutes; 0: not any more."""

    host = forms.CharField(max_length=20)
    minutes = forms.IntegerField(min_value=0, max_value=60)
