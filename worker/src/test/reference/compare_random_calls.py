"""Makes random calls of diffusers and of `text2video trace` with the reference checkpoints, and compares the frames.

    python compare_random_calls.py SEED COUNT

run from this directory, needs torch 2.7.1, diffusers 0.39.0, transformers 4.57.1 and a built ./text2video. Prints one line
a call; exits with 1 when frames of any differ by more than 60 dB allow.
"""

import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from diffusers import CogVideoXImageToVideoPipeline, CogVideoXPipeline
from PIL import Image
from safetensors import safe_open

HERE = Path(__file__).resolve().parent
CHECKPOINTS = HERE.parent / "resources" / "reference"
TEXT2VIDEO = HERE.parents[3] / "text2video"
KINDS = ["2b", "5b", "1.5", "i2v", "1.5-i2v", "odd-5b", "odd-1.5-i2v", "odd-i2v"]
DECIBELS = 60

pipelines = {}


def pipeline(kind):
    if kind not in pipelines:
        family = CogVideoXImageToVideoPipeline if "i2v" in kind else CogVideoXPipeline
        pipelines[kind] = family.from_pretrained(CHECKPOINTS / kind, torch_dtype=torch.float32)
        pipelines[kind].set_progress_bar_config(disable=True)
    return pipelines[kind]


def size(config):
    """In pixels: the one of learned positions, else what the grid of 1.5 holds, else anything small."""
    if config.use_learned_positional_embeddings:
        return config.sample_height * 8, config.sample_width * 8
    most = (config.sample_height // 2, config.sample_width // 2) if config.patch_size_t else (7, 7)
    return tuple(16 * random.randint(1, side) for side in most)


def random_call(config):
    height, width = size(config)
    return dict(
        prompt=random.choice(["a cat", "A red ball moving left — café", "", "x " * 300]),
        negative_prompt=random.choice(["", "blurry"]),
        height=height,
        width=width,
        num_frames=4 * random.randint(0, 7) + 1,
        num_inference_steps=random.choice([1, 2, 3, 5, 9, 17, 25, 50]),
        guidance_scale=random.choice([0.5, 1.0, 1.5, 6.0, 12.0]),
        use_dynamic_cfg=random.random() < 0.5,
    )


def ours(kind, call, seed, image, out):
    command = [TEXT2VIDEO, "trace", "--model", CHECKPOINTS / kind, "--out", out, "--seed", str(seed)]
    for name, value in call.items():
        flag = "--" + name.replace("_", "-")
        if name == "use_dynamic_cfg":
            command.append("--dynamic-cfg" if value else "--no-dynamic-cfg")
        else:
            command += [flag, str(value)]
    if image is not None:
        command += ["--image", image]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return safe_open(out, "pt").get_tensor("frames")


def compare(directory):
    kind = random.choice(KINDS)
    theirs = pipeline(kind)
    call = random_call(theirs.transformer.config)
    seed = random.randrange(2**31)
    extra, image = {}, None
    if "i2v" in kind:
        shape = (random.randint(1, 200), random.randint(1, 200), 3)
        extra["image"] = Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8))
        image = directory / "image.png"
        extra["image"].save(image)
    generator = torch.Generator().manual_seed(seed)
    expected = theirs(generator=generator, output_type="pt", **call, **extra).frames
    actual = ours(kind, call, seed, image, directory / "trace.safetensors")
    assert actual.shape == expected.shape, (kind, call, actual.shape, expected.shape)
    error = ((actual - expected) ** 2).mean().item()
    decibels = 10 * math.log10(1 / max(error, 1e-30))
    shown = {key: value for key, value in call.items() if "prompt" not in key}
    print(f"{kind}: {decibels:.0f} dB, largest difference {(actual - expected).abs().max():.1e}; seed {seed}, {shown}")
    return decibels >= DECIBELS


if __name__ == "__main__":
    random.seed(int(sys.argv[1]))
    with tempfile.TemporaryDirectory() as directory:
        results = [compare(Path(directory)) for _ in range(int(sys.argv[2]))]
    print(f"{sum(results)} of {len(results)} calls agree")
    sys.exit(0 if all(results) else 1)
