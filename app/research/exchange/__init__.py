"""Codebooks and taggings as files of other tools: REFI-QDA (.qdc, .qdpx) and CSV, in both directions."""
