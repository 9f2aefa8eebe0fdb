"""The process that reads foreign recordings, those of one interview: run as `python -m ingest.speech.decoder`."""

import errno

from app.confinement import limit_cpu, limit_files, limit_memory
from app.errors import InsufficientStorageError
from ingest.speech.child import Tell, serve
from ingest.speech.decode import decode
from ingest.speech.messages import DecodeOrder, Progress, read_decode_order
from ingest.speech.sound import Decoded, sound_path
from ingest.speech.task import SAMPLE_HZ

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_MOST_BYTES_PER_S = 2 * 2 * SAMPLE_HZ
_FILE_MARGIN_S = 60


def decode_recordings(order: DecodeOrder, tell: Tell) -> tuple[Decoded, ...]:
    """Decode recordings into the files that `sound_path` names.

    Raises:
        RecordingError: one of them cannot be used.
        InsufficientStorageError: there is no room for their sound.
    """
    try:
        return tuple(
            decode(
                recording,
                sound_path(order.folder, number),
                order.limits,
                stereo=order.split_channels,
                progress=lambda _: tell(Progress(0, 0)),
            )
            for number, recording in enumerate(order.recordings)
        )
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise InsufficientStorageError("no room for decoded sound: free some, or set TMPDIR") from error
        raise


def carry_out(line: bytes, tell: Tell) -> tuple[Decoded, ...]:
    """Decode what an order names, within its limits."""
    order = read_decode_order(line)
    limits = order.limits
    limit_memory(limits.memory_bytes)
    limit_cpu(limits.decode_cpu_s)
    limit_files((limits.duration_s + _FILE_MARGIN_S) * _MOST_BYTES_PER_S)
    return decode_recordings(order, tell)


if __name__ == "__main__":
    serve(carry_out)
