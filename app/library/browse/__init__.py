"""Everything that participants said, narrowed facet by facet: which quotes there are, in which order, and how many."""
