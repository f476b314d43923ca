"""Writes what diffusers computes for one transformer block, as the test's reference.

Usage: python make_block_reference.py CHECKPOINT OUT.safetensors
"""

import sys

import torch
from diffusers import CogVideoXTransformer3DModel
from safetensors.torch import save_file

TEXT_TOKENS, VIDEO_TOKENS = 7, 12

checkpoint, out = sys.argv[1:]
transformer = CogVideoXTransformer3DModel.from_pretrained(checkpoint, subfolder="transformer")
width = transformer.config.num_attention_heads * transformer.config.attention_head_dim
draw = torch.Generator().manual_seed(0)
tensors = {
    "hidden_states": torch.randn(2, VIDEO_TOKENS, width, generator=draw),
    "encoder_hidden_states": torch.randn(2, TEXT_TOKENS, width, generator=draw),
    "temb": torch.randn(2, transformer.config.time_embed_dim, generator=draw),
}
with torch.inference_mode():
    video, text = transformer.transformer_blocks[0](**tensors)
tensors |= {"hidden_states.out": video, "encoder_hidden_states.out": text}
save_file({name: t.contiguous() for name, t in tensors.items()}, out)
