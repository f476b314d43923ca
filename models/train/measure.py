"""Checks a checkpoint by what its videos show: `measure.py CHECKPOINT`.

Generates scenes, seed = the scene's number, and looks for the blob: it must have the colour and the shape that the sentence
says, and it must have moved the way the sentence says. Exits with 1 unless all colours and directions are right: some
shapes are lost in the VAE.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from diffusers import CogVideoXPipeline

import ddim
import lora
from clips import BACKGROUNDS, COLORS, MOVES, SHAPES, Scene, scenes

ROOT = Path(__file__).parents[2]
BATCH = 8
BLOB_DISTANCE = 60  # from the background's colour, of the 441 between black and white
LEAST_TRAVEL = 0.15  # of the frame's width
LEAST_AREA = 0.005  # of the frame


def blob(frame: np.ndarray, background: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Centre (x, y) in 0…1 and median colour of what is not background, and its pixels; None when nothing is there."""
    height, width, _ = frame.shape
    difference = frame - np.array(BACKGROUNDS[background])
    mask = np.linalg.norm(difference, axis=-1) > BLOB_DISTANCE
    if mask.sum() < LEAST_AREA * mask.size:
        return None
    rows, columns = np.nonzero(mask)
    color = np.median(difference[mask], axis=0)
    # Halfway from the background to that colour is the edge.
    pixels = difference @ color > color @ color / 2
    return np.array([columns.mean() / width, rows.mean() / height]), color + np.array(BACKGROUNDS[background]), pixels


def likeness(pixels: np.ndarray, shape: str) -> float:
    """Overlap, of 1, with the shape that has as many pixels and the same centre of gravity."""
    scene = Scene("", shape, "", "")
    x, y = np.meshgrid(*[np.linspace(-1, 1, 201)] * 2)
    ideal = scene.inside(x, y, 1)
    radius = (pixels.sum() / (ideal.mean() * 4)) ** 0.5
    rows, columns = np.nonzero(pixels)
    y0, x0 = rows.mean() - radius * y[ideal].mean(), columns.mean() - radius * x[ideal].mean()
    rows, columns = np.indices(pixels.shape)
    ideal = scene.inside(columns - x0, rows - y0, radius)
    return (pixels & ideal).sum() / (pixels | ideal).sum()


def seen(video: np.ndarray, background: str) -> tuple[str, str, str]:
    """The colour, shape and movement in a video [frames, height, width, 3] of 0…255, as the sentences name them."""
    blobs = [found for frame in video if (found := blob(frame, background)) is not None]
    if len(blobs) < len(video) / 2:
        return "nothing", "nothing", "nowhere"
    color = np.median([color for _, color, _ in blobs], axis=0)
    name = min(COLORS, key=lambda candidate: np.linalg.norm(color - np.array(COLORS[candidate])))
    shape = max(SHAPES, key=lambda candidate: sum(likeness(pixels, candidate) for _, _, pixels in blobs))
    travel = blobs[-1][0] - blobs[0][0]
    move = max(MOVES, key=lambda candidate: travel @ np.array(MOVES[candidate]))
    return name, shape, move if abs(travel).max() > LEAST_TRAVEL else "nowhere"


