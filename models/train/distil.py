"""Distils a checkpoint's guided steps into a LoRA that draws in four without guidance: `distil.py CHECKPOINT OUT.safetensors`.

Beside OUT it writes OUT's recipe, with which timesteps and guidance to draw with it. The teacher draws each scene several
times, by the checkpoint's own steps and guidance. The student starts from the same noise, takes its four steps, and is to be
where the teacher is after each of them: the loss goes back through all four.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from diffusers import CogVideoXPipeline

import ddim
import lora
import training
from clips import scenes

# Those of the teacher where four straight steps miss its path least, of all four that start at 999 (see README.md).
TIMESTEPS = [999, 839, 599, 199]
RANK = 8
BATCH = 8
TEACHER_BATCH = 36


@torch.no_grad()
def teach(
    pipeline: CogVideoXPipeline, texts: torch.Tensor, empty: torch.Tensor, guidance: float, steps: int, each: int
) -> dict[str, torch.Tensor]:
    """Draws every scene several times, each in a wording by chance.

    Gives the scenes' numbers, those of the wordings and, in fp16, the noise with the latents after each step:
    [videos, steps + 1, frames, channels, height, width].
    """
    config = pipeline.transformer.config
    frames = (config.sample_frames - 1) // config.temporal_compression_ratio + 1
    numbers = torch.arange(len(texts)).repeat(each)
    wordings = torch.randint(texts.shape[1], numbers.shape)
    states = []
    for batch in torch.arange(len(numbers)).split(TEACHER_BATCH):
        noise = torch.randn(len(batch), frames, config.in_channels, config.sample_height, config.sample_width)
        text = texts[numbers[batch], wordings[batch]]
        drawn = ddim.steps(
            pipeline.transformer, pipeline.scheduler.alphas_cumprod, noise, ddim.trailing(steps), text, empty, guidance
        )
        states.append(torch.stack([noise, *drawn], 1).half())
        print(f"teacher: {batch[-1] + 1} of {len(numbers)} videos", flush=True)
    return {"numbers": numbers, "wordings": wordings, "states": torch.cat(states)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path, help="file for the LoRA, ending in .safetensors")
    parser.add_argument("--each", type=int, default=2, help="the teacher's videos of each scene (default: %(default)s)")
    parser.add_argument(
        "--teacher", type=Path, default=Path("teacher.pt"), help="file that keeps them, 0.3 MB each (default: %(default)s)"
    )
    parser.add_argument("--start-from", type=Path, metavar="LORA", help="go on from this one, which distil.py wrote")
    training.add_arguments(parser, minutes=6, seed=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    defaults = json.loads((arguments.checkpoint / "generation_config.json").read_text(encoding="utf-8"))
    pipeline = CogVideoXPipeline.from_pretrained(arguments.checkpoint, torch_dtype=torch.float32)
    texts = torch.stack([ddim.encode(pipeline, scene.sentences()) for scene in scenes()])  # [scenes, wordings, tokens, width]
    empty = ddim.encode(pipeline, [""])
    steps = defaults["num_inference_steps"]
    if not arguments.teacher.exists():
        taught = teach(pipeline, texts, empty, defaults["guidance_scale"], steps, arguments.each)
        torch.save(taught, arguments.teacher)
    taught = torch.load(arguments.teacher)
    # Where the teacher is when the student arrives: its timesteps are some of the teacher's.
    stations = [ddim.trailing(steps).index(timestep) for timestep in TIMESTEPS] + [steps]

    adapters = lora.attach(pipeline.transformer, RANK)
    if arguments.start_from:
        lora.load(adapters, arguments.start_from)
    parameters = [parameter for adapter in adapters.values() for parameter in adapter.parameters()]
    optimizer = torch.optim.AdamW(parameters, betas=(0.9, 0.99), weight_decay=0.0)
    average = training.WeightAverage(parameters)
    for step, done in training.progress(arguments):
        chosen = torch.randint(len(taught["numbers"]), (BATCH,))
        noise, *targets = taught["states"][chosen][:, stations].float().unbind(1)
        text = texts[taught["numbers"][chosen], taught["wordings"][chosen]]
        drawn = ddim.steps(pipeline.transformer, pipeline.scheduler.alphas_cumprod, noise, TIMESTEPS, text, empty, 1)
        loss = sum((is_ - should).pow(2).mean() for is_, should in zip(drawn, targets, strict=True))
        training.update(optimizer, loss, training.learning_rate(step, done, warmup=20, decay_from=0.5, floor=0.03))
        average.add(step)
        training.report(step, done, loss, every=10)

    average.apply()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    lora.save(adapters, arguments.out)
    recipe = {"timesteps": TIMESTEPS, "guidance_scale": 1.0, "scale": 1.0}
    arguments.out.with_suffix(".json").write_text(json.dumps(recipe) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
