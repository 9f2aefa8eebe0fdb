"""How much each further interview still tells, and whether a study can stop."""