@torch.no_grad()
def draw(
    pipeline: CogVideoXPipeline, chosen: list[tuple[int, Scene]], timesteps: list[int], guidance: float, frames: int
) -> np.ndarray:
    """The scenes' videos by their numbers as seeds: [scenes, frames, height, width, 3] of 0…255."""
    config = pipeline.transformer.config
    size = (1, (frames - 1) // config.temporal_compression_ratio + 1, config.in_channels)
    size = (*size, config.sample_height, config.sample_width)
    noise = torch.cat([torch.randn(size, generator=torch.Generator().manual_seed(number)) for number, _ in chosen])
    text = ddim.encode(pipeline, [scene.sentences()[0] for _, scene in chosen])
    empty = ddim.encode(pipeline, [""])
    alphas = pipeline.scheduler.alphas_cumprod
    *_, latents = ddim.steps(pipeline.transformer, alphas, noise, timesteps, text, empty, guidance)
    videos = pipeline.video_processor.postprocess_video(pipeline.decode_latents(latents), output_type="np")
    return np.round(videos * 255)


def draw_with_engine(
    chosen: list[tuple[int, Scene]], shape: tuple[int, int, int, int], arguments: list[str]
) -> np.ndarray:
    """The same by DrawScenes.java, which gets the arguments."""
    paths = subprocess.run([ROOT / "text2video", "class-path"], check=True, capture_output=True, text=True).stdout.strip()
    sentences = "".join(f"{number} {scene.sentences()[0]}\n" for number, scene in chosen)
    command = ["java", "-cp", paths, Path(__file__).with_name("DrawScenes.java"), *arguments]
    drawn = subprocess.run(command, check=True, input=sentences.encode(), stdout=subprocess.PIPE).stdout
    return np.frombuffer(drawn, np.uint8).reshape(len(chosen), *shape)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--every", type=int, default=4, help="of the 144 scenes, every so many (default: %(default)s)")
    parser.add_argument("--limit", type=int, help="stop after so many scenes")
    spacing = parser.add_mutually_exclusive_group()
    spacing.add_argument("--steps", type=int, help="default: the checkpoint's own")
    spacing.add_argument("--timesteps", help="the steps' timesteps instead, with commas between: 999,839,599,199")
    parser.add_argument("--guidance", type=float, help="default: the checkpoint's own")
    parser.add_argument("--lora", type=Path, help="a LoRA that distil.py wrote")
    parser.add_argument("--scale", type=float, default=1.0, help="the LoRA's (default: %(default)s)")
    parser.add_argument("--engine", action="store_true", help="draw with this project's engine, not with PyTorch")
    parser.add_argument("--save", type=Path, metavar="NPY", help="keep the videos: [scenes, frames, height, width, 3]")
    parser.add_argument("--against", type=Path, metavar="NPY", help="say how near they are to those that were kept: PSNR")
    parser.add_argument("--threads", type=int, default=1, help="default: %(default)s")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    defaults = json.loads((arguments.checkpoint / "generation_config.json").read_text(encoding="utf-8"))
    timesteps = ddim.trailing(arguments.steps or defaults["num_inference_steps"])
    if arguments.timesteps:
        timesteps = [int(timestep) for timestep in arguments.timesteps.split(",")]
    guidance = defaults["guidance_scale"] if arguments.guidance is None else arguments.guidance
    chosen = list(enumerate(scenes()))[:: arguments.every][: arguments.limit]

    if arguments.engine:
        shape = (defaults["num_frames"], defaults["height"], defaults["width"], 3)
        flags = [str(arguments.checkpoint), ",".join(map(str, timesteps)), str(guidance)]
        if arguments.lora:
            flags += [str(arguments.lora), str(arguments.scale)]
        videos = draw_with_engine(chosen, shape, flags)
    else:
        pipeline = CogVideoXPipeline.from_pretrained(arguments.checkpoint, torch_dtype=torch.float32)
        if arguments.lora:
            lora.merge(pipeline.transformer, arguments.lora, arguments.scale)
        batches = [chosen[start : start + BATCH] for start in range(0, len(chosen), BATCH)]
        drawn = [draw(pipeline, batch, timesteps, guidance, defaults["num_frames"]) for batch in batches]
        videos = np.concatenate(drawn).astype(np.uint8)

    right = {"all": 0, "colour": 0, "shape": 0, "direction": 0}
    for (_, scene), video in zip(chosen, videos, strict=True):
        color, shape, move = seen(video.astype(float), scene.background)
        correct = {"colour": color == scene.color, "shape": shape == scene.shape, "direction": move == scene.move}
        correct["all"] = all(correct.values())
        for what, is_right in correct.items():
            right[what] += is_right
        print(f"{'right' if correct['all'] else 'WRONG'}  {scene.sentences()[0]}: {color}, {shape}, {move}", flush=True)
    print(
        f"{right['all']} of {len(chosen)} right with {len(timesteps)} steps at guidance {guidance:g}:"
        f" colour {right['colour']}, shape {right['shape']}, direction {right['direction']}"
    )
    if arguments.against:
        errors = (videos.astype(float) - np.load(arguments.against)) ** 2
        psnr = 10 * np.log10(255**2 / errors.mean(axis=(1, 2, 3, 4)))
        print(f"PSNR against {arguments.against}: {psnr.mean():.1f} dB, least {psnr.min():.1f}")
    if arguments.save:
        np.save(arguments.save, videos)
    sys.exit(min(right["colour"], right["direction"]) < len(chosen))


if __name__ == "__main__":
    main()
