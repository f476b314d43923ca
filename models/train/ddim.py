"""DDIM on timesteps of any choice, which diffusers' schedulers for CogVideoX cannot take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from diffusers import CogVideoXPipeline, CogVideoXTransformer3DModel


@torch.no_grad()
def encode(pipeline: CogVideoXPipeline, texts: list[str]) -> torch.Tensor:
    """Encodes sentences as the transformer reads them: [texts, tokens, width]."""
    length = pipeline.transformer.config.max_text_seq_length
    return pipeline.encode_prompt(texts, do_classifier_free_guidance=False, max_sequence_length=length)[0]


def steps(
    transformer: CogVideoXTransformer3DModel,
    alphas: torch.Tensor,
    latents: torch.Tensor,
    timesteps: Sequence[int],
    text: torch.Tensor,
    empty: torch.Tensor,
    guidance: float,
) -> Iterator[torch.Tensor]:
    """Yields the latents after each step, from each timestep to the next and from the last to the video.

    alphas are a scheduler's alphas_cumprod, latents noise [videos, frames, channels, height, width], text the encoded
    sentences [videos, tokens, width], empty the encoded empty one [1, tokens, width]; guidance 1 draws without it.
    """
    for timestep, following in zip(timesteps, [*timesteps[1:], None], strict=True):
        velocity = predict(transformer, latents, timestep, text, empty, guidance)
        signal, noise = levels(alphas, timestep)
        video, predicted_noise = signal * latents - noise * velocity, signal * velocity + noise * latents
        signal, noise = levels(alphas, following)
        latents = signal * video + noise * predicted_noise
        yield latents


def predict(
    transformer: CogVideoXTransformer3DModel,
    latents: torch.Tensor,
    timestep: int,
    text: torch.Tensor,
    empty: torch.Tensor,
    guidance: float,
) -> torch.Tensor:
    """v, with classifier-free guidance where guidance is not 1."""
    timestep = torch.full((len(latents),), timestep)
    conditional = transformer(latents, text, timestep, return_dict=False)[0]
    if guidance == 1:
        return conditional
    unconditional = transformer(latents, empty.expand_as(text), timestep, return_dict=False)[0]
    return unconditional + guidance * (conditional - unconditional)


def levels(alphas: torch.Tensor, timestep: int | None) -> tuple[float, float]:
    """Signal and noise at a timestep; without one, those of the video."""
    alpha = 1.0 if timestep is None else float(alphas[timestep])
    return alpha**0.5, (1 - alpha) ** 0.5


def trailing(count: int) -> list[int]:
    """The timesteps of so many steps as diffusers spaces them for CogVideoX."""
    return [round(1000 - 1000 * step / count) - 1 for step in range(count)]
