"""The recipe of the bundled embedder: sentence pairs and teachers in, a static trilingual model out."""
