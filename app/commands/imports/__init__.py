"""`verbatim import SUBJECT`: what is taken in from files; a module for each subject, and its summary here."""

SUMMARIES: dict[str, str] = {}
