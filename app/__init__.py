"""The service, and everything that ingest shares with it."""
