"""Collections: lists of quotes that people put together, each under a link of its own."""
