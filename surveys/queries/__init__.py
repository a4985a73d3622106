"""Every read of surveys for a page, by use case."""

from surveys.queries.postcard import Card, card_for, has_answered

__all__ = ["Card", "card_for", "has_answered"]
