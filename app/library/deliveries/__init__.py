"""Files that come over the web to be ingested: taken in, looked after, started, given up."""
