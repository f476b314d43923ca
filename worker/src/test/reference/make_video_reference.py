"""Writes what diffusers makes of a video, as the tests' reference.

    python make_video_reference.py CHECKPOINTS OUT_FOLDER

needs torch 2.7.1, diffusers 0.39.0, transformers 4.57.1. CHECKPOINTS holds the folders 2b, 5b and 1.5. OUT_FOLDER gets

source.safetensors           the video that the others are made from: smooth colours that move, and some noise; of no size that
                             a model draws, so that it is resized
KIND-STRENGTH.safetensors    the call in its metadata; the encoded latents, what was drawn for them and for the noise, both
                             mixed, the latents after each step, and for one strength a kind the frames, rounded to bytes
KIND-add-noise.safetensors   what the kind's scheduler mixes of clean latents and noise in each dtype, at some timesteps
"""

import sys
from pathlib import Path

import numpy as np
import torch
from diffusers import CogVideoXVideoToVideoPipeline
from diffusers.pipelines.cogvideo import pipeline_cogvideox_video2video as module
from PIL import Image
from safetensors.torch import save_file

PROMPT = "A red kite over the dunes"
NEGATIVE = "noise"
SEED = 7
HEIGHT, WIDTH = 32, 48
SOURCE_FRAMES, SOURCE_HEIGHT, SOURCE_WIDTH = 13, 23, 37
KINDS = {
    "2b": dict(num_frames=9, num_inference_steps=6, guidance_scale=6.0, use_dynamic_cfg=False, strengths=(0.8, 0.35)),
    "5b": dict(num_frames=9, num_inference_steps=6, guidance_scale=6.0, use_dynamic_cfg=True, strengths=(0.8, 0.5)),
    "1.5": dict(num_frames=13, num_inference_steps=4, guidance_scale=4.5, use_dynamic_cfg=True, strengths=(1.0, 0.75)),
}


def source():
    t, y, x = np.meshgrid(*(np.arange(n) for n in (SOURCE_FRAMES, SOURCE_HEIGHT, SOURCE_WIDTH)), indexing="ij")
    colours = [128 + 90 * np.sin(0.21 * x + 0.13 * y + 0.4 * t + phase) for phase in (0, 2, 4)]
    noise = np.random.default_rng(5).integers(-30, 31, (*t.shape, 3))
    return np.clip(np.stack(colours, axis=-1) + noise, 0, 255).astype(np.uint8)


def make(checkpoint, kind, video, strength, with_frames):
    pipeline = CogVideoXVideoToVideoPipeline.from_pretrained(checkpoint)
    pipeline.set_progress_bar_config(disable=True)
    tensors = {}
    call = {key: value for key, value in kind.items() if key not in ("strengths", "num_frames")}
    add_noise, randn = pipeline.scheduler.add_noise, torch.randn

    def noised(latents, noise, timesteps):
        mixed = add_noise(latents, noise, timesteps)
        tensors.update({"video_latents": latents, "pipeline_noise.0": noise, "noised_latents": mixed})
        return mixed

    def after_step(pipe, step, timestep, state):
        tensors[f"latents.{step}"] = state["latents"].clone()
        tensors.setdefault("timesteps", []).append(float(timestep))
        return state

    retrieve = module.retrieve_latents

    def sampled(output, generator):
        # The same draw as the sample's, from a copy of the generator.
        shape = output.latent_dist.mean.shape
        tensors["video_noise.0"] = randn(shape, generator=generator.clone_state())
        return retrieve(output, generator)

    pipeline.scheduler.add_noise = noised
    module.retrieve_latents = sampled
    result = pipeline(
        video=[Image.fromarray(frame) for frame in video[: kind["num_frames"]]],
        prompt=PROMPT,
        negative_prompt=NEGATIVE,
        height=HEIGHT,
        width=WIDTH,
        strength=strength,
        generator=torch.Generator().manual_seed(SEED),
        output_type="pt",
        callback_on_step_end=after_step,
        **call,
    ).frames
    module.retrieve_latents = retrieve
    tensors["timesteps"] = torch.tensor(tensors["timesteps"])
    if with_frames:
        # [1, F, 3, H, W] in [0, 1] -> [F, H, W, 3]
        tensors["frames_rgb8"] = result[0].permute(0, 2, 3, 1).mul(255).round().to(torch.uint8)
    metadata = {key: str(value).lower() for key, value in call.items()}
    metadata["steps"] = metadata.pop("num_inference_steps")
    metadata |= dict(
        prompt=PROMPT, negative_prompt=NEGATIVE, seed=str(SEED), strength=str(strength), height=str(HEIGHT),
        width=str(WIDTH), num_frames=str(kind["num_frames"]),
    )
    return {name: tensor.contiguous() for name, tensor in tensors.items()}, metadata


def mixed(scheduler):
    generator = torch.Generator().manual_seed(3)
    tensors = {}
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        name = str(dtype).removeprefix("torch.")
        clean = torch.randn((1, 1, 2, 3, 5), generator=generator).to(dtype)
        noise = torch.randn((1, 1, 2, 3, 5), generator=generator).to(dtype)
        tensors |= {f"{name}.clean": clean, f"{name}.noise": noise}
        for timestep in (999, 998, 800, 499, 35, 0):
            tensors[f"{name}.{timestep}"] = scheduler.add_noise(clean, noise, torch.tensor([timestep]))
    return tensors


def main():
    checkpoints, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    video = source()
    save_file({"source_rgb8": torch.from_numpy(video)}, out / "source.safetensors")
    for name, kind in KINDS.items():
        for i, strength in enumerate(kind["strengths"]):
            tensors, metadata = make(checkpoints / name, kind, video, strength, with_frames=i == 0)
            save_file(tensors, out / f"{name}-{strength}.safetensors", metadata=metadata)
            print(name, strength, {key: tuple(tensor.shape) for key, tensor in tensors.items()}, tensors["timesteps"])
        scheduler = CogVideoXVideoToVideoPipeline.from_pretrained(checkpoints / name).scheduler
        save_file(mixed(scheduler), out / f"{name}-add-noise.safetensors")


if __name__ == "__main__":
    main()
