"""External sources of a study: taken in, refreshed, read, and compared over time."""
