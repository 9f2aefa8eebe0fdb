"""Whisper's network in plain torch; its parameters are named as in transformers, so that they convert."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

POSITIONS = 1500
"""Of the encoder: 30 s, one every 20 ms."""
LABEL_POSITIONS = 448
SAMPLED_PADDING = 64
"""How many positions stand for all padding behind a short window while training."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the network."""

    width: int = 128
    heads: int = 4
    feed_forward: int = 512
    encoder_layers: int = 4
    decoder_layers: int = 2
    mel_bands: int = 80


class Attention(nn.Module):
    """Multi-head attention with Whisper's biases."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.q_proj = nn.Linear(shape.width, shape.width)
        self.k_proj = nn.Linear(shape.width, shape.width, bias=False)
        self.v_proj = nn.Linear(shape.width, shape.width)
        self.out_proj = nn.Linear(shape.width, shape.width)

    def forward(self, queries: Tensor, keys: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Attend; `bias` is added to the scores, shape (n_keys,) or (n_queries, n_keys).

        Returns the mixture, and the logarithms of the weights, shape (batch, heads, n_queries, n_keys). Written out
        because torch's own attention is slower on processors and gives no weights.
        """
        query, key, value = self._project(queries, keys)
        scaled = query / math.sqrt(query.shape[-1])
        log_weights = (scaled @ key.transpose(2, 3) + bias.to(query.dtype)).log_softmax(-1)
        mixed: Tensor = self.out_proj((log_weights.exp().to(value.dtype) @ value).transpose(1, 2).flatten(2))
        return mixed, log_weights

    def _project(self, queries: Tensor, keys: Tensor) -> Sequence[Tensor]:
        projected = self.q_proj(queries), self.k_proj(keys), self.v_proj(keys)
        return [part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in projected]


class Layer(nn.Module):
    """What the layers of encoder and decoder share."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.self_attn = Attention(shape)
        self.self_attn_layer_norm = nn.LayerNorm(shape.width)
        self.fc1 = nn.Linear(shape.width, shape.feed_forward)
        self.fc2 = nn.Linear(shape.feed_forward, shape.width)
        self.final_layer_norm = nn.LayerNorm(shape.width)

    def feed(self, hidden: Tensor) -> Tensor:
        """The feed-forward part with its residual."""
        fed: Tensor = hidden + self.fc2(functional.gelu(self.fc1(self.final_layer_norm(hidden))))
        return fed


class EncoderLayer(Layer):
    """Attends to every position."""

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Attend and feed forward."""
        normed = self.self_attn_layer_norm(hidden)
        return self.feed(hidden + self.self_attn(normed, normed, bias)[0])


class DecoderLayer(Layer):
    """Attends to the tokens so far, then to what is heard."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.encoder_attn = Attention(shape)
        self.encoder_attn_layer_norm = nn.LayerNorm(shape.width)

    def forward(self, hidden: Tensor, heard: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Attend twice and feed forward; returns the logarithms of the second attention's weights too."""
        normed = self.self_attn_layer_norm(hidden)
        hidden = hidden + self.self_attn(normed, normed, self._later_tokens(normed))[0]
        attended, log_weights = self.encoder_attn(self.encoder_attn_layer_norm(hidden), heard, bias)
        return self.feed(hidden + attended), log_weights

    @staticmethod
    def _later_tokens(hidden: Tensor) -> Tensor:
        """Hide from each token those after it."""
        return torch.full((hidden.shape[1], hidden.shape[1]), -math.inf).triu(1)


class Encoder(nn.Module):
    """From spectra to what is heard at each position."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(shape.mel_bands, shape.width, 3, padding=1)
        self.conv2 = nn.Conv1d(shape.width, shape.width, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(POSITIONS, shape.width, _weight=_sinusoids(shape.width), _freeze=True)
        self.layers = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.layer_norm = nn.LayerNorm(shape.width)

    def forward(self, spectra: Tensor) -> tuple[Tensor, Tensor]:
        """Encode windows that are padded to 30 s with zeros, as faster-whisper pads them.

        Args:
            spectra: shape (batch, n_frames, mel_bands), n_frames even; what is missing to 30 s is padding.

        Returns:
            The output, shape (batch, n_positions, width): the window's n_frames / 2 positions, then at most
            SAMPLED_PADDING positions drawn from the padding; and what to add to the attention scores of each position,
            so that those drawn weigh as much as the whole padding.
        """
        window = spectra.shape[1] // 2
        padding = torch.randperm(POSITIONS - window)[:SAMPLED_PADDING].sort().values + window
        hidden = self._convolve(functional.pad(spectra, (0, 0, 0, 8)))
        silent = hidden[:, -2:-1].expand(-1, len(padding), -1)
        places = torch.cat([torch.arange(window), padding])
        hidden = torch.cat([hidden[:, :window], silent], 1) + self.embed_positions.weight[places]
        bias = torch.zeros(len(places))
        if len(padding):
            bias[window:] = math.log((POSITIONS - window) / len(padding))
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return self.layer_norm(hidden), bias

    def _convolve(self, spectra: Tensor) -> Tensor:
        first = functional.gelu(self.conv1(spectra.transpose(1, 2)))
        return functional.gelu(self.conv2(first)).transpose(1, 2)


class Decoder(nn.Module):
    """From what is heard and the tokens so far to the next token."""

    def __init__(self, shape: Shape, tokens: int) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(tokens, shape.width)
        self.embed_positions = nn.Embedding(LABEL_POSITIONS, shape.width)
        nn.init.normal_(self.embed_tokens.weight, std=0.05)
        nn.init.normal_(self.embed_positions.weight, std=0.02)
        self.layers = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.layer_norm = nn.LayerNorm(shape.width)

    def forward(self, tokens: Tensor, heard: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Return the scores of the next token at each place, and the logarithms of the last layer's attention."""
        hidden = self.embed_tokens(tokens) + self.embed_positions.weight[: tokens.shape[1]]
        log_weights = hidden
        for layer in self.layers:
            hidden, log_weights = layer(hidden, heard, bias)
        return self.layer_norm(hidden) @ self.embed_tokens.weight.T, log_weights


class Network(nn.Module):
    """Encoder and decoder, and a head that spells what is heard, which only training uses."""

    def __init__(self, shape: Shape, tokens: int, characters: int) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.decoder = Decoder(shape, tokens)
        self.spell = nn.Linear(shape.width, characters)


def _sinusoids(width: int) -> Tensor:
    """Whisper's positions of the encoder, shape (POSITIONS, width)."""
    steps = torch.exp(-math.log(10_000) / (width // 2 - 1) * torch.arange(width // 2))
    angles = torch.arange(POSITIONS)[:, None] * steps
    return torch.cat([angles.sin(), angles.cos()], 1)
