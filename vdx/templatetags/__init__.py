"""Template tags of the hub as a whole."""
