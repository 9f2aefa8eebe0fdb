"""Question to answer: understand, retrieve, rank, compose, verify, cite, count."""
