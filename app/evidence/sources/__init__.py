"""External documents: versions of each, cut into chunks that are found and cited, and never counted as people."""
