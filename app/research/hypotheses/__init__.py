"""Hypotheses: what the interviews say of a statement, for and against, and what became of it over time."""
