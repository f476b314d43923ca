"""Writes what diffusers computes in half precision, and in fp32 from the same draws and inputs, as the tests' reference.

    python make_half_reference.py CHECKPOINT PROMPT_SOURCE OUT_FOLDER

PROMPT_SOURCE is a golden.safetensors, whose prompts are used. For bf16 and fp16 each a file OUT_FOLDER/DTYPE.safetensors:

    KEY                   in half precision: prompt_embeds, negative_prompt_embeds, pipeline_noise.0, scheduler_noise.N,
                          noise_pred.N, latents.N, frames, and of the first transformer block block.{video,text,temb}
                          and what comes out, block.{video,text}.out
    KEY.fp32              of a run in fp32 throughout, with the same draws widened
    KEY.alone             in fp32 from the same inputs widened: what one part would give without rounding.
                          noise_pred.0, frames and block.{video,text}.out
"""

import sys
from pathlib import Path

import torch
from diffusers import CogVideoXPipeline
from diffusers.pipelines.cogvideo import pipeline_cogvideox
from diffusers.schedulers import scheduling_dpm_cogvideox
from safetensors import safe_open
from safetensors.torch import save_file

CALL = dict(height=32, width=48, num_frames=9, num_inference_steps=4, guidance_scale=6.0, seed=7)
draw = pipeline_cogvideox.randn_tensor


def widen(value):
    if isinstance(value, torch.Tensor):
        return value.float() if value.is_floating_point() else value
    if isinstance(value, (tuple, list)):
        return tuple(widen(part) for part in value)
    return {key: widen(part) for key, part in value.items()} if isinstance(value, dict) else value


def run(pipeline, prompts, dynamic, draws=None):
    """All tensors of a call; draws replace the random numbers."""
    tensors, rest = {}, list(draws or [])
    made = {"pipeline_noise": 0, "scheduler_noise": 0}

    def drawing(kind):
        def randn(shape, generator=None, device=None, dtype=None, layout=None):
            noise = rest.pop(0).float() if draws else draw(shape, generator=generator, device=device, dtype=dtype)
            tensors[f"{kind}.{made[kind]}"] = noise
            made[kind] += 1
            return noise.clone()

        return randn

    pipeline_cogvideox.randn_tensor = drawing("pipeline_noise")
    scheduling_dpm_cogvideox.randn_tensor = drawing("scheduler_noise")
    calls = {}

    def remember(name):
        def hook(module, arguments, keywords, output):
            calls.setdefault(name, []).append((arguments, {k: v for k, v in keywords.items()}, output))

        return hook

    transformer = pipeline.transformer
    hooks = [
        transformer.register_forward_hook(remember("transformer"), with_kwargs=True),
        transformer.transformer_blocks[0].register_forward_hook(remember("block"), with_kwargs=True),
    ]

    def step_end(_, step, timestep, values):
        tensors[f"latents.{step}"] = values["latents"].clone()
        return values

    prompt, negative = prompts
    embeds = pipeline.encode_prompt(prompt, negative, True, max_sequence_length=226)
    tensors["prompt_embeds"], tensors["negative_prompt_embeds"] = embeds
    call = dict(CALL)
    # In fp32 the generator is not used, but the scheduler asks for one.
    generator = torch.Generator().manual_seed(call.pop("seed"))
    tensors["frames"] = pipeline(
        prompt=prompt,
        negative_prompt=negative,
        use_dynamic_cfg=dynamic,
        generator=generator,
        output_type="pt",
        callback_on_step_end=step_end,
        callback_on_step_end_tensor_inputs=["latents"],
        **call,
    ).frames
    for hook in hooks:
        hook.remove()
    for step, (_, _, output) in enumerate(calls["transformer"]):
        tensors[f"noise_pred.{step}"] = output[0]
    return tensors, calls


def reference(checkpoint, prompts, dynamic, dtype):
    half, wide = (CogVideoXPipeline.from_pretrained(checkpoint, torch_dtype=type_) for type_ in (dtype, torch.float32))
    for pipeline in (half, wide):
        pipeline.set_progress_bar_config(disable=True)
    wo = half.text_encoder.encoder.block[0].layer[1].DenseReluDense.wo.weight.dtype
    assert wo == (torch.float32 if dtype == torch.float16 else dtype), wo

    tensors, calls = run(half, prompts, dynamic)
    draws = [tensors["pipeline_noise.0"]]
    draws += [tensors[f"scheduler_noise.{n}"] for n in range(sum("scheduler_noise" in key for key in tensors))]
    exact, _ = run(wide, prompts, dynamic, draws)

    arguments, keywords, _ = calls["transformer"][0]
    tensors["noise_pred.0.alone"] = wide.transformer(*widen(arguments), **widen(keywords))[0]
    decoded = wide.decode_latents(tensors[f"latents.{CALL['num_inference_steps'] - 1}"].float())
    tensors["frames.alone"] = wide.video_processor.postprocess_video(video=decoded, output_type="pt")
    arguments, keywords, output = calls["block"][0]
    assert not arguments
    for key, name in {"hidden_states": "video", "encoder_hidden_states": "text", "temb": "temb"}.items():
        tensors[f"block.{name}"] = keywords[key]
    alone = wide.transformer.transformer_blocks[0](**widen(keywords))
    for name, rounded, unrounded in zip(("video", "text"), output, alone):
        tensors[f"block.{name}.out"] = rounded
        tensors[f"block.{name}.out.alone"] = unrounded

    for key, value in exact.items():
        if "_noise." not in key:
            tensors[key + ".fp32"] = value
    return {key: value.detach().clone().contiguous() for key, value in tensors.items()}


if __name__ == "__main__":
    checkpoint, source, out = sys.argv[1:]
    with safe_open(source, "pt") as golden:
        metadata = golden.metadata()
    prompts = metadata["prompt"], metadata["negative_prompt"]
    dynamic = metadata["use_dynamic_cfg"] == "true"
    call = {key: str(value) for key, value in CALL.items()}
    call["steps"] = call.pop("num_inference_steps")
    call |= dict(prompt=prompts[0], negative_prompt=prompts[1], use_dynamic_cfg=str(dynamic).lower())
    for name, dtype in {"bf16": torch.bfloat16, "fp16": torch.float16}.items():
        with torch.no_grad():
            tensors = reference(checkpoint, prompts, dynamic, dtype)
        save_file(tensors, Path(out, name + ".safetensors"), metadata=call)
        for key, value in sorted(tensors.items()):
            rounded = tensors.get(key.rsplit(".", 1)[0])
            if key.endswith((".fp32", ".alone")):
                error = (rounded.float() - value).norm() / value.norm()
                print(f"{name} {key}: diffusers' own error {error:.1e}")
