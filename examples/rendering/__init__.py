"""From the sample study's gold turns to the study folder that `verbatim ingest` reads."""
