"""Forms of the administration in which staff write what everybody will read."""

from __future__ import annotations

from typing import Any

from django import forms

from surveys.errors import FAULTS
from surveys.rules.check import cpr_in


class TextsForm(forms.ModelForm):
    """Says beside the field what the service would refuse: a CPR number, which a text that was pasted in may hold."""

    def clean(self) -> dict[str, Any]:
        """Look through every text."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        texts = {name: value for name, value in data.items() if name.endswith(("_da", "_en")) and value}
        for fault in cpr_in(texts):
            self.add_error(fault.place, str(FAULTS[fault.code]))
        return data
