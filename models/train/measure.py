"""Checks a checkpoint by what its videos show: `measure.py CHECKPOINT`.

Generates scenes, seed = the scene's number, and looks for the blob: its colour must be the one that the sentence says,
and it must have moved the way the sentence says. The shape is not checked. Exits with 1 unless all are right.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from diffusers import CogVideoXPipeline

from clips import BACKGROUNDS, COLORS, MOVES, Scene, scenes

BLOB_DISTANCE = 60  # from the background's colour, of the 441 between black and white
LEAST_TRAVEL = 0.15  # of the frame's width
LEAST_AREA = 0.005  # of the frame


def blob(frame: np.ndarray, background: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Centre (x, y) in 0…1 and median colour of what is not background; None when nothing is there."""
    height, width, _ = frame.shape
    mask = np.linalg.norm(frame - np.array(BACKGROUNDS[background]), axis=-1) > BLOB_DISTANCE
    if mask.sum() < LEAST_AREA * mask.size:
        return None
    rows, columns = np.nonzero(mask)
    return np.array([columns.mean() / width, rows.mean() / height]), np.median(frame[mask], axis=0)


def seen(video: np.ndarray, background: str) -> tuple[str, str]:
    """The colour and the movement in a video [frames, height, width, 3] of 0…255, as the sentences name them."""
    blobs = [found for frame in video if (found := blob(frame, background)) is not None]
    if len(blobs) < len(video) / 2:
        return "nothing", "nowhere"
    color = np.median([color for _, color in blobs], axis=0)
    name = min(COLORS, key=lambda candidate: np.linalg.norm(color - np.array(COLORS[candidate])))
    travel = blobs[-1][0] - blobs[0][0]
    move = max(MOVES, key=lambda candidate: travel @ np.array(MOVES[candidate]))
    return name, move if abs(travel).max() > LEAST_TRAVEL else "nowhere"


def generate(pipeline: CogVideoXPipeline, scene: Scene, seed: int, steps: int, guidance: float, frames: int):
    """The scene's video: float [frames, height, width, 3] in 0…255."""
    output = pipeline(
        scene.sentences()[0],
        num_inference_steps=steps,
        guidance_scale=guidance,
        num_frames=frames,
        max_sequence_length=pipeline.transformer.config.max_text_seq_length,
        generator=torch.Generator().manual_seed(seed),
        output_type="np",
    )
    return output.frames[0] * 255


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--every", type=int, default=4, help="of the 144 scenes, every so many (default: %(default)s)")
    parser.add_argument("--limit", type=int, help="stop after so many scenes")
    parser.add_argument("--steps", type=int, help="default: the checkpoint's own")
    parser.add_argument("--guidance", type=float, help="default: the checkpoint's own")
    parser.add_argument("--threads", type=int, default=1, help="default: %(default)s")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    defaults = json.loads((arguments.checkpoint / "generation_config.json").read_text(encoding="utf-8"))
    steps = arguments.steps or defaults["num_inference_steps"]
    guidance = defaults["guidance_scale"] if arguments.guidance is None else arguments.guidance
    pipeline = CogVideoXPipeline.from_pretrained(arguments.checkpoint, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)

    right, chosen = 0, list(enumerate(scenes()))[:: arguments.every][: arguments.limit]
    for number, scene in chosen:
        video = generate(pipeline, scene, number, steps, guidance, defaults["num_frames"])
        color, move = seen(video, scene.background)
        correct = (color, move) == (scene.color, scene.move)
        right += correct
        print(f"{'right' if correct else 'WRONG'}  {scene.sentences()[0]}: {color}, {move}", flush=True)
    print(f"{right} of {len(chosen)} right with {steps} steps at guidance {guidance:g}")
    sys.exit(right < len(chosen))


if __name__ == "__main__":
    main()
