"""`verbatim export SUBJECT`: what is written to files for others; a module for each subject, and its summary here."""

SUMMARIES: dict[str, str] = {}
