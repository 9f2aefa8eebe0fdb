"""Which selection criteria who named, for and against, of the product, its competitors and the house alternative."""
