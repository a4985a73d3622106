"""The probe: a process of its own that really uses the service, as a record system, a patient and a doctor do.

It speaks HTTP, websocket and media only. Nothing in this package imports Django's models or Celery: what it found out
is appended to a file (:mod:`.spool`), which the hub takes in later.
"""
