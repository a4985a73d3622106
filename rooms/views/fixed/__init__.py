"""Pages of fixed rooms: the list, what administrators change, groups, and the guests' door."""
