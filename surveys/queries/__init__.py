"""Every read of surveys for a page, by use case."""

from surveys.queries.definition import definition_of, published_version
from surveys.queries.postcard import Card, card_for, has_answered

__all__ = ["Card", "card_for", "definition_of", "has_answered", "published_version"]
