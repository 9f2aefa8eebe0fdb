"""The child that decodes, brought down by recordings whose names say how."""

import os
import signal
import threading

from ingest.speech.child import Tell, serve
from ingest.speech.decoder import carry_out
from ingest.speech.messages import read_decode_order
from ingest.speech.sound import Decoded


def poisoned(line: bytes, tell: Tell) -> tuple[Decoded, ...]:
    """Decode, unless the recording is poison."""
    match read_decode_order(line).recordings[0].stem:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hang":
            threading.Event().wait()
        case "lie":
            return ()
    return carry_out(line, tell)


if __name__ == "__main__":
    serve(poisoned)
