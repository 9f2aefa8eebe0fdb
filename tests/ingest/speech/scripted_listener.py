"""The child that listens, with a scripted model; the name of the model tells how it goes wrong."""

import os
import signal
import threading

from scripted_model import ScriptedModel

from ingest.speech.listener import listen
from ingest.speech.task import SpeechTask
from ingest.speech.transcription import ModelIdentity
from ingest.speech.whisper import SpeechModel


def load_scripted(task: SpeechTask) -> SpeechModel:
    """Load a model, or go wrong as a library may."""
    match task.model:
        case "crashes":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "raises":
            raise KeyError(task.model)
        case "hangs":
            threading.Event().wait()
        case "hungry":
            bytearray(1 << 44)
        case "spins":
            while True:
                pass
        case "babbles":
            print("a line that is no answer", flush=True)  # noqa: T201
    found = {"network": _has_network(), "secret": _has_secret()}
    identity = ModelIdentity(task.model, str(os.getpid()), "cpu", "none")
    return ScriptedModel(
        lambda _: {"de": 0.5} | {name: 0.9 for name, is_found in found.items() if is_found}, identity=identity
    )


def _has_network() -> bool:
    """Whether this process has any interface that is up."""
    with open("/proc/net/dev", encoding="ascii") as devices:  # noqa: PTH123
        return len(devices.readlines()) > 3


def _has_secret() -> bool:
    return any(name.startswith("VERBATIM_") for name in os.environ)


if __name__ == "__main__":
    listen(load_scripted)
