"""Log-mel spectra as faster-whisper computes them, before and after its scaling by the loudest value."""

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from training.speech.espeak import Samples

MEL_BANDS = 80
FRAME_MS = 10
QUIETEST = -10.0
"""log10 of the lowest power that faster-whisper tells from silence."""

Spectrum = NDArray[np.floating]
"""log10 of mel power, shape (n_frames, MEL_BANDS)."""

_EXTRACTOR = FeatureExtractor(feature_size=MEL_BANDS)


def measure_spectrum(samples: Samples) -> Spectrum:
    """Compute the log-mel power of 16 kHz audio, float16, a frame every 10 ms."""
    audio = samples.astype(np.float32) / 32_768
    window = np.hanning(_EXTRACTOR.n_fft + 1)[:-1].astype(np.float32)
    transform = _EXTRACTOR.stft(audio, _EXTRACTOR.n_fft, _EXTRACTOR.hop_length, window=window, return_complex=True)
    power = _EXTRACTOR.mel_filters @ np.abs(transform[..., :-1]) ** 2
    logarithms: Spectrum = np.log10(np.maximum(power, 10.0**QUIETEST)).T.astype(np.float16)
    return logarithms


def scale_spectrum(spectrum: Spectrum, loudest: float) -> NDArray[np.float32]:
    """Clamp to eight decades below the loudest value and map to about -1 to 1, as Whisper does."""
    return ((np.maximum(spectrum, loudest - 8.0) + 4.0) / 4.0).astype(np.float32)
