"""What tagging weighs: targets, features, confidence."""
