"""What a study comes to, as pictures with tables beneath; every mark opens the quotes behind it."""

from app.web.rooms.artefacts import economics, hypotheses, insights, matrix, qualification, saturation, segments

ARTEFACTS = (qualification, segments, matrix, saturation, economics, insights, hypotheses)
