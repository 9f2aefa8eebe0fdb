"""From recordings to what was said in them: decoding, speech regions, languages, transcription, its faults."""
