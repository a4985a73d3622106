"""Turns that transactions take."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from vdx.lib.database import wait_for_turn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


def test_who_is_patient_waits_longer_than_a_page_may() -> None:
    held, order = threading.Event(), []

    def holds() -> None:
        try:
            with transaction.atomic():
                wait_for_turn("test")
                held.set()
                threading.Event().wait(1.0)
                order.append("first")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(holds)
        held.wait(10)
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '200ms'")
            wait_for_turn("test", patiently=True)
            order.append("second")
        first.result()
    assert order == ["first", "second"]
