"""Makes small CogVideoX checkpoints whose every size differs from the other references, and what diffusers computes.

    python make_odd_checkpoints.py TOKENIZER_DIR OUT_DIR

needs torch 2.7.1, diffusers 0.39.0, transformers 4.57.1. Each OUT_DIR/<name> is a checkpoint in the diffusers layout with
a golden.safetensors beside it; the tokenizer is left out, since all of them use TOKENIZER_DIR. Weights are random and
stored in half precision; everything is computed in fp32.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from diffusers import (
    AutoencoderKLCogVideoX,
    CogVideoXDDIMScheduler,
    CogVideoXDPMScheduler,
    CogVideoXImageToVideoPipeline,
    CogVideoXPipeline,
    CogVideoXTransformer3DModel,
)
from PIL import Image
from safetensors.torch import save_file
from transformers import T5Config, T5EncoderModel, T5Tokenizer

PROMPT = "A blue square, moving up: 2 × 3"
NEGATIVE = "noise"

KINDS = {
    # rotary positions on a grid that is cropped to another shape, sharded, fp16
    "odd-5b": dict(
        dtype=torch.float16,
        shard="250KB",
        text=dict(d_model=40, d_kv=7, d_ff=56, num_layers=3, num_heads=5),
        transformer=dict(
            num_attention_heads=3, attention_head_dim=32, in_channels=6, out_channels=6, time_embed_dim=48,
            text_embed_dim=40, num_layers=3, sample_width=14, sample_height=10, sample_frames=9,
            max_text_seq_length=226, use_rotary_positional_embeddings=True,
        ),
        vae=dict(
            block_out_channels=(6, 12, 12, 24), latent_channels=6, layers_per_block=2, norm_num_groups=3,
            sample_height=80, sample_width=112, scaling_factor=0.7,
        ),
        scheduler=CogVideoXDPMScheduler(prediction_type="v_prediction", timestep_spacing="trailing",
                                        rescale_betas_zero_snr=True, snr_shift_scale=1.0),
        call=dict(height=96, width=64, num_frames=9, num_inference_steps=5, guidance_scale=4.5, use_dynamic_cfg=True),
    ),
    # patches of two frames, ofs, an even number of latent frames, an image to be resized, bf16
    "odd-1.5-i2v": dict(
        dtype=torch.bfloat16,
        shard="10GB",
        text=dict(d_model=24, d_kv=8, d_ff=40, num_layers=1, num_heads=2),
        transformer=dict(
            num_attention_heads=5, attention_head_dim=16, in_channels=8, out_channels=4, time_embed_dim=24,
            ofs_embed_dim=24, text_embed_dim=24, num_layers=1, sample_width=24, sample_height=24, sample_frames=9,
            patch_size_t=2, patch_bias=False, max_text_seq_length=226, use_rotary_positional_embeddings=True,
        ),
        vae=dict(
            block_out_channels=(8, 8, 12, 12), latent_channels=4, layers_per_block=1, norm_num_groups=4,
            sample_height=64, sample_width=96, scaling_factor=0.9, invert_scale_latents=True,
        ),
        scheduler=CogVideoXDPMScheduler(prediction_type="v_prediction", timestep_spacing="trailing",
                                        rescale_betas_zero_snr=True, snr_shift_scale=1.0),
        call=dict(height=48, width=80, num_frames=13, num_inference_steps=4, guidance_scale=6.0, use_dynamic_cfg=True),
        image=(61, 47),
    ),
    # learned positions with another number of frames than they are of, no guidance, fp16 and shards
    "odd-i2v": dict(
        dtype=torch.float16,
        shard="250KB",
        text=dict(d_model=16, d_kv=6, d_ff=24, num_layers=2, num_heads=3),
        transformer=dict(
            num_attention_heads=2, attention_head_dim=48, in_channels=10, out_channels=5, time_embed_dim=20,
            text_embed_dim=16, num_layers=5, sample_width=8, sample_height=6, sample_frames=17,
            max_text_seq_length=226, use_rotary_positional_embeddings=True, use_learned_positional_embeddings=True,
        ),
        vae=dict(
            block_out_channels=(4, 8, 8, 8), latent_channels=5, layers_per_block=1, norm_num_groups=2,
            sample_height=48, sample_width=64, scaling_factor=1.3,
        ),
        scheduler=CogVideoXDDIMScheduler(prediction_type="v_prediction", timestep_spacing="trailing",
                                         rescale_betas_zero_snr=True, snr_shift_scale=2.0),
        call=dict(height=48, width=64, num_frames=9, num_inference_steps=7, guidance_scale=1.0),
        image=(64, 48),
    ),
    # three resolutions, two frames a latent frame, quant convolutions, other conventions of time and schedule, bf16
    "odd-2b": dict(
        dtype=torch.bfloat16,
        shard="10GB",
        text=dict(d_model=20, d_kv=4, d_ff=32, num_layers=2, num_heads=3),
        transformer=dict(
            num_attention_heads=3, attention_head_dim=16, in_channels=3, out_channels=3, time_embed_dim=40,
            text_embed_dim=20, num_layers=4, sample_width=20, sample_height=12, sample_frames=5,
            max_text_seq_length=33, temporal_compression_ratio=2, flip_sin_to_cos=False, freq_shift=1,
            norm_eps=1e-4, spatial_interpolation_scale=1.5, temporal_interpolation_scale=2.0, attention_bias=False,
        ),
        vae=dict(
            block_out_channels=(6, 10, 12), latent_channels=3, layers_per_block=3, norm_num_groups=2,
            down_block_types=("CogVideoXDownBlock3D",) * 3, up_block_types=("CogVideoXUpBlock3D",) * 3,
            temporal_compression_ratio=2, sample_height=48, sample_width=80, scaling_factor=1.1,
            use_quant_conv=True, use_post_quant_conv=True,  # the reference makes them for as many latents as colours
        ),
        scheduler=CogVideoXDDIMScheduler(prediction_type="sample", timestep_spacing="linspace",
                                         beta_schedule="linear", rescale_betas_zero_snr=False, snr_shift_scale=1.5),
        call=dict(height=40, width=56, num_frames=5, num_inference_steps=3, guidance_scale=3.0),
    ),
}


def scatter(module, seed):
    """Random weights of a size that keeps activations near one, so that differences show."""
    generator = torch.Generator().manual_seed(seed)
    for name, weight in module.named_parameters():
        with torch.no_grad():
            noise = torch.randn(weight.shape, generator=generator)
            if weight.ndim > 1:
                weight.copy_(noise / weight[0].numel() ** 0.5)
            else:
                weight.copy_(0.1 * noise + (1 if name.endswith("weight") else 0))
    for name, buffer in module.named_buffers():
        if name.endswith("pos_embedding"):
            buffer.copy_(0.3 * torch.randn(buffer.shape, generator=generator))
    return module.eval()


def make(name, kind, tokenizer_dir, out):
    directory = out / name
    tokenizer = T5Tokenizer.from_pretrained(tokenizer_dir)
    text = scatter(T5EncoderModel(T5Config(vocab_size=1100, feed_forward_proj="gated-gelu", **kind["text"])), 1)
    transformer = scatter(CogVideoXTransformer3DModel(**kind["transformer"]), 2)
    vae = scatter(AutoencoderKLCogVideoX(**kind["vae"]), 3)
    pipeline_class = CogVideoXImageToVideoPipeline if "image" in kind else CogVideoXPipeline
    pipeline = pipeline_class(tokenizer, text, vae, transformer, kind["scheduler"])
    pipeline.to(kind["dtype"])
    pipeline.save_pretrained(directory, max_shard_size=kind["shard"])
    for file in (directory / "tokenizer").iterdir():
        file.unlink()
    (directory / "tokenizer").rmdir()
    # Computed from what was stored: rounded to half precision once, then fp32.
    pipeline.to(torch.float32)
    tensors, call = {}, dict(kind["call"])

    def hook(module, args, kwargs, output):
        tensors.setdefault("noise_pred.0", output[0].clone())

    pipeline.transformer.register_forward_hook(hook, with_kwargs=True)

    def after_step(pipe, step, timestep, state):
        tensors[f"latents.{step}"] = state["latents"].clone()
        return state

    if "image" in kind:
        width, height = kind["image"]
        rgb = np.random.default_rng(5).integers(0, 256, (height, width, 3), dtype=np.uint8)
        tensors["image_rgb8"] = torch.from_numpy(rgb)
        call["image"] = Image.fromarray(rgb)
    video = pipeline(
        prompt=PROMPT, negative_prompt=NEGATIVE, generator=torch.Generator().manual_seed(7), output_type="pt",
        max_sequence_length=kind["transformer"]["max_text_seq_length"], callback_on_step_end=after_step, **call,
    ).frames
    tensors["frames"] = video
    metadata = {k: str(v).lower() for k, v in kind["call"].items()}
    metadata["steps"] = metadata.pop("num_inference_steps")
    metadata.setdefault("use_dynamic_cfg", "false")
    metadata |= dict(prompt=PROMPT, negative_prompt=NEGATIVE, seed="7")
    save_file({k: v.contiguous() for k, v in tensors.items()}, directory / "golden.safetensors", metadata=metadata)
    print(name, {k: tuple(v.shape) for k, v in tensors.items()}, float(video.std()))


if __name__ == "__main__":
    for name, kind in KINDS.items():
        make(name, kind, Path(sys.argv[1]), Path(sys.argv[2]))
