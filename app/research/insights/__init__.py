"""Insights of a study: written, edited, linked with quotes, imported from boards, and read with what bears them out."""
