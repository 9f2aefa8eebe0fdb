"""The sample study and what renders it."""
