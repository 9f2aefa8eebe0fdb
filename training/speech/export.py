"""From a trained network to the CTranslate2 folder that faster-whisper loads."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from ctranslate2.converters import TransformersConverter
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast, WhisperConfig, WhisperForConditionalGeneration

from training.speech.network import LABEL_POSITIONS, POSITIONS, Network, Shape
from training.speech.tokenizer import END, LANGUAGE_TOKENS, START, token_id

PREPROCESSOR = {
    "chunk_length": 30,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": 80,
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": 480_000,
    "nb_max_frames": 3_000,
    "padding_side": "right",
    "padding_value": 0.0,
    "processor_class": "WhisperProcessor",
    "return_attention_mask": False,
    "sampling_rate": 16_000,
}


def export_model(network: Network, shape: Shape, tokenizer: Tokenizer, compact_ids: torch.Tensor, folder: Path) -> None:
    """Write the int8 folder; its README.md, if any, stays."""
    with TemporaryDirectory() as scratch:
        source, converted = Path(scratch, "source"), Path(scratch, "converted")
        _as_transformers(network, shape, tokenizer, compact_ids).save_pretrained(source)
        wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token=END)  # type: ignore[no-untyped-call]
        wrapped.save_pretrained(source)
        TransformersConverter(str(source)).convert(str(converted), quantization="int8")
        _complete(converted, tokenizer)
        folder.mkdir(parents=True, exist_ok=True)
        for made in converted.iterdir():
            shutil.copyfile(made, folder / made.name)


def _as_transformers(
    network: Network, shape: Shape, tokenizer: Tokenizer, compact_ids: torch.Tensor
) -> WhisperForConditionalGeneration:
    end = token_id(tokenizer, END)
    model = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=tokenizer.get_vocab_size(),
            num_mel_bins=shape.mel_bands,
            d_model=shape.width,
            encoder_layers=shape.encoder_layers,
            decoder_layers=shape.decoder_layers,
            encoder_attention_heads=shape.heads,
            decoder_attention_heads=shape.heads,
            encoder_ffn_dim=shape.feed_forward,
            decoder_ffn_dim=shape.feed_forward,
            max_source_positions=POSITIONS,
            max_target_positions=LABEL_POSITIONS,
            pad_token_id=end,
            bos_token_id=end,
            eos_token_id=end,
            decoder_start_token_id=token_id(tokenizer, START),
        )
    )
    state = {name: weight for name, weight in network.state_dict().items() if not name.startswith("spell.")}
    state["decoder.embed_tokens.weight"] = state["decoder.embed_tokens.weight"][compact_ids]
    model.model.load_state_dict(state)
    return model


def _complete(folder: Path, tokenizer: Tokenizer) -> None:
    """Add what the converter leaves out: the language tokens, by which CTranslate2 detects, and the tokenizer."""
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR), encoding="utf-8")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["lang_ids"] = [token_id(tokenizer, language) for language in LANGUAGE_TOKENS]
    config["suppress_ids"] = []
    config["suppress_ids_begin"] = [token_id(tokenizer, END)]
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
