"""Which members record systems really send, so that one can be given up when nobody does (contract, section 12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers

from vdx.lib.metrics import Counter, Values
from vdx.lib.rest.fields import FlagField, MomentField, NumberField, TextField, UuidField

# As the contract's own counter names them.
_TYPES: tuple[tuple[type[serializers.Field], str], ...] = (
    (TextField, "String"),
    (FlagField, "Boolean"),
    (MomentField, "OffsetDateTime"),
    (UuidField, "UUID"),
    (serializers.ChoiceField, "Enum"),
)
_EMPTY = {True: "List_isEmpty_true", False: "List_isEmpty_false"}


class FieldUsage:
    """Counts the members of bodies; ``bodies`` says for method and name which serializer reads it."""

    def __init__(self, bodies: Mapping[tuple[str, str], type[serializers.Serializer]]) -> None:
        self._fields = {names: body().get_fields() for names, body in bodies.items()}
        self._names = {(method, bodies[method, name]): name for method, name in bodies}
        self._counter = Counter(
            "api_request_fields_usage_total",
            "Members sent to the VDX-API that were not null.",
            ("method", "object", "field", "type"),
            self._series(),
        )

    def count(self, method: str | None, body: type[serializers.Serializer], members: Mapping[str, Any]) -> None:
        """Count what was sent in a body that could be read. A body that is not among them is left alone."""
        name = self._names.get((method or "", body))
        if name is None:
            return
        fields = self._fields[method or "", name]
        for member, value in members.items():
            if value is not None:
                self._counter.count(method or "", name, member, _type(fields[member], empty=not value))

    def _series(self) -> Iterator[Values]:
        for (method, name), fields in self._fields.items():
            for member, field in fields.items():
                for kind in sorted({_type(field, empty=True), _type(field, empty=False)}):
                    yield method, name, member, kind


def _type(field: serializers.Field, *, empty: bool) -> str:
    if isinstance(field, serializers.ListField):
        return _EMPTY[empty]
    if isinstance(field, NumberField):
        return "Long" if field.bits > 32 else "Integer"
    return next(name for kind, name in _TYPES if isinstance(field, kind))
