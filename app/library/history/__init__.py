"""What was asked before, and what readers think of the answers."""
