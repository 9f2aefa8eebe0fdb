"""Tagging without a chat model: which codes and kinds a participant's words affirm or deny, and how surely."""
