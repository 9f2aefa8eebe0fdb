"""How good the answers are: a gold file against what the service says."""
