#!/usr/bin/env python3
"""Writes vectors.json: PSNR and SSIM of made-up images, by scikit-image 0.25.2 (numpy and scikit-image are all it needs)."""

import json
from pathlib import Path

import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def image(height, width, frame):
    """Stripes and squares with some texture; every pixel is a formula that Java has, too."""
    y, x, c = np.mgrid[:height, :width, :3]
    return (x * 7 + y * 13 + c * 50 + x * y % 17 * 3 + 40 * ((x // 8 + y // 8 + frame) % 2)) % 256


def noisy(pixels, strength):
    y, x, c = np.mgrid[: pixels.shape[0], : pixels.shape[1], :3]
    return np.clip(pixels + (x * 31 + y * 17 + c * 11) % (2 * strength + 1) - strength, 0, 255)


def measure(height, width, frames, strength):
    expected = np.stack([image(height, width, frame) for frame in range(frames)]).astype(np.uint8)
    actual = np.stack([noisy(image(height, width, frame), strength) for frame in range(frames)]).astype(np.uint8)
    ssim = [
        structural_similarity(
            a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255, channel_axis=-1
        )
        for a, b in zip(expected, actual)
    ]
    return {
        "height": height,
        "width": width,
        "frames": frames,
        "strength": strength,
        "psnr": peak_signal_noise_ratio(expected, actual, data_range=255),
        "ssim": float(np.mean(ssim)),
    }


VECTORS = [(16, 16, 1, 1), (11, 11, 1, 20), (64, 64, 3, 5), (48, 80, 2, 40), (33, 17, 2, 100)]
vectors = [measure(*vector) for vector in VECTORS]
(Path(__file__).parent / "vectors.json").write_text(json.dumps(vectors, indent=2) + "\n")
