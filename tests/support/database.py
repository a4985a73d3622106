"""Databases that misbehave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection


@contextmanager
def failing_on(start: str, parameter: object) -> Iterator[None]:
    """A database that refuses statements which start so and carry this parameter: a row that cannot be written."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(start) and _text(parameter) in map(_text, params or ()):
            raise DatabaseError("this row cannot be written")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def _text(value: object) -> str:
    """A UUID is sent with hyphens to one database and without to the other."""
    return str(value).replace("-", "")
