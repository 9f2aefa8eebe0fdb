"""One page for people who never open the service: what a study comes to, in a single file."""
