"""A form's fields: label, hint, error and control belong together, and the list of errors leads to them."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string

from tests.templates.reading import Page

YES_NO = [("yes", "Ja"), ("no", "Nej")]


class Booking(forms.Form):
    subject = forms.CharField(label="Emne", help_text="Skriv ikke patientens navn.", required=False)
    email = forms.EmailField(label="Lægens e-mail", help_text="Den, du selv bruger.")
    length = forms.ChoiceField(label="Længde", choices=[("10", "10 minutter")])
    held = forms.ChoiceField(
        label="Blev den gennemført?", choices=YES_NO, widget=forms.RadioSelect, help_text="Ja eller nej."
    )
    helpers = forms.MultipleChoiceField(
        label="Hvem hjalp?", choices=YES_NO, widget=forms.CheckboxSelectMultiple, required=False
    )
    sms = forms.BooleanField(label="Send linket", help_text="Hvis patienten vil.")
    note = forms.CharField(label="Besked", widget=forms.Textarea, required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def page(data: dict[str, str] | None = None, form: forms.Form | None = None) -> Page:
    return Page(render_to_string("_form.html", {"form": form or Booking(data)}))


def field(name: str, **options: Any) -> Page:
    return Page(render_to_string("_field.html", {"field": Booking()[name], **options}))


@pytest.mark.parametrize("data", [None, {}, {"email": "ingen", "token": "x"}], ids=["fresh", "empty", "wrong"])
def test_every_control_has_its_label_and_every_reference_its_target(data: dict[str, str] | None) -> None:
    form = page(data)
    assert len(form.ids) == len(set(form.ids))
    controls = [
        element
        for element in form.elements
        if element.tag in {"input", "select", "textarea"} and element.attributes.get("type") != "hidden"
    ]
    assert len(controls) == 9
    for control in controls:
        assert len(form.all("label", for_=control["id"])) == 1
    references = [
        target
        for element in form.elements
        for name in ("aria-describedby", "for")
        for target in element.attributes.get(name, "").split()
    ]
    links = [link["href"].removeprefix("#") for link in form.all("a")]
    assert {*references, *links} <= set(form.ids)


def test_hint_and_error_are_read_with_the_control() -> None:
    form = page({"email": "ingen"})
    described = form.one("input", id="id_email")["aria-describedby"].split()
    assert [form.one("p", id=target).text for target in described] == [
        "Den, du selv bruger.",
        "Fejl: " + Booking({"email": "ingen"}).errors["email"][0],
    ]


def test_hint_and_error_of_choices_are_read_with_the_group() -> None:
    form = page({})
    group = form.one("fieldset", id="id_held")
    assert group["aria-describedby"].split() == ["id_held_helptext", "id_held_error"]
    assert group.text.startswith("Blev den gennemført?")


def test_only_fields_that_may_stay_empty_say_so() -> None:
    form = page()
    assert form.one("label", for_="id_subject").text == "Emne (valgfrit)"
    assert form.one("label", for_="id_email").text == "Lægens e-mail"
    assert field("subject", hide_optional=True).one("label").text == "Emne"


def test_choices_can_be_tiles() -> None:
    assert field("held").one("fieldset")["class"] == "choices"
    assert field("held", style="tiles").one("fieldset")["class"] == "choices choices--tiles"


def test_a_tick_box_stands_before_its_words() -> None:
    box = field("sms")
    assert [element.tag for element in box.elements] == ["div", "div", "input", "label", "p"]
    assert box.one("p", id="id_sms_helptext").text == "Hvis patienten vil."


def test_the_list_of_errors_takes_focus_and_leads_to_each_field() -> None:
    form = page({"email": "ingen"})
    summary = form.one("div", role="alert")
    assert summary["tabindex"] == "-1"
    assert "data-focus" in summary.attributes
    assert [(link["href"], link.text) for link in form.all("a")] == [
        ("#id_email", "Lægens e-mail"),
        ("#id_length", "Længde"),
        ("#id_held", "Blev den gennemført?"),
        ("#id_sms", "Send linket"),
    ]
    # The hidden field has nowhere to lead to, yet its error is not kept quiet.
    assert len(form.all("li")) == 5


def test_a_form_without_errors_has_no_list() -> None:
    assert page().all("div", role="alert") == []


def test_errors_of_the_form_as_a_whole_are_said_first() -> None:
    form = Booking({})
    form.add_error(None, "Tiden er optaget.")
    assert page(form=form).one("div", role="alert").text.startswith("Der er noget, du skal rette Tiden er optaget.")


def test_what_a_person_typed_never_becomes_markup() -> None:
    form = Booking({"email": "x"})
    form.add_error("email", "<img src=x>")
    form.add_error(None, "<b>tyk</b>")
    shown = page(form=form)
    assert shown.all("img") == []
    assert shown.all("b") == []
    assert "<img src=x>" in shown.one("p", id="id_email_error").text
