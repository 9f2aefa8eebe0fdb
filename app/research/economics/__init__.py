"""Who brings the money, who of them was heard, and whom to invite next."""
