"""What training makes small: wrong tokens, wrong spelling, attention that strays from what is said or is too sharp."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from training.speech.labels import IGNORED, Batch, Padding
from training.speech.network import Network

SPELLING_WEIGHT = 0.4
GUIDE_WEIGHT = 3.0
GUIDE_WIDTH = 20.0
"""How far attention may stray from where a token is heard, in positions of the encoder."""
SHARPNESS_WEIGHT = 0.05
FAINTEST = 40.0
"""How faint the attention to a position may be, as the negative logarithm of its weight. CTranslate2 divides by
the spread of the weights of a position: where guided attention is so sharp that all are exactly zero, no word has
a time."""


@dataclass(frozen=True)
class Losses:
    """The parts of the loss over one batch, and the share of tokens that were right."""

    tokens: Tensor
    spelling: Tensor
    guide: Tensor
    sharpness: Tensor
    right: Tensor

    @property
    def total(self) -> Tensor:
        """What is minimised."""
        spelled, guided = SPELLING_WEIGHT * self.spelling, GUIDE_WEIGHT * self.guide
        return self.tokens + spelled + guided + SHARPNESS_WEIGHT * self.sharpness

    def numbers(self) -> tuple[float, ...]:
        """The total and the parts as plain numbers."""
        parts = self.total, self.tokens, self.spelling, self.guide, self.sharpness, self.right
        return tuple(float(part.detach()) for part in parts)


def measure_losses(network: Network, batch: Batch, padding: Padding) -> Losses:
    """Run the network over a batch, each token given those before it."""
    heard, bias = network.encoder(batch.spectra)
    scores, log_weights = network.decoder(batch.given, heard, bias)
    # One compact token stands for the whole padding of the vocabulary: it must stay unlikely that many times.
    scores[..., padding.compact_id] += math.log(padding.count)
    known = batch.wanted != IGNORED
    return Losses(
        tokens=functional.cross_entropy(scores.flatten(0, 1), batch.wanted.flatten(), ignore_index=IGNORED),
        spelling=_spelling_loss(network, heard, batch),
        guide=_guide_loss(log_weights.exp(), batch),
        sharpness=_sharpness_loss(log_weights, batch),
        right=(scores.argmax(-1) == batch.wanted)[known].float().mean(),
    )


def _spelling_loss(network: Network, heard: Tensor, batch: Batch) -> Tensor:
    """Connectionist temporal classification of the characters, over each window's own positions."""
    chances = network.spell(heard[:, : batch.spectra.shape[1] // 2]).log_softmax(-1).transpose(0, 1)
    lengths = torch.tensor([len(spelling) for spelling in batch.spellings])
    losses = functional.ctc_loss(
        chances, torch.cat(batch.spellings), batch.positions, lengths, reduction="none", zero_infinity=True
    )
    spelled = lengths > 0
    return (losses[spelled] / lengths[spelled]).sum() / len(lengths)


def _guide_loss(weights: Tensor, batch: Batch) -> Tensor:
    """Attention that falls far from where the next token is heard; padding lies where it is not heard."""
    window = batch.spectra.shape[1] // 2
    distance = torch.arange(window) - batch.places[..., None]
    closeness = (-((distance / GUIDE_WIDTH) ** 2) / 2).exp()
    near = (weights[..., :window].mean(1) * closeness).sum(-1)
    timed = batch.places >= 0
    return (1 - near)[timed].sum() / timed.sum().clamp(min=1)


def _sharpness_loss(log_weights: Tensor, batch: Batch) -> Tensor:
    """Attention to any position that is too faint."""
    known = (batch.wanted != IGNORED)[:, None, :, None]
    return ((-FAINTEST - log_weights).relu() * known).mean()
