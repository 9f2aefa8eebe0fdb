"""The library: studies, participants, interviews, transcripts, quotes."""
