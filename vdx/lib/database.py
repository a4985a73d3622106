"""What PostgreSQL needs to be told so that a transaction keeps others out, or sees one moment, as on SQLite it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


def wait_for_turn(name: str, *, patiently: bool = False) -> None:
    """Let nobody else have the turn of this name until the end of the transaction; wait until it is free.

    ``patiently``: however long the other takes, and not the seconds alone that a page may wait for a row (settings).
    On SQLite the transaction itself keeps others out.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            if patiently:
                cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def take_turn(name: str) -> bool:
    """The same without waiting: whether the turn was free, and is ours until the end of the transaction."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [name])
        return bool(cursor.fetchone()[0])


@contextmanager
def one_look() -> Iterator[None]:
    """A transaction whose queries all see the same moment, whatever is written in between.

    Not on SQLite, where a transaction keeps others from writing.
    """
    if connection.vendor != "postgresql":
        yield
        return
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
