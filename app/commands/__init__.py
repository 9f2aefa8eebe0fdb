"""The commands of `verbatim`, one module each, imported when the command runs."""
