"""Trains the tiny VAE on 32x32 crops of nine frames: `train_vae.py OUT`."""

from __future__ import annotations

import argparse
import random

import numpy as np
import torch

import networks
import training
from clips import SIZE, scenes

BATCH = 3
CROP = 32
CROP_FRAMES = 9
LATENT_NOISE = 0.1
LATENT_PENALTY = 2e-3


def batch(rng: random.Random) -> torch.Tensor:
    """Random crops of random clips: float [BATCH, 3, CROP_FRAMES, CROP, CROP] in -1…1."""
    crops = []
    for _ in range(BATCH):
        y, x = rng.randint(0, SIZE - CROP), rng.randint(0, SIZE - CROP)
        clip = rng.choice(scenes()).render(rng, frames=CROP_FRAMES)
        crops.append(clip[:, y : y + CROP, x : x + CROP])
    return torch.from_numpy(np.stack(crops)).float().permute(0, 4, 1, 2, 3) / 127.5 - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", help="directory for the trained VAE")
    training.add_arguments(parser, minutes=35, seed=0)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    rng = random.Random(arguments.seed)

    vae = networks.vae()
    optimizer = torch.optim.AdamW(vae.parameters(), betas=(0.9, 0.99), weight_decay=0.0)
    for step, done in training.progress(arguments):
        clips = batch(rng)
        latents = vae.encode(clips).latent_dist.mode()
        # Noise makes the decoder forgiving; the penalty keeps the latents near -1…1.
        decoded = vae.decode(latents + LATENT_NOISE * torch.randn_like(latents)).sample
        error = decoded - clips
        loss = (
            error.abs().mean()
            + 0.5 * error.pow(2).mean()
            + LATENT_PENALTY * torch.relu(latents.pow(2) - 1).mean()
        )
        training.update(optimizer, loss, training.learning_rate(step, done, warmup=50, decay_from=0.6, floor=0.02))
        training.report(step, done, loss)
    vae.save_pretrained(arguments.out)


if __name__ == "__main__":
    main()
