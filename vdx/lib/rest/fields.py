"""Times and words as record systems write them (contract, section 4.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# Stands for a year of more than four digits: no service keeps it, and all say why.
TOO_FAR = datetime.max.replace(tzinfo=UTC)
_FAR = re.compile(r"[+-]?\d{5,9}-\d\d-\d\dT")
_NO_COLON = re.compile(r"([+-]\d\d)(\d\d)$")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d(:?\d\d)?)?)$", re.IGNORECASE)


def written(moment: datetime) -> str:
    """``2026-05-01T12:00:00Z``: whole seconds, UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def written_or_none(moment: datetime | None) -> str | None:
    """The same, where there may be none."""
    return None if moment is None else written(moment)


def read(text: str) -> datetime | None:
    """The moment in whole seconds of UTC, :data:`TOO_FAR`, or None where the text is none with an offset."""
    if _FAR.match(text):
        return TOO_FAR
    if not _ISO.fullmatch(text):
        return None
    text = _NO_COLON.sub(r"\1:\2", text.upper().replace(",", "."))
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or found.tzinfo is None:
        return None
    try:
        return found.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return TOO_FAR


_MOMENT = {
    "oneOf": [
        {"type": "string", "format": "date-time"},
        {
            "type": "number",
            "description": "Seconds since 1970, in the years 1 to 9999; fractions are dropped.",
            "minimum": -62_135_596_800,
            "maximum": 253_402_300_799,
        },
    ]
}


@extend_schema_field(_MOMENT)
class MomentField(serializers.Field):
    """ISO 8601 with an offset; a number is taken as seconds since 1970."""

    default_error_messages = {"invalid": "not a date-time with an offset"}

    def to_internal_value(self, data: Any) -> datetime:
        """The moment. Fails with ``invalid``."""
        found: datetime | None = None
        if isinstance(data, str):
            found = read(data)
        elif isinstance(data, int | float) and not isinstance(data, bool):
            try:
                found = datetime.fromtimestamp(data, UTC).replace(microsecond=0)
            except (OverflowError, ValueError, OSError):
                found = TOO_FAR
        if found is None:
            self.fail("invalid")
        return found

    def to_representation(self, value: datetime) -> str:
        """As all answers write it."""
        return written(value)


class TextField(serializers.CharField):
    """A text as it is: blanks stay, and the empty one is one. Numbers are none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        """The text. Fails with ``invalid``."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class FlagField(serializers.BooleanField):
    """True or false; the words too, as some clients write them."""

    def to_internal_value(self, data: Any) -> bool:
        """The flag. Fails with ``invalid``."""
        if isinstance(data, bool):
            return data
        if data not in ("true", "false"):
            self.fail("invalid", input=data)
        return bool(data == "true")


class NumberField(serializers.IntegerField):
    """A whole number of ``bits``, also where it is written as a text."""

    default_error_messages = {"beyond": "too large for a number here"}

    def __init__(self, *, bits: int = 32, **kwargs: Any) -> None:
        self.bits = bits
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """The number. Fails with ``invalid`` and ``beyond``."""
        if isinstance(data, str) and re.fullmatch(r"[+-]?[0-9]{1,20}", data):
            data = int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        if not -(2 ** (self.bits - 1)) <= data < 2 ** (self.bits - 1):
            self.fail("beyond")
        return data


class UuidField(serializers.UUIDField):
    """A UUID in its usual form."""

    def to_internal_value(self, data: Any) -> Any:
        """The UUID. Fails with ``invalid``."""
        if not isinstance(data, str) or len(data) != 36:
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class NumberSchema(OpenApiSerializerFieldExtension):
    """Numbers in the schema, with their other way to be written."""

    target_class = "vdx.lib.rest.fields.NumberField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """A number within its bits and limits, or the same as a text."""
        field: Any = self.target
        low = -(2 ** (field.bits - 1)) if field.min_value is None else field.min_value
        high = 2 ** (field.bits - 1) - 1 if field.max_value is None else field.max_value
        number = {"type": "integer", "format": f"int{field.bits}", "minimum": low, "maximum": high}
        digits = {"type": "string", "pattern": "^[1-9][0-9]{3}$" if low > 0 else "^[0-9]{1,9}$"}
        return {"oneOf": [number, digits]}


class FlagSchema(OpenApiSerializerFieldExtension):
    """Flags in the schema."""

    target_class = "vdx.lib.rest.fields.FlagField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """True, false or the words."""
        return {"oneOf": [{"type": "boolean"}, {"type": "string", "enum": ["true", "false"]}]}


class TextSchema(OpenApiSerializerFieldExtension):
    """Texts in the schema, with the one character that cannot be kept."""

    target_class = "vdx.lib.rest.fields.TextField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """A text of so many characters, none of them NUL."""
        field: Any = self.target
        found: dict[str, Any] = {"type": "string", "pattern": r"^[^\u0000]*$"}
        if field.max_length is not None:
            found["maxLength"] = field.max_length
        if field.min_length is not None:
            found["minLength"] = field.min_length
        return found
