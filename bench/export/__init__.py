"""The research export at a million responses."""
