"""Makes small CogVideoX Fun Control checkpoints of random weights, and writes what diffusers draws along a video with them.

    python make_control_reference.py REFERENCES OUT_FOLDER

needs torch 2.7.1, diffusers 0.39.0, transformers 4.57.1. REFERENCES holds the folders 2b, 5b and video, whose
source.safetensors is the control video. OUT_FOLDER gets

2b, 5b                  checkpoints with sin-cos and with rotary positions: a transformer of twice the channels, stored in fp16,
                        and links to the other parts of the kind
NAME.safetensors        the call in its metadata; the control video's latents, the noise, what the transformer is given first,
                        the latents after each step, and the frames, rounded to bytes
"""

import sys
from pathlib import Path

import torch
from diffusers import CogVideoXDDIMScheduler, CogVideoXFunControlPipeline, CogVideoXPipeline, CogVideoXTransformer3DModel
from make_odd_checkpoints import scatter
from PIL import Image
from safetensors.torch import load_file, save_file

PROMPT = "A red kite over the dunes"
NEGATIVE = "noise"
SEED = 7
KINDS = ("2b", "5b")
# name: kind, call
CALLS = {
    "2b-guided": ("2b", dict(height=32, width=48, num_inference_steps=6, guidance_scale=6.0, use_dynamic_cfg=False), 9),
    "5b-dynamic": ("5b", dict(height=80, width=48, num_inference_steps=5, guidance_scale=4.5, use_dynamic_cfg=True), 13),
    "5b-unguided": ("5b", dict(height=32, width=48, num_inference_steps=3, guidance_scale=1.0, use_dynamic_cfg=False), 5),
}


def make_checkpoint(reference, directory):
    plain = CogVideoXPipeline.from_pretrained(reference)
    config = dict(plain.transformer.config, in_channels=2 * plain.transformer.config.out_channels)
    pipeline = CogVideoXFunControlPipeline(
        tokenizer=plain.tokenizer,
        text_encoder=plain.text_encoder,
        vae=plain.vae,
        transformer=scatter(CogVideoXTransformer3DModel.from_config(config), 4),
        scheduler=CogVideoXDDIMScheduler.from_config(plain.scheduler.config),
    )
    directory.mkdir(parents=True, exist_ok=True)
    pipeline.save_config(directory)
    pipeline.scheduler.save_pretrained(directory / "scheduler")
    pipeline.transformer.to(torch.float16).save_pretrained(directory / "transformer")
    for part in ("tokenizer", "text_encoder", "vae"):
        link = directory / part
        link.unlink(missing_ok=True)
        link.symlink_to(Path("../..") / reference.name / part)


def draw(checkpoint, call, video):
    # Computed from what was stored: rounded to fp16 once, then fp32.
    pipeline = CogVideoXFunControlPipeline.from_pretrained(checkpoint, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    tensors = {"timesteps": []}
    prepare_latents, prepare_control = pipeline.prepare_latents, pipeline.prepare_control_latents

    def noise(*args, **kwargs):
        tensors["pipeline_noise.0"] = prepare_latents(*args, **kwargs)
        return tensors["pipeline_noise.0"]

    def control(*args, **kwargs):
        mask, latents = prepare_control(*args, **kwargs)
        tensors["control_latents"] = latents.transpose(1, 2)
        return mask, latents

    def first_input(module, args, kwargs):
        tensors.setdefault("transformer_input.0", kwargs["hidden_states"].clone())

    def after_step(pipe, step, timestep, state):
        tensors[f"latents.{step}"] = state["latents"].clone()
        tensors["timesteps"].append(float(timestep))
        return state

    pipeline.prepare_latents, pipeline.prepare_control_latents = noise, control
    pipeline.transformer.register_forward_pre_hook(first_input, with_kwargs=True)
    frames = pipeline(
        control_video=[Image.fromarray(frame) for frame in video],
        prompt=PROMPT,
        negative_prompt=NEGATIVE,
        generator=torch.Generator().manual_seed(SEED),
        output_type="pt",
        callback_on_step_end=after_step,
        **call,
    ).frames
    tensors["timesteps"] = torch.tensor(tensors["timesteps"])
    # [1, F, 3, H, W] in [0, 1] -> [F, H, W, 3]
    tensors["frames_rgb8"] = frames[0].permute(0, 2, 3, 1).mul(255).round().to(torch.uint8)
    metadata = {key: str(value).lower() for key, value in call.items()}
    metadata["steps"] = metadata.pop("num_inference_steps")
    metadata |= dict(prompt=PROMPT, negative_prompt=NEGATIVE, seed=str(SEED), num_frames=str(len(video)))
    return {name: tensor.contiguous() for name, tensor in tensors.items()}, metadata


def main():
    references, out = Path(sys.argv[1]), Path(sys.argv[2])
    source = load_file(references / "video" / "source.safetensors")["source_rgb8"].numpy()
    for kind in KINDS:
        make_checkpoint(references / kind, out / kind)
    for name, (kind, call, num_frames) in CALLS.items():
        tensors, metadata = draw(out / kind, call, source[:num_frames])
        save_file(tensors, out / f"{name}.safetensors", metadata=metadata)
        print(name, {key: tuple(tensor.shape) for key, tensor in tensors.items()}, float(tensors["frames_rgb8"].float().std()))


if __name__ == "__main__":
    main()
