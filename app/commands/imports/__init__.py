"""`verbatim import SUBJECT`: what is taken in from files; a module for each subject, and its summary here."""

SUMMARIES = {
    "codebook": "Import codes from a REFI-QDA codebook (.qdc) or from CSV.",
    "taggings": "Import taggings from CSV.",
    "project": "Import codes and codings from a REFI-QDA project (.qdpx): ATLAS.ti, MAXQDA, NVivo, QualCoder.",
}
