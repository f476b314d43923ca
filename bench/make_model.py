#!/usr/bin/env python3
"""Writes a CogVideoX checkpoint with random weights, in the layout of diffusers. It is for timing: it draws nothing.

  small  8 heads of 64, 6 layers; T5 of 6 layers, 512 wide; VAE (32, 64, 64, 128)                   85 M parameters
  half   16 heads of 64, 12 layers; T5 of 12 layers, 1024 wide; CogVideoX's own VAE                 0.6 B
  2b     CogVideoX-2b: 30 heads of 64, 30 layers; T5 of 24 layers, 4096 wide; the same VAE          6.7 B

Needs torch, diffusers, transformers and sentencepiece, as ./compare installs them.
"""

import argparse
import pathlib

import torch
from diffusers import (
    AutoencoderKLCogVideoX,
    CogVideoXDDIMScheduler,
    CogVideoXPipeline,
    CogVideoXTransformer3DModel,
)
from transformers import T5Config, T5EncoderModel, T5Tokenizer

# Any T5 vocabulary that fits into T5's own: texts are padded to the limit, so that it does not change a timing.
TOKENIZER = pathlib.Path(__file__).resolve().parent.parent / "models/cogvideox-tiny/tokenizer"

FULL_VAE = (128, 256, 256, 512)
SIZES = {
    "small": {
        "transformer": {"num_attention_heads": 8, "num_layers": 6, "sample_height": 30, "sample_width": 44},
        "text_encoder": {"d_model": 512, "d_ff": 1024, "num_layers": 6, "num_heads": 8},
        "vae": (32, 64, 64, 128),
    },
    "half": {
        "transformer": {"num_attention_heads": 16, "num_layers": 12, "sample_height": 60, "sample_width": 90},
        "text_encoder": {"d_model": 1024, "d_ff": 2816, "num_layers": 12, "num_heads": 16},
        "vae": FULL_VAE,
    },
    "2b": {
        "transformer": {"num_attention_heads": 30, "num_layers": 30, "sample_height": 60, "sample_width": 90},
        "text_encoder": {"d_model": 4096, "d_ff": 10240, "num_layers": 24, "num_heads": 64},
        "vae": FULL_VAE,
    },
}
DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


def build(size, dtype):
    """A pipeline of one of SIZES, its weights in one of DTYPES; the same on every call."""
    shape = SIZES[size]
    torch.manual_seed(0)
    torch.set_default_dtype(DTYPES[dtype])
    try:
        text_encoder = T5EncoderModel(
            T5Config(
                vocab_size=32128, d_kv=64, feed_forward_proj="gated-gelu", tie_word_embeddings=False, **shape["text_encoder"]
            )
        )
        transformer = CogVideoXTransformer3DModel(
            attention_head_dim=64,
            text_embed_dim=shape["text_encoder"]["d_model"],
            sample_frames=49,
            **shape["transformer"],
        )
        vae = AutoencoderKLCogVideoX(
            block_out_channels=shape["vae"],
            down_block_types=("CogVideoXDownBlock3D",) * 4,
            up_block_types=("CogVideoXUpBlock3D",) * 4,
            sample_height=8 * shape["transformer"]["sample_height"],
            sample_width=8 * shape["transformer"]["sample_width"],
        )
    finally:
        torch.set_default_dtype(torch.float32)
    scheduler = CogVideoXDDIMScheduler(
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        snr_shift_scale=3.0,
        clip_sample=False,
        timestep_spacing="trailing",
    )
    tokenizer = T5Tokenizer.from_pretrained(TOKENIZER)
    return CogVideoXPipeline(
        tokenizer=tokenizer, text_encoder=text_encoder, vae=vae, transformer=transformer, scheduler=scheduler
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path, help="directory to write")
    parser.add_argument("--size", default="small", choices=SIZES)
    parser.add_argument("--dtype", default="fp32", choices=DTYPES, help="what weights are stored as")
    arguments = parser.parse_args()
    pipeline = build(arguments.size, arguments.dtype)
    pipeline.save_pretrained(arguments.out)
    for name in ("text_encoder", "transformer", "vae"):
        count = sum(parameter.numel() for parameter in getattr(pipeline, name).parameters())
        print(f"{name}: {count / 1e6:.1f} M parameters")


if __name__ == "__main__":
    main()
