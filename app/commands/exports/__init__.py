"""`verbatim export SUBJECT`: what is written to files for others; a module for each subject, and its summary here."""

SUMMARIES = {
    "codebook": "Export the codes of a study as a REFI-QDA codebook (.qdc) or as CSV.",
    "taggings": "Export the taggings of a study as CSV.",
    "participant": "Export everything that is held of a participant as one archive (Art. 15 and 20 GDPR).",
    "project": "Export transcripts, codes and taggings as a REFI-QDA project (.qdpx).",
}
