"""Opus files."""

from io import BytesIO

import av
import numpy as np

from training.speech.espeak import SAMPLE_RATE_HZ, Samples

LAYOUTS = {1: "mono", 2: "stereo"}
FRAME_SAMPLES = 960


def encode_opus(channels: Samples, bits_per_second: int) -> bytes:
    """Encode audio of 16 kHz, shape (n_channels, n_samples), one or two channels; equal audio gives equal bytes."""
    buffer = BytesIO()
    layout = LAYOUTS[len(channels)]
    with av.open(buffer, "w", format="ogg", container_options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE_HZ, options={"application": "voip"})
        stream.layout = layout
        stream.bit_rate = bits_per_second
        for first in range(0, channels.shape[1], FRAME_SAMPLES):
            part = np.ascontiguousarray(channels[:, first : first + FRAME_SAMPLES].T.reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout=layout)
            frame.sample_rate = SAMPLE_RATE_HZ
            frame.pts = first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()
