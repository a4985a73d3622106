"""Pages of the hub as a whole: errors, the choice of language, and its state of health."""
