"""Forms of the portal. Their times are what a Danish wall clock shows.

The portal alone refuses past times and an end before the start: record systems may send both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.access import Host
from booking.delivery_forms import SendFields
from booking.enums import CORRECTIONS
from booking.errors import CprRefused
from booking.rules.wallclock import NoSuchTime, moment
from vdx.lib import clock
from vdx.lib.cpr import contains_cpr

# Somebody who presses the button while the minute changes is not late.
_GRACE = timedelta(minutes=1)
_TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]


def _date_field(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    widget.input_type = "date"
    return forms.DateField(
        label=label,
        widget=widget,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={
            "required": gettext_lazy("Vælg en dato."),
            "invalid": gettext_lazy("Skriv datoen som 31-12-2026."),
        },
    )


def _time_field(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})
    widget.input_type = "time"
    return forms.TimeField(
        label=label,
        widget=widget,
        input_formats=_TIME_FORMATS,
        error_messages={
            "required": gettext_lazy("Skriv et klokkeslæt."),
            "invalid": gettext_lazy("Skriv klokkeslættet som 10.15."),
        },
    )


class TimesForm(forms.Form):
    """A day, a start and an end. Cleaned: ``start_moment`` and ``end_moment`` in UTC."""

    day = _date_field(gettext_lazy("Dato"))
    start = _time_field(gettext_lazy("Fra klokken"))
    end = _time_field(gettext_lazy("Til klokken"))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day = data.get("day")
        if day is None:
            return data
        start = self._moment(day, "start", data.get("start"))
        end = self._moment(day, "end", data.get("end"))
        if start is not None and end is not None and end <= start:
            self.add_error("end", _("Sluttiden skal ligge efter starttiden."))
        if start is not None and start + _GRACE <= self.now:
            self.add_error("start", _("Tidspunktet er passeret. Vælg et senere, eller brug Start nu."))
        data["start_moment"], data["end_moment"] = start, end
        return data

    def _moment(self, day: date, field: str, shown: time | None) -> datetime | None:
        if shown is None:
            return None
        try:
            # As an end, midnight is where the day ends and not where it begins.
            whole_day = field == "end" and shown == time()
            return moment(day + timedelta(days=1) if whole_day else day, shown)
        except NoSuchTime:
            self.add_error(
                field,
                _("Det klokkeslæt findes ikke den dag: uret stilles frem fra 02.00 til 03.00. Vælg et andet."),
            )
        except OverflowError:
            self.add_error("day", _("Årstallet kan ikke bruges."))
        return None


class BookingForm(TimesForm, SendFields):
    """Book konsultation. ``key`` is the uuid that the meeting gets, so that the same form books once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    host = forms.ChoiceField(
        label=gettext_lazy("Læge"),
        error_messages={
            "required": gettext_lazy("Vælg den læge, som konsultationen er hos."),
            "invalid_choice": gettext_lazy("Vælg den læge, som konsultationen er hos."),
        },
    )
    subject = forms.CharField(
        label=gettext_lazy("Emne"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Kun til jer selv. Skriv ikke noget om patienten."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    guest_pin = forms.BooleanField(
        label=gettext_lazy("Patienten skal bruge en pinkode"),
        required=False,
        help_text=gettext_lazy("Koden vises, når du har booket. Giv den til patienten for sig, fx i telefonen."),
    )
    field_order = ("key", "host", "day", "start", "end", "subject", "guest_pin", "way", "address", "language", "remind")

    def __init__(self, *args: Any, hosts: Sequence[Host], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hosts = {host.key: host for host in hosts}
        field = self.fields["host"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # said to the type checker
        several = len({host.organisation.pk for host in hosts}) > 1
        choices = [
            (host.key, f"{host.user.name}, {host.organisation.name}" if several else host.user.name) for host in hosts
        ]
        if len(hosts) == 1:
            field.choices = choices
            field.widget = forms.HiddenInput()
            field.initial = hosts[0].key
        else:
            field.choices = [("", _("Vælg læge")), *choices]

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if contains_cpr(subject):
            raise forms.ValidationError(str(CprRefused.message))
        return subject

    @property
    def chosen(self) -> Host:
        """The doctor chosen in a valid form."""
        return self.hosts[self.cleaned_data["host"]]


class InstantForm(forms.Form):
    """Start nu: the key and the doctor are all it needs. It is sent from the booking form."""

    key = forms.UUIDField()
    host = forms.CharField()


class MoveForm(TimesForm):
    """Another time for a meeting."""

    prefix = "move"


class ExtendForm(forms.Form):
    """Some minutes more."""

    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Hvor meget længere?"),
        coerce=int,
        choices=[(5, "5 min."), (10, "10 min."), (15, "15 min."), (30, "30 min.")],
        initial=15,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Vælg, hvor meget længere mødet skal vare.")},
    )


def fresh_initial(start: datetime, end: datetime, host_key: str) -> dict[str, Any]:
    """What a new booking form shows."""
    here = clock.local(start)
    return {"key": uuid4(), "host": host_key, "day": here.date(), "start": here.time(), "end": clock.local(end).time()}


def moved_initial(start: datetime, end: datetime) -> dict[str, Any]:
    """What the form for another time shows: the present one."""
    here = clock.local(start)
    return {"day": here.date(), "start": here.time(), "end": clock.local(end).time()}


class OutcomeForm(forms.Form):
    """How it went, in one of the words to choose from."""

    outcome = forms.ChoiceField(choices=[(outcome.value, outcome.label) for outcome in CORRECTIONS])
