#!/usr/bin/env python3
"""Writes vectors.json: what DDIM and the SDE variant of DPM-Solver++(2M) make of latents on timesteps of any choice.

Written from the papers (arXiv:2010.02502, equation 12 without its noise; arXiv:2211.01095, appendix on SDE solvers), in
float64 and in terms of the predicted noise and of half log-SNRs; diffusers' schedulers for CogVideoX take no timesteps.
numpy is all it needs. Samples, outputs and noise are formulas that Java has, too.
"""

import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SIZE = 16
TIMESTEPS = [[999, 856, 665, 399], [999, 500, 1, 0], [999], [700, 650, 20], list(range(999, -1, -53))]


def wave(step, kind):
    """kind 0: the first latents, 1: what the network puts out, 2: noise."""
    i = np.arange(SIZE, dtype=np.float64)
    return np.float32(np.sin(1.7 * i + 0.9 * step + 2.3 * kind) * 1.5).astype(np.float64)


def alphas_cumprod(config):
    """Betas, cumulated, shifted (x / (s + (1 - s) x)), with the last one at zero signal."""
    roots = np.linspace(config["beta_start"] ** 0.5, config["beta_end"] ** 0.5, config["num_train_timesteps"])
    alphas = np.cumprod(1 - roots**2)
    shift = config["snr_shift_scale"]
    alphas = alphas / (shift + (1 - shift) * alphas)
    signal = np.sqrt(alphas)
    return ((signal - signal[-1]) * signal[0] / (signal[0] - signal[-1])) ** 2


def levels(alphas, timestep):
    """Signal and noise of a timestep; of the video itself where it is negative."""
    alpha = alphas[timestep] if timestep >= 0 else 1.0
    return np.sqrt(alpha), np.sqrt(1 - alpha)


def ddim(alphas, timesteps):
    x = wave(0, 0)
    for step, (timestep, following) in enumerate(zip(timesteps, timesteps[1:] + [-1])):
        v = wave(step, 1)
        signal, noise = levels(alphas, timestep)
        video, predicted_noise = signal * x - noise * v, signal * v + noise * x
        signal, noise = levels(alphas, following)
        x = signal * video + noise * predicted_noise
        yield x


def dpm(alphas, timesteps):
    def half_log_snr(timestep):
        with np.errstate(divide="ignore"):
            signal, noise = levels(alphas, timestep)
            return np.log(signal) - np.log(noise)

    x, before = wave(0, 0), None
    for step, (timestep, following) in enumerate(zip(timesteps, timesteps[1:] + [-1])):
        signal, noise = levels(alphas, timestep)
        video = signal * x - noise * wave(step, 1)
        h = half_log_snr(following) - half_log_snr(timestep)
        direction = video
        if before is not None and following >= 0:
            last_h = half_log_snr(timestep) - half_log_snr(before[0])
            direction = video + h / last_h / 2 * (video - before[1])
        next_signal, next_noise = levels(alphas, following)
        decay = np.exp(-h)
        x = next_noise / noise * decay * x + next_signal * (1 - decay**2) * direction
        x = x + next_noise * np.sqrt(1 - decay**2) * wave(step, 2)
        before = timestep, video
        yield x


vectors = []
for scheduler, kind in ((ddim, "2b"), (dpm, "5b")):
    config = json.loads((HERE.parent / "reference" / kind / "scheduler/scheduler_config.json").read_text())
    for timesteps in TIMESTEPS:
        latents = [list(x) for x in scheduler(alphas_cumprod(config), timesteps)]
        vectors.append({"checkpoint": kind, "timesteps": timesteps, "latents": latents})
(HERE / "vectors.json").write_text(json.dumps(vectors, indent=1) + "\n")
