"""Recording or transcript to published interview."""
