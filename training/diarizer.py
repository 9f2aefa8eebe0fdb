"""The tiny models by which the tests run sherpa-onnx: they tell low, middle and high sounds apart, not people.

Run as `python -m training.diarizer`; needs `pip install onnx`.
"""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path("tests/fixtures/diarizer")
SAMPLE_HZ = 16_000
PITCHES_HZ = (300, 1_000, 3_000)
"""What the three local speakers of a window sound like."""

WINDOW, FIELD, SHIFT = 160_000, 991, 270
"""Samples that pyannote's segmentation hears at once, those that one frame sees, and those between two frames."""

MELS = 80
_LEAST_POWER = 1e-4
_OPSET, _IR_VERSION = 17, 8


def segmentation() -> onnx.ModelProto:
    """Of the classes nobody, speakers 1 to 3 and their pairs, take the loudest of three bands, above a threshold."""
    phases = 2 * np.pi * np.outer(PITCHES_HZ, np.arange(FIELD)) / SAMPLE_HZ
    bands = np.stack([np.cos(phases), np.sin(phases)], axis=1).reshape(6, 1, FIELD) * np.hanning(FIELD) / FIELD
    powers = np.zeros((7, 6, 1))
    for speaker in range(3):
        powers[1 + speaker, 2 * speaker : 2 * speaker + 2] = 1.0
    bias = np.array([_LEAST_POWER, 0, 0, 0, -1, -1, -1])
    nodes = [
        helper.make_node("Conv", ["x", "bands"], ["waves"], strides=[SHIFT]),
        helper.make_node("Mul", ["waves", "waves"], ["squares"]),
        helper.make_node("Conv", ["squares", "powers", "bias"], ["classes"]),
        helper.make_node("Transpose", ["classes"], ["y"], perm=[0, 2, 1]),
    ]
    weights = {"bands": bands, "powers": powers, "bias": bias}
    return _model(
        nodes,
        weights,
        ["N", 1, "T"],
        ["N", "frames", 7],
        {
            "model_type": "pyannote-segmentation-3.0",
            "sample_rate": SAMPLE_HZ,
            "window_size": WINDOW,
            "receptive_field_size": FIELD,
            "receptive_field_shift": SHIFT,
            "num_speakers": 3,
            "powerset_max_classes": 2,
            "num_classes": 7,
        },
    )


def embedding() -> onnx.ModelProto:
    """The mean power of a voice in each mel band, whose logarithms it is given."""
    nodes = [
        helper.make_node("Exp", ["x"], ["powers"]),
        helper.make_node("ReduceMean", ["powers"], ["y"], axes=[1], keepdims=0),
    ]
    return _model(
        nodes,
        {},
        ["N", "T", MELS],
        ["N", MELS],
        {
            "framework": "wespeaker",
            "language": "none",
            "output_dim": MELS,
            "sample_rate": SAMPLE_HZ,
            "normalize_samples": 1,
            "feature_normalize_type": "",
        },
    )


def _model(
    nodes: list[onnx.NodeProto],
    weights: dict[str, NDArray[np.float64]],
    takes: list[str | int],
    gives: list[str | int],
    metadata: dict[str, str | int],
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, takes)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, gives)],
        [numpy_helper.from_array(weight.astype(np.float32), name) for name, weight in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    helper.set_model_props(model, {key: str(value) for key, value in metadata.items()})
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    onnx.save(segmentation(), FOLDER / "segmentation.onnx")
    onnx.save(embedding(), FOLDER / "embedding.onnx")
