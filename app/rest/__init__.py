"""The REST surface: thin adapters over the features."""
