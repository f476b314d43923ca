"""Writes what diffusers computes with its video autoencoder, as the test's reference.

Makes a small autoencoder unlike the 2b's (three resolutions, two frames a latent frame, quant convolutions, fp16
weights) and runs it and the 2b's over frame counts, chunks and tiles. Inputs are not stored: the test draws them with
the same seeds.

Usage: python make_vae_reference.py CHECKPOINT OUT_DIRECTORY
"""

import pathlib
import sys

import torch
from diffusers import AutoencoderKLCogVideoX
from safetensors.torch import save_file

checkpoint, out = sys.argv[1:]
out = pathlib.Path(out)


def draw(seed, *shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def pixels(*shape):
    return draw(1, 1, 3, *shape).clamp(-1, 1)


torch.manual_seed(0)
small = AutoencoderKLCogVideoX(
    out_channels=4,
    latent_channels=4,
    block_out_channels=(2, 4, 8),
    down_block_types=("CogVideoXDownBlock3D",) * 3,
    up_block_types=("CogVideoXUpBlock3D",) * 3,
    layers_per_block=2,
    norm_num_groups=2,
    norm_eps=1e-3,
    temporal_compression_ratio=2,
    sample_height=48,
    sample_width=40,
    use_quant_conv=True,
    use_post_quant_conv=True,
)
for parameter in small.parameters():
    parameter.data += 0.05 * torch.randn_like(parameter)  # norms of ones and zeros would hide what they do
small.half().save_pretrained(out / "vae")
small = AutoencoderKLCogVideoX.from_pretrained(out / "vae", torch_dtype=torch.float32).eval()
of_2b = AutoencoderKLCogVideoX.from_pretrained(checkpoint, subfolder="vae").eval()

tensors = {}
with torch.inference_mode():
    for name, vae, encoded, decoded in (
        ("small", small, (1, 2, 9, 13, 17, 24), range(1, 10)),
        ("2b", of_2b, (1, 6, 13, 17, 27), (1, 2, 3, 4)),
    ):
        side = 2 ** (len(vae.config.block_out_channels) - 1)
        for frames in encoded:
            tensors[f"{name}.encoded.{frames}"] = vae.encode(pixels(frames, 2 * side, 3 * side)).latent_dist.parameters
        for frames in decoded:
            tensors[f"{name}.decoded.{frames}"] = vae.decode(
                draw(2, 1, vae.config.latent_channels, frames, 1, 1 if vae is of_2b else 2)
            ).sample
    small.enable_tiling()
    tensors["small.encoded_tiled"] = small.encode(pixels(11, 44, 36)).latent_dist.parameters
    tensors["small.decoded_tiled"] = small.decode(draw(2, 1, 4, 3, 7, 5)).sample
    tensors["small.drawn"] = small.encode(pixels(9, 8, 12)).latent_dist.sample(torch.Generator().manual_seed(3))
save_file({name: t.contiguous() for name, t in tensors.items()}, out / "vae.safetensors")
