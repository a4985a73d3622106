"""Every read of surveys for a page, by use case."""

from surveys.queries.asked import Paper, Standing, has_withdrawn, paper, standing_of
from surveys.queries.context import context_of
from surveys.queries.definition import definition_of, published_version
from surveys.queries.postcard import Card, card_for, has_answered, unanswered

__all__ = [
    "Card",
    "Paper",
    "Standing",
    "card_for",
    "context_of",
    "definition_of",
    "has_answered",
    "has_withdrawn",
    "paper",
    "published_version",
    "standing_of",
    "unanswered",
]
