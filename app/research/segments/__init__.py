"""Segments: who belongs to which, by criteria that each can be tested, and what each is like."""
