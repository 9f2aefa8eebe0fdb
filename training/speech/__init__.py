"""A tiny multilingual Whisper for synthetic voices, and the sample recordings that it transcribes."""
